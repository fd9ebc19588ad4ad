#!/usr/bin/env bash
# Prints the path of promtool, which checks alerts and queries: built from the pinned Go module in tools/prometheus/, once per version,
# outside the clone. PROMTOOL names one that is there already. Safe to run side by side: the finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/prometheus"

if [ -n "${PROMTOOL:-}" ]; then echo "$PROMTOOL"; exit; fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/prometheus-$(cat go.mod go.sum ../prometheus.sh | sha256sum | cut -c1-16)
if [ ! -x "$folder/promtool" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go $(sed -nE 's/^go (.*)$/\1/p' go.mod) or newer" >&2; exit 69; }
  echo "Building promtool into $folder (four minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.prometheus-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # Without service discovery, which the SDKs of all clouds come with and no test uses.
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -tags remove_all_sd -ldflags "-s -w" -o "$work/bin/" \
    github.com/prometheus/prometheus/cmd/promtool
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/promtool" ]
fi
echo "$folder/promtool"
