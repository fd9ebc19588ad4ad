#!/usr/bin/env bash
# Builds a program from its Go module, once per version, outside the clone, and prints its path: what tools/go-install.sh does, for
# modules of which a proxy serves single versions but no list of them, which `go install` asks for. Safe to run side by side: the
# finished program is renamed into place.
#   tools/go-build.sh PROGRAM MODULE VERSION SUM FOLDER VARIABLE [KEPT]
#   SUM is that of the module's files as go.sum has it, FOLDER that of the program in the module; VARIABLE is where a person names a
#   program that is there already; KEPT is a folder of the module that is put next to the program
set -euo pipefail

program=$1 module=$2 version=$3 sum=$4 source=$5 variable=$6 kept=${7:-}
if [ -n "${!variable:-}" ]; then echo "${!variable}"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/$program-$version
if [ ! -x "$folder/$program" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name a $program in $variable" >&2; exit 69; }
  echo "Building $program $version into $folder (up to three minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.$program-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  found=$(go mod download -json "$module@$version")
  [[ $found == *"\"Sum\": \"$sum\""* ]] || { echo "$module@$version is not what this script was written for" >&2; exit 1; }
  # Its own go.mod and go.sum pin what it is built with.
  cd "$(sed -nE 's/^\s*"Dir": "(.*)",?$/\1/p' <<<"$found")"
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -ldflags "-s -w" -o "$work/bin/$program" "./$source"
  if [ -n "$kept" ]; then cp -r --no-preserve=mode "$kept" "$work/bin/"; fi
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/$program" ]
fi
echo "$folder/$program"
