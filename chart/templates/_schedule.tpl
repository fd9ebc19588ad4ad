{{- /*
Schedule of the registration. If it is every N minutes, the first minute depends on the cluster and on the namespace and name of
the Helm release, so that the data planes of a control plane do not all run at once. Argument: context.
*/ -}}
{{- define "image-builder-registrar.schedule" -}}
{{- $given := .values.cronJob.schedule | default "0 0 1 1 *" -}}
{{- if regexMatch "^\\*/[1-9][0-9]? \\* \\* \\* \\*$" $given -}}
{{- $minutes := $given | splitList " " | first | trimPrefix "*/" | atoi -}}
{{- $owner := printf "%s/%s/%s" .values.clusterName .helmRelease.namespace .helmRelease.name -}}
{{- printf "%d-59/%d * * * *" (mod (adler32sum $owner | int64) (min $minutes 60)) $minutes -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}
