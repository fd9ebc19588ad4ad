{{- /* Adds the names of our objects to the context. A CronJob's name has at most 52 characters. */ -}}
{{- define "image-builder-registrar.names" -}}
{{- $release := .root.Release.Name -}}
{{- $usual := ternary $release (printf "%s-image-builder-registrar" $release) (contains "image-builder-registrar" $release) -}}
{{- $name := .values.fullnameOverride | default $usual | trunc 52 | trimSuffix "-" -}}
{{- $_ := set . "name" $name -}}
{{- $_ := set . "checkName" (printf "%s-check" ($name | trunc 46 | trimSuffix "-")) -}}
{{- $account := .values.serviceAccount -}}
{{- $_ := set . "serviceAccountName" ($account.name | default (ternary $name "default" $account.create)) -}}
{{- end -}}

{{- /* Name, namespace and labels of an object. Arguments: context, name, namespace where it is not the release's. */ -}}
{{- define "image-builder-registrar.metadata" -}}
{{- $it := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ rest (rest .) | first | default $it.root.Release.Namespace }}
labels:
  {{- include "image-builder-registrar.selector-labels" $it | nindent 2 }}
  app.kubernetes.io/managed-by: {{ $it.root.Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" $it.root.Chart.Name $it.root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "image-builder-registrar.selector-labels" -}}
app.kubernetes.io/name: image-builder-registrar
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "image-builder-registrar.image" -}}
{{- $reference := printf "%s/%s" .registry .values.image.repository -}}
{{- with .values.image.digest -}}
{{- printf "%s@%s" $reference . -}}
{{- else -}}
{{- printf "%s:%s" $reference .values.image.tag -}}
{{- end -}}
{{- end -}}
