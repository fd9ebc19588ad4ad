{{- /*
Schedule of registrations. Every N minutes start at a minute that cluster, namespace and name of the Helm release make: not every
data plane of a control plane at once. Argument: context.
*/ -}}
{{- define "image-builder-registrar.schedule" -}}
{{- $given := .values.cronJob.schedule | default "0 0 1 1 *" -}}
{{- if regexMatch "^\\*/[1-9][0-9]? \\* \\* \\* \\*$" $given -}}
{{- $minutes := $given | splitList " " | first | trimPrefix "*/" | atoi -}}
{{- $owner := printf "%s/%s/%s" .values.clusterName .release.namespace .release.name -}}
{{- printf "%d-59/%d * * * *" (mod (adler32sum $owner | int64) (min $minutes 60)) $minutes -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}
