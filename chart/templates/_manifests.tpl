{{- /*
All objects, for the parent chart that embeds this one under the alias imageBuilderRegistrar. Argument: root context of the
parent.
*/ -}}
{{- define "image-builder-registrar.manifests" -}}
{{- with include "image-builder-registrar.context" . | mustFromJson -}}
{{- include "image-builder-registrar.settings-config-map" . }}
{{- include "image-builder-registrar.status-config-map" . }}
{{- include "image-builder-registrar.service-account" . }}
{{- include "image-builder-registrar.role" . }}
{{- include "image-builder-registrar.role-binding" . }}
{{- include "image-builder-registrar.roles-in-build-namespaces" . }}
{{- include "image-builder-registrar.cluster-role" . }}
{{- include "image-builder-registrar.cluster-role-binding" . }}
{{- include "image-builder-registrar.network-policy" . }}
{{- include "image-builder-registrar.prometheus-rule" . }}
{{- include "image-builder-registrar.dashboard-config-map" . }}
{{- include "image-builder-registrar.cron-job" . }}
{{- include "image-builder-registrar.register-cron-job" . }}
{{- include "image-builder-registrar.force-cron-job" . }}
{{- include "image-builder-registrar.check-cron-job" . }}
{{- include "image-builder-registrar.build-cron-job" . }}
{{- include "image-builder-registrar.hook-job" . }}
{{- include "image-builder-registrar.rollback-job" . }}
{{- include "image-builder-registrar.test-pod" . }}
{{- include "image-builder-registrar.extra-manifests" . }}
{{- end -}}
{{- end -}}

{{- /*
One object, if the chart is installed alone. As a dependency, it is rendered by a line in the parent chart, because only the
parent's root context has its appVersion. The values are the one thing that all files of a chart share, so they keep the context:
computing it for each of the files would take half of a `helm template`. Arguments: root context, name of the object's
template.
*/ -}}
{{- define "image-builder-registrar.standalone" -}}
{{- $template := index . 1 -}}
{{- with index . 0 -}}
{{- if or .Chart.IsRoot .Values.standalone -}}
{{- if not (hasKey .Values "computedContext") -}}
{{- $_ := set .Values "computedContext" (include "image-builder-registrar.context" .) -}}
{{- end -}}
{{- with mustFromJson .Values.computedContext -}}
{{- include $template . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
