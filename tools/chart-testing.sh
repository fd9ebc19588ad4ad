#!/usr/bin/env bash
# Prints the path of ct, chart-testing, which is built once, with its rules in etc/ next to it. CHART_TESTING names one that is there
# already.
set -euo pipefail

exec "$(dirname "$0")/go-build.sh" ct github.com/helm/chart-testing/v3 v3.14.0 \
  h1:OpvIyKdogEeeLK/LIWx3T/M4EC/mkYx4OUw64EODaB8= ct CHART_TESTING etc
