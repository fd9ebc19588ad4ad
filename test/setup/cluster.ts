const needed = ["KUBECONFIG", "REGISTRAR_IMAGE", "REGISTRAR_TEST_ADDRESS"];

/** Refuses to touch a cluster that nobody has named for it. */
export function setup(): void {
  if (needed.some((variable) => process.env[variable] === undefined))
    throw new Error("test/cluster needs a cluster: run 'make test-cluster', or 'make test ARGS=test/cluster'");
}
