#!/bin/sh
# What follows `npm ci`. Of several packages that bring a `node`, one a platform, npm before 11 links the first, which it may
# not have installed; so what it has installed is linked here.
set -eu
cd "$(dirname "$0")/../node_modules/.bin"
ln -sf ../node-*/bin/node node
if ! [ -x node ]; then
  echo "Node 26 was not installed: package-lock.json names none for $(uname -sm), or the registry has another" >&2
  exit 1
fi
exec ./node ../../tools/compile-flyteidl2.ts
