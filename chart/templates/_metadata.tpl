{{- /* Name, namespace and labels of an object. Arguments: context, name, namespace (default: the Helm release's). */ -}}
{{- define "image-builder-registrar.metadata" -}}
{{- $context := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ rest (rest .) | first | default $context.helmRelease.namespace }}
{{ include "image-builder-registrar.labels" $context }}
{{- end -}}

{{- /* Labels of an object. Argument: context. */ -}}
{{- define "image-builder-registrar.labels" -}}
labels:
  {{- include "image-builder-registrar.selector-labels" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .helmRelease.service }}
  helm.sh/chart: {{ .chart }}
{{- end -}}

{{- /* Labels that select the pods. Argument: context. */ -}}
{{- define "image-builder-registrar.selector-labels" -}}
app.kubernetes.io/name: image-builder-registrar
app.kubernetes.io/instance: {{ .helmRelease.name }}
{{- end -}}

{{- /* The metadata of an object with further labels and annotations. Arguments: context, name, dict of `labels` and `annotations`. */ -}}
{{- define "image-builder-registrar.labelled-metadata" -}}
{{- include "image-builder-registrar.metadata" (list (index . 0) (index . 1)) }}
{{- with (index . 2).labels }}
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with (index . 2).annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
