{{- /*
Every object of the chart. Argument: root context, its own or that of the parent chart that embeds it under the alias
imageBuilderRegistrar.
*/ -}}
{{- define "image-builder-registrar.manifests" -}}
{{- with include "image-builder-registrar.context" . | mustFromJson -}}
{{- include "image-builder-registrar.settings-config-map" . }}
{{- include "image-builder-registrar.status-config-map" . }}
{{- include "image-builder-registrar.service-account" . }}
{{- include "image-builder-registrar.role" . }}
{{- include "image-builder-registrar.role-binding" . }}
{{- include "image-builder-registrar.roles-in-build-namespaces" . }}
{{- include "image-builder-registrar.network-policy" . }}
{{- include "image-builder-registrar.cron-job" . }}
{{- include "image-builder-registrar.check-cron-job" . }}
{{- include "image-builder-registrar.hook-job" . }}
{{- include "image-builder-registrar.rollback-job" . }}
{{- include "image-builder-registrar.test-pod" . }}
{{- end -}}
{{- end -}}

{{- /*
One object, where the chart stands alone. As a dependency it is rendered by the one line in its parent, which alone sees the
parent's appVersion. Arguments: root context, name of the object's template.
*/ -}}
{{- define "image-builder-registrar.standalone" -}}
{{- $template := index . 1 -}}
{{- with index . 0 -}}
{{- if or .Chart.IsRoot .Values.standalone -}}
{{- with include "image-builder-registrar.context" . | mustFromJson -}}
{{- include $template . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
