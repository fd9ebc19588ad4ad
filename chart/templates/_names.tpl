{{- /* Name of the objects; a CronJob's has at most 52 characters. Arguments: name of the Helm release, values. */ -}}
{{- define "image-builder-registrar.name" -}}
{{- $helmRelease := index . 0 -}}
{{- $usual := ternary $helmRelease (printf "%s-image-builder-registrar" $helmRelease) (contains "image-builder-registrar" $helmRelease) -}}
{{- (index . 1).fullnameOverride | default $usual | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- /* Name of the check's CronJob, also at most 52 characters. Argument: name of the objects. */ -}}
{{- define "image-builder-registrar.check-name" -}}
{{- printf "%s-check" (. | trunc 46 | trimSuffix "-") -}}
{{- end -}}
