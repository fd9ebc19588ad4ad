#!/usr/bin/env bash
# Prints a folder with kubeconform, built from its pinned Go module; schemas/, Kubernetes' own of every minor version from the
# chart's oldest on; and python/ with the linters that ct runs. Made once per version, outside the clone. Safe to run side by side: the
# finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/manifest-checks"

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/manifest-checks-$(cat go.mod go.sum python.lock reduce-schemas.py ../manifest-checks.sh | sha256sum | cut -c1-16)
if [ ! -x "$folder/kubeconform" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go $(sed -nE 's/^go (.*)$/\1/p' go.mod) or newer" >&2; exit 69; }
  echo "Building kubeconform and unpacking the schemas of Kubernetes into $folder (half a minute, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.manifest-checks-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -ldflags "-s -w" -o "$work/done/" github.com/yannh/kubeconform/cmd/kubeconform
  # It sees to it that there is a pip.
  ../uv.sh >/dev/null
  pip=(python3 -m pip --quiet --disable-pip-version-check)
  "${pip[@]}" download --require-hashes --only-binary :all: --no-deps --dest "$work/wheels" -r python.lock >&2
  oldest=$(sed -nE 's/^kubeVersion: ">=1\.([0-9]+)\..*/\1/p' ../../chart/Chart.yaml)
  python3 reduce-schemas.py "$work"/wheels/kubernetes_validate-*.whl "$oldest" "$work/done/schemas"
  "${pip[@]}" install --root-user-action=ignore --no-deps --no-index --target "$work/done/python" \
    "$work"/wheels/{yamale,yamllint,pathspec,pyyaml}-*.whl >&2
  mv -T "$work/done" "$folder" 2>/dev/null || [ -x "$folder/kubeconform" ]
fi
echo "$folder"
