#!/usr/bin/env bash
# Builds the container image without a container engine, on a Debian made by mmdebstrap, once for all that goes into it, outside
# the clone, and prints the path of its archive. The registries that this machine's apt, pip and npm use are used as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

name=localhost/image-builder-registrar:test
suite=trixie
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
inputs=(Dockerfile .dockerignore .npmrc package.json package-lock.json tsconfig.json python src templates tools/bundle.ts tools/compile-flyteidl2.ts tools/image.sh)
key=$(find "${inputs[@]}" -type f -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
archive=$cache/image-$key.tar
if [ -s "$archive" ]; then echo "$archive"; exit; fi

tools/debian-packages.sh
mkdir -p "$cache"
work=$(mktemp -d "$cache/.image-XXXXXX")
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=0

base=localhost/debian-$suite-slim:1
if ! buildah inspect "$base" >/dev/null 2>&1; then
  echo "Making a Debian $suite base (half a minute, once)" >&2
  mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' "$suite" "$work/base.tar" >&2
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$work/base.tar" / >/dev/null
  buildah config --cmd bash "$container"
  buildah commit --quiet --timestamp 0 --rm "$container" "$base" >/dev/null
fi

echo "Building the container image (two minutes where nothing of it is cached)" >&2
options=()
# What is mounted does not get into a layer.
if [ -s /etc/ssl/certs/ca-certificates.crt ]; then
  options+=(--volume /etc/ssl/certs/ca-certificates.crt:/run/authorities.crt:ro --build-arg AUTHORITIES=/run/authorities.crt)
fi
if [ -s ~/.npmrc ]; then options+=(--volume "$HOME/.npmrc:/root/.npmrc:ro"); fi
version=$(sed -nE 's/^  "version": "(.*)",$/\1/p' package.json)
# Without its history, which tells of what was cached, the same inputs give the same digest.
buildah build --omit-history --isolation=chroot --network=host --layers --timestamp 0 "${options[@]}" --build-arg "BASE=$base" \
  --build-arg "VERSION=$version" --tag "$name" . >&2
buildah push --quiet "$name" "docker-archive:$work/image.tar:$name" >&2
mv "$work/image.tar" "$archive"
echo "$archive"
