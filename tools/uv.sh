#!/usr/bin/env bash
# Installs the uv that python/uv.lock pins by hash, once per lock file, outside the clone, and prints its path. Safe to run
# side by side: the finished folder is renamed into place.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v python3 >/dev/null || { echo "python3 is not installed; install Python 3.10 or newer" >&2; exit 1; }
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/uv-$(sha256sum <python/uv.lock | cut -c1-16)
if [ ! -x "$folder/bin/uv" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.uv-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  if ! python3 -m pip --version >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      { apt-get update -qq && apt-get install -y -qq python3-pip; } >&2
    else
      echo "pip for python3 is not installed; install it (Debian: apt-get install python3-pip)" >&2
      exit 1
    fi
  fi
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-warn-script-location \
    --require-hashes --only-binary :all: --target "$work/uv" -r python/uv.lock >&2
  mv -T "$work/uv" "$folder" 2>/dev/null || [ -x "$folder/bin/uv" ]
fi
echo "$folder/bin/uv"
