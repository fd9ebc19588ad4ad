// Pause holds a pod's namespaces open until it is told to end. Kubernetes' own image of it cannot be pulled by a test.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	<-ended
}
