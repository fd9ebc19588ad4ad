{{- /*
Schedule of the registration. If it is every N minutes, the first minute depends on the cluster and on the namespace and name of
the Helm release, so that the data planes of a control plane do not all run at once. Argument: context.
*/ -}}
{{- define "image-builder-registrar.schedule" -}}
{{- $given := .values.cronJob.schedule | default "0 0 1 1 *" -}}
{{- if regexMatch "^\\*/[1-9][0-9]? \\* \\* \\* \\*$" $given -}}
{{- $minutes := $given | splitList " " | first | trimPrefix "*/" | atoi -}}
{{- $first := include "image-builder-registrar.spread" (list . (min $minutes 60)) | int64 -}}
{{- printf "%d-59/%d * * * *" $first $minutes -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}

{{- /* Schedule of the build. If it is daily, its time depends on the same. Argument: context. */ -}}
{{- define "image-builder-registrar.build-schedule" -}}
{{- $given := .values.buildCronJob.schedule | default "0 0 1 1 *" -}}
{{- if eq $given "@daily" -}}
{{- $minute := include "image-builder-registrar.spread" (list . 1440) | int64 -}}
{{- printf "%d %d * * *" (mod $minute 60) (div $minute 60) -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}

{{- /* A number below a limit, by the cluster and the namespace and name of the Helm release. Arguments: context, limit. */ -}}
{{- define "image-builder-registrar.spread" -}}
{{- $context := index . 0 -}}
{{- $owner := printf "%s/%s/%s" $context.values.clusterName $context.helmRelease.namespace $context.helmRelease.name -}}
{{- mod (adler32sum $owner | int64) (index . 1) -}}
{{- end -}}
