#!/usr/bin/env bash
# Makes the Python environment of the flyte CLI from the hash-locked requirements in python/, once per lock file, outside
# the clone, and prints the path of the `flyte` executable. Safe to run side by side: the finished folder is renamed into place.
# With a version, that of another flyte, beside the locked kubernetes package: `tools/python-env.sh 2.12.0`.
set -euo pipefail
cd "$(dirname "$0")/.."
flyte=${1:-}
[[ $flyte =~ ^([0-9][0-9A-Za-z.]*)?$ ]] || { echo "$flyte is no version of flyte; give one such as 2.12.0" >&2; exit 1; }
! grep -qx "flyte==$flyte" python/flyte.in || flyte=

command -v python3 >/dev/null || { echo "python3 is not installed; install Python 3.10 or newer" >&2; exit 1; }
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
key=$(cat python/flyte.lock python/uv.lock | sha256sum | cut -c1-16)
environment=$cache/python-$version-$key${flyte:+-flyte-$flyte}

if [ ! -x "$environment/bin/flyte" ]; then
  echo "Installing the ${flyte:-locked} flyte CLI into $environment (half a minute, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.python-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  uv=$(tools/uv.sh)
  "$uv" venv --quiet --relocatable --python "$(command -v python3)" "$work/environment" >&2
  install=("$uv" pip sync --require-hashes python/flyte.lock)
  [ -z "$flyte" ] || install=("$uv" pip install "flyte==$flyte" "$(grep ^kubernetes== python/flyte.in)")
  "${install[@]}" --quiet --compile-bytecode --python "$work/environment/bin/python" >&2
  mv -T "$work/environment" "$environment" 2>/dev/null || [ -x "$environment/bin/flyte" ]
fi
echo "$environment/bin/flyte"
