#!/usr/bin/env bash
# Prints the path of docker buildx, which is built once: it reads docker-bake.hcl without docker. BUILDX names one that is there already.
set -euo pipefail

exec "$(dirname "$0")/go-install.sh" buildx v0.38.2 github.com/docker/buildx/cmd/buildx BUILDX
