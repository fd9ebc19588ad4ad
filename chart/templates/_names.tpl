{{- /* Name of the chart, in names of objects and label app.kubernetes.io/name. Argument: values. */ -}}
{{- define "image-builder-registrar.chart-name" -}}
{{- .nameOverride | default "image-builder-registrar" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Name of the objects; a CronJob's has at most 52 characters. Arguments: name of the Helm release, values. */ -}}
{{- define "image-builder-registrar.name" -}}
{{- $helmRelease := index . 0 -}}
{{- $chartName := include "image-builder-registrar.chart-name" (index . 1) -}}
{{- $usual := ternary $helmRelease (printf "%s-%s" $helmRelease $chartName) (contains $chartName $helmRelease) -}}
{{- (index . 1).fullnameOverride | default $usual | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- /* Name of a further CronJob, also at most 52 characters. Arguments: name of the objects, suffix. */ -}}
{{- define "image-builder-registrar.cron-job-name" -}}
{{- $suffix := index . 1 -}}
{{- printf "%s-%s" (index . 0 | trunc (sub 51 (len $suffix) | int) | trimSuffix "-") $suffix -}}
{{- end -}}
