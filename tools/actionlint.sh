#!/usr/bin/env bash
# Prints the path of actionlint, which is built once. ACTIONLINT names one that is there already.
set -euo pipefail

exec "$(dirname "$0")/go-install.sh" actionlint v1.7.12 github.com/rhysd/actionlint/cmd/actionlint ACTIONLINT
