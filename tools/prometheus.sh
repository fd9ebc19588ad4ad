#!/usr/bin/env bash
# Prints a folder with promtool, built from the pinned Go module in tools/prometheus/, and in python/ the OpenMetrics parser that
# python/openmetrics.lock pins by hash: once per version, outside the clone. PROMETHEUS_TOOLS names a folder that has them already. Safe
# to run side by side: the finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/prometheus"

given=${PROMETHEUS_TOOLS:-}
for file in promtool python; do [ -e "$given/$file" ] || given=; done
if [ -n "$given" ]; then echo "$given"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
lock=../../python/openmetrics.lock
folder=$cache/prometheus-$(cat go.mod go.sum ../prometheus.sh $lock | sha256sum | cut -c1-16)
if [ ! -x "$folder/promtool" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go $(sed -nE 's/^go (.*)$/\1/p' go.mod) or newer" >&2; exit 69; }
  uv=$(../uv.sh)
  echo "Building promtool into $folder (two minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.prometheus-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  "$uv" pip install --quiet --require-hashes --target "$work/bin/python" -r $lock >&2
  # Without service discovery, which the SDKs of all clouds come with and no test uses.
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -tags remove_all_sd -ldflags "-s -w" -o "$work/bin/" \
    github.com/prometheus/prometheus/cmd/promtool
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/promtool" ]
fi
echo "$folder"
