#!/usr/bin/env bash
# Prints the path of kube-state-metrics, which is built once. KUBE_STATE_METRICS names one that is there already.
set -euo pipefail

exec "$(dirname "$0")/go-build.sh" kube-state-metrics k8s.io/kube-state-metrics/v2 v2.20.0 \
  h1:edO7hyGs1MqZhbUbzWW1YRTV3afZOIbvHNvOCaJjuU4= . KUBE_STATE_METRICS
