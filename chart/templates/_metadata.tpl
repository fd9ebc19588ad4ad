{{- /* Name, namespace and labels of an object. Arguments: context, name, namespace (default: the Helm release's). */ -}}
{{- define "image-builder-registrar.metadata" -}}
{{- $context := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ rest (rest .) | first | default $context.helmRelease.namespace }}
{{ include "image-builder-registrar.labels" $context }}
{{- end -}}

{{- /* Labels of an object. Argument: context. */ -}}
{{- define "image-builder-registrar.labels" -}}
{{- $own := include "image-builder-registrar.selector-labels" . | fromYaml -}}
{{- $ofObject := dict "app.kubernetes.io/managed-by" .helmRelease.service "helm.sh/chart" .chart -}}
labels:
  {{- merge dict $own $ofObject .values.commonLabels | toYaml | nindent 2 }}
{{- end -}}

{{- /* Labels of what objects create from a template: Jobs and pods. Arguments: context, further labels. */ -}}
{{- define "image-builder-registrar.template-labels" -}}
{{- $context := index . 0 -}}
{{- $own := include "image-builder-registrar.selector-labels" $context | fromYaml -}}
{{- merge dict $own (index . 1) $context.values.commonLabels | toYaml -}}
{{- end -}}

{{- /* Labels that select the pods; commonLabels may change and are not among them. Argument: context. */ -}}
{{- define "image-builder-registrar.selector-labels" -}}
app.kubernetes.io/name: {{ include "image-builder-registrar.chart-name" .values }}
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
