#!/usr/bin/env bash
# Builds buildkitd, its client buildctl and the frontend that reads Dockerfiles from their pinned Go module, once per version, outside
# the clone, and prints the path of buildkitd; the others are next to it. BUILDKITD names one that is there already, with the others
# next to it. Safe to run side by side: each finished program is renamed into place.
set -euo pipefail

# The first argument is another version, for testing/buildkit/record.ts.
version=${1:-v0.34.2}
if [ $# = 0 ] && [ -n "${BUILDKITD:-}" ]; then echo "$BUILDKITD"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/buildkit-$version
missing=()
for package in cmd/buildkitd cmd/buildctl frontend/dockerfile/cmd/dockerfile-frontend; do
  [ -x "$folder/${package##*/}" ] || missing+=("./$package")
done
if [ ${#missing[@]} != 0 ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name a buildkitd in BUILDKITD" >&2; exit 69; }
  echo "Building ${missing[*]##*/} $version into $folder (five minutes on two cores, once)" >&2
  mkdir -p "$folder"
  work=$(mktemp -d "$cache/.buildkit-XXXXXX")
  trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
  # The module excludes versions of its dependencies, which go install refuses: it is built in a copy of itself. Its checksum
  # stands in the public log of checksums, and its go.sum has those of its dependencies.
  module=$(go mod download -json "github.com/moby/buildkit@$version" | sed -nE 's/^\s*"Dir": "(.*)",?$/\1/p')
  cp -rT "$module" "$work/source"
  chmod -R u+w "$work/source"
  # Without containerd's worker: the tests run the one that starts runc itself.
  (cd "$work/source" && CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -tags no_containerd_worker \
    -ldflags "-s -w -X github.com/moby/buildkit/version.Version=$version" -o "$work/bin/" "${missing[@]}")
  mv "$work"/bin/* "$folder/"
fi
echo "$folder/buildkitd"
