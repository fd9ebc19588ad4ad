#!/usr/bin/env bash
# Builds actionlint from its pinned Go module, once per version, outside the clone, and prints its path. ACTIONLINT names one that is
# there already. Safe to run side by side: the finished program is renamed into place.
set -euo pipefail

version=v1.7.12
if [ -n "${ACTIONLINT:-}" ]; then echo "$ACTIONLINT"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/actionlint-$version
if [ ! -x "$folder/actionlint" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name an actionlint in ACTIONLINT" >&2; exit 69; }
  echo "Building actionlint $version into $folder (half a minute on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.actionlint-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # The module's checksum stands in the public log of checksums, which go install asks.
  CGO_ENABLED=0 GOBIN=$work/bin go install -trimpath -ldflags "-s -w" "github.com/rhysd/actionlint/cmd/actionlint@$version"
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/actionlint" ]
fi
echo "$folder/actionlint"
