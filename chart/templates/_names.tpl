{{- /* Name of the objects; a CronJob's has at most 52 characters. Arguments: name of the Helm release, values. */ -}}
{{- define "image-builder-registrar.name" -}}
{{- $helmRelease := index . 0 -}}
{{- $usual := ternary $helmRelease (printf "%s-image-builder-registrar" $helmRelease) (contains "image-builder-registrar" $helmRelease) -}}
{{- (index . 1).fullnameOverride | default $usual | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- /* Name of a further CronJob, also at most 52 characters. Arguments: name of the objects, suffix. */ -}}
{{- define "image-builder-registrar.cron-job-name" -}}
{{- $suffix := index . 1 -}}
{{- printf "%s-%s" (index . 0 | trunc (sub 51 (len $suffix) | int) | trimSuffix "-") $suffix -}}
{{- end -}}
