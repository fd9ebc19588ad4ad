#!/usr/bin/env bash
# Builds buildkitd from its pinned Go module, once per version, outside the clone, and prints its path. BUILDKITD names one that
# is there already. Safe to run side by side.
set -euo pipefail

# The first argument is another version, for testing/buildkit/record.ts.
version=${1:-v0.34.2}
if [ $# = 0 ] && [ -n "${BUILDKITD:-}" ]; then echo "$BUILDKITD"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/buildkit-$version
if [ ! -x "$folder/buildkitd" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name a buildkitd in BUILDKITD" >&2; exit 69; }
  echo "Building buildkitd $version into $folder (four minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.buildkit-XXXXXX")
  trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
  # The module excludes versions of its dependencies, which go install refuses: it is built in a copy of itself. Its checksum
  # stands in the public log of checksums, and its go.sum has those of its dependencies.
  module=$(go mod download -json "github.com/moby/buildkit@$version" | sed -nE 's/^\s*"Dir": "(.*)",?$/\1/p')
  cp -rT "$module" "$work/source"
  chmod -R u+w "$work/source"
  # Without containerd's worker: the tests run the one that starts runc itself.
  (cd "$work/source" && CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -tags no_containerd_worker \
    -ldflags "-s -w -X github.com/moby/buildkit/version.Version=$version" -o "$work/bin/buildkitd" ./cmd/buildkitd)
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/buildkitd" ]
fi
echo "$folder/buildkitd"
