#!/usr/bin/env bash
# Prints a folder with the programs of a Kubernetes and the image of its pods' first container, pause.tar: KUBEBUILDER_ASSETS
# where that has all of them, else one binary built from the pinned Go modules in tools/kubernetes/, once per version,
# outside the clone. Safe to run side by side: the finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/kubernetes"

programs=(etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)
given=${KUBEBUILDER_ASSETS:-}
for file in "${programs[@]}" pause.tar; do [ -e "$given/$file" ] || given=; done
if [ -n "$given" ]; then echo "$given"; exit; fi

version=$(sed -nE 's/^require k8s.io\/kubernetes v(.*)$/\1/p' go.mod)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/kubernetes-$version-$(cat go.mod go.sum main.go pause/main.go ../kubernetes.sh | sha256sum | cut -c1-16)

if [ ! -x "$folder/kube" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go $(sed -nE 's/^go (.*)$/\1/p' go.mod) or newer" >&2; exit 69; }
  echo "Building Kubernetes $version into $folder (six minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.kubernetes-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # Without these a server takes itself for v0.0.0, and clients refuse it.
  IFS=. read -r major minor _ <<<"$version"
  flags="-s -w"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=$major -X $package.gitMinor=$minor"
    flags+=" -X $package.gitCommit=unknown -X $package.gitTreeState=clean -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly
  go build -trimpath -ldflags "$flags" -o "$work/bin/kube" .
  go build -trimpath -ldflags "-s -w" -o "$work/pause" ./pause
  for program in "${programs[@]}"; do ln -s kube "$work/bin/$program"; done

  tar --sort=name --mtime=@0 --owner=0 --group=0 -C "$work" -cf "$work/layer.tar" pause
  layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(go env GOARCH)" "$layer" >"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["localhost/pause:3.10"],"Layers":["layer.tar"]}]' >"$work/manifest.json"
  tar -C "$work" -cf "$work/bin/pause.tar" manifest.json config.json layer.tar
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/kube" ]
fi
echo "$folder"
