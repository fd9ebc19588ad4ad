#!/usr/bin/env bash
# Prints the path of a headless Chromium: the one that CHROMIUM names, else Debian's, which is installed where it is missing. Debian
# keeps only the newest version of a browser, so no version can be pinned. Ends with 69 where it cannot be installed.
set -euo pipefail

if [ -n "${CHROMIUM:-}" ]; then echo "$CHROMIUM"; exit; fi
"$(dirname "$0")/debian-packages.sh" chromium-headless-shell
command -v chromium-headless-shell
