#!/usr/bin/env bash
# Builds Helm 3 or 4 (the first argument says which) from its pinned Go module, once per version, outside the clone, and prints its
# path. HELM3 and HELM4 name one that is there already. Safe to run side by side.
set -euo pipefail

case ${1:-} in
  3) version=v3.22.0 given=${HELM3:-} ;;
  4) version=v4.3.1 given=${HELM4:-} ;;
  *) echo "usage: tools/helm.sh 3|4" >&2; exit 2 ;;
esac
if [ -n "$given" ]; then echo "$given"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/helm-$version
if [ ! -x "$folder/helm" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name a Helm in HELM$1" >&2; exit 69; }
  echo "Building Helm $version into $folder (two minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.helm-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # The module's checksum stands in the public log of checksums, which go install asks.
  CGO_ENABLED=0 GOBIN=$work/bin go install -trimpath -ldflags "-s -w" "helm.sh/helm/v$1/cmd/helm@$version"
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/helm" ]
fi
echo "$folder/helm"
