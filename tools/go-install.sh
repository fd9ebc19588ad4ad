#!/usr/bin/env bash
# Builds a program from its Go module, once per version, outside the clone, and prints its path. Safe to run side by side: the finished
# program is renamed into place.
#   tools/go-install.sh PROGRAM VERSION PACKAGE VARIABLE   the variable is where a person names one that is there already
set -euo pipefail

program=$1 version=$2 package=$3 variable=$4
if [ -n "${!variable:-}" ]; then echo "${!variable}"; exit; fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/$program-$version
if [ ! -x "$folder/$program" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer, or name a $program in $variable" >&2; exit 69; }
  echo "Building $program $version into $folder (up to two minutes on two cores, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.$program-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # The module's checksum stands in the public log of checksums, which go install asks.
  CGO_ENABLED=0 GOBIN=$work/bin go install -trimpath -ldflags "-s -w" "$package@$version"
  mv -T "$work/bin" "$folder" 2>/dev/null || [ -x "$folder/$program" ]
fi
echo "$folder/$program"
