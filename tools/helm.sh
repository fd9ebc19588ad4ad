#!/usr/bin/env bash
# Prints the path of Helm 3 or 4 (the first argument says which), which is built once. HELM3 and HELM4 name one that is there already.
set -euo pipefail

case ${1:-} in
  3) version=v3.22.0 ;;
  4) version=v4.3.1 ;;
  *) echo "usage: tools/helm.sh 3|4" >&2; exit 2 ;;
esac
exec "$(dirname "$0")/go-install.sh" helm "$version" "helm.sh/helm/v$1/cmd/helm" "HELM$1"
