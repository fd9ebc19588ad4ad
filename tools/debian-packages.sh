#!/usr/bin/env bash
# Installs the Debian packages that the tests on a real cluster and the container image need, or those that are named, where that
# is possible and some are missing; else says what to install and ends with 69. Safe to run side by side.
set -euo pipefail

packages=("$@")
if [ $# = 0 ]; then
  packages=(containerd runc containernetworking-plugins iptables iproute2 buildah skopeo mmdebstrap umoci python3)
fi
missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then exit; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "these Debian packages are not installed: ${missing[*]}" >&2
  exit 69
fi
exec 9>/tmp/registrar-debian-packages.lock
flock 9
echo "Installing Debian packages: ${missing[*]} (half a minute, once)" >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2
