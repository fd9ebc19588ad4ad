#!/usr/bin/env bash
# Builds a container image without a container engine, on a Debian made by mmdebstrap, once for all that goes into it, outside
# the clone, and prints the path of its archive. The registries that this machine's apt, pip and npm use are used as they are.
#   tools/image.sh [default | flyte]     which of the Dockerfile's images: the small one, or the one with the flyte CLI
# SOURCE, the web page of the repository, and REVISION, its commit, get into the image as by docker-bake.hcl.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=trixie
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
inputs=(Dockerfile .dockerignore .npmrc package.json package-lock.json tsconfig.json LICENSE src templates python/node.lock
  tools/bundle.ts tools/compiled-code.ts tools/run-and-keep.ts tools/third-party tools/compile-flyteidl2.ts tools/prepare.sh tools/image.sh)
options=()
final=()
stages=(runtime program)
target=${1:-default}
case $target in
  default) name=localhost/image-builder-registrar:test ;;
  flyte) name=localhost/image-builder-registrar:test-flyte inputs+=(python) stages+=(flyte-runtime) final=(--target flyte) ;;
  *) echo "usage: $0 [default | flyte]" >&2; exit 64 ;;
esac
version=$(sed -nE 's/^  "version": "(.*)",$/\1/p' package.json)
if [ -n "${SOURCE:-}" ]; then
  options+=(--build-arg "DOCS_URL=$SOURCE/blob/v$version/docs/errors.md")
  final+=(--label "org.opencontainers.image.source=$SOURCE")
fi
if [ -n "${REVISION:-}" ]; then final+=(--label "org.opencontainers.image.revision=$REVISION"); fi
key=$({
  find "${inputs[@]}" -type f -not -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  printf '%s\n' "${options[@]}" "${final[@]}"
} | sha256sum | cut -c1-16)
archive=$cache/image-$target-$key.tar
if [ -s "$archive" ]; then echo "$archive"; exit; fi

tools/debian-packages.sh buildah skopeo mmdebstrap
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

echo "Building the container image, target $target (a minute or two where nothing of it is cached)" >&2
# What is mounted does not get into a layer.
if [ -s /etc/ssl/certs/ca-certificates.crt ]; then
  options+=(--volume /etc/ssl/certs/ca-certificates.crt:/run/authorities.crt:ro --build-arg AUTHORITIES=/run/authorities.crt)
fi
if [ -s ~/.npmrc ]; then options+=(--volume "$HOME/.npmrc:/root/.npmrc:ro"); fi
build() {
  buildah build --isolation=chroot --network=host --layers --timestamp 0 "${options[@]}" --build-arg "BASE=$base" \
    --build-arg "VERSION=$version" "$@" . >&2
}
# What the image is put together from is kept for the next build, of either target.
for stage in "${stages[@]}"; do build --target "$stage"; done
# The image itself is made without its history, which tells of what was kept: the same inputs give the same digest.
build --omit-history --tag "$name" "${final[@]}"
buildah push --quiet "$name" "docker-archive:$work/image.tar:$name" >&2
mv "$work/image.tar" "$archive"
echo "$archive"
