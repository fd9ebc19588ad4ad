#!/usr/bin/env bash
# Prints the path of the registry of Docker 2.8, which most registries that people run are made of: unpacked from Debian's package
# docker-registry, once per version, outside the clone, and not installed. DOCKER_REGISTRY names one that is there already. Safe to
# run side by side: the finished folder is renamed into place. Ends with 69 where there is no apt.
set -euo pipefail

if [ -n "${DOCKER_REGISTRY:-}" ]; then echo "$DOCKER_REGISTRY"; exit; fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
# Debian 12 has one version and gives it only new Debian revisions.
folder=$cache/docker-registry-2.8.2
program=$folder/usr/bin/docker-registry
if [ ! -x "$program" ]; then
  command -v apt-get >/dev/null || { echo "no apt-get; name a registry of Docker 2.8 in DOCKER_REGISTRY" >&2; exit 69; }
  echo "Downloading Debian's docker-registry into $folder (seconds, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.docker-registry-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  # The lists of packages may be absent, or older than the mirror.
  apt-get download -qq docker-registry >&2 || { apt-get update -qq >&2 && apt-get download -qq docker-registry >&2; }
  dpkg-deb --extract docker-registry_2.8.2*.deb unpacked
  mv -T unpacked "$folder" 2>/dev/null || [ -x "$program" ]
fi
echo "$program"
