#!/usr/bin/env bash
# Prints a folder with the CustomResourceDefinitions of Argo CD, Flux and the Prometheus operator that examples and chart use, from
# the Go modules of their controllers, once per version, outside the clone. Safe to run side by side: the finished folder is renamed
# into place.
set -euo pipefail

# Module, version, checksum of the module's files as go.sum has it, the file.
crds() {
  cat <<END
github.com/argoproj/argo-cd/v3 v3.5.7 h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0= manifests/crds/application-crd.yaml
github.com/argoproj/argo-cd/v3 v3.5.7 h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0= manifests/crds/applicationset-crd.yaml
github.com/fluxcd/source-controller v1.9.6 h1:nG534/bI6nVpyHra7ONAk6xDB3xPsVT+EOLHZHXPrrc= config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml
github.com/fluxcd/helm-controller v1.6.0 h1:jlS5X11SG26gspubB5aLrdVSCm0q0tA4ULsY+vwSkL0= config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml
github.com/prometheus-operator/prometheus-operator v0.94.0 h1:VxMKzqr8Xqw5/QInNT7a3B5XInPnHqE7SD2UIdwKpRM= example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml
END
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/image-builder-registrar
folder=$cache/crds-$(crds | sha256sum | cut -c1-16)
if [ ! -d "$folder" ]; then
  command -v go >/dev/null || { echo "go is not installed; install Go 1.26 or newer" >&2; exit 69; }
  echo "Downloading CustomResourceDefinitions into $folder (65 MB, once)" >&2
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.crds-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/crds"
  # Of 300 MB five files are kept, so the modules do not go into the cache of Go.
  export GOMODCACHE=$work/modules GOFLAGS=-modcacherw
  crds | while read -r module version sum file; do
    found=$(go mod download -json "$module@$version")
    [[ $found == *"\"Sum\": \"$sum\""* ]] || { echo "$module@$version is not what this script was written for" >&2; exit 1; }
    cp "$(sed -nE 's/^\s*"Dir": "(.*)",?$/\1/p' <<<"$found")/$file" "$work/crds/"
  done
  mv -T "$work/crds" "$folder" 2>/dev/null || [ -d "$folder" ]
fi
echo "$folder"
