#!/usr/bin/env bash
# Prints a folder with crane, regctl, oras and a registry of distribution v3 (`registry serve <config>`), built from the pinned Go
# modules in tools/registry-tools/, once per version, outside the clone. REGISTRY_TOOLS names a folder that has them already. Safe
# to run side by side: the finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/registry-tools"

programs=(crane regctl oras registry)
given=${REGISTRY_TOOLS:-}
for file in "${programs[@]}"; do [ -x "$given/$file" ] || given=; done
if [ -n "$given" ]; then echo "$given"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/registry-tools-$(cat go.mod go.sum registry/main.go ../registry-tools.sh | sha256sum | cut -c1-16)
if [ ! -x "$folder/registry" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go $(sed -nE 's/^go (.*)$/\1/p' go.mod) or newer" >&2; exit 69; }
  echo "Building crane, regctl, oras and a registry into $folder (three minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.registry-tools-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/bin"
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly
  go build -trimpath -ldflags "-s -w" -o "$work/bin/" \
    github.com/google/go-containerregistry/cmd/crane github.com/regclient/regclient/cmd/regctl oras.land/oras/cmd/oras ./registry
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/registry" ]
fi
echo "$folder"
