{{- define "dataplane.cp.host" -}}
{{- tpl (.Values.global.CONTROLPLANE_HOST | default .Values.host) . -}}
{{- end -}}

{{- define "dataplane.cp.endpoint" -}}
{{- tpl .Values.global.CONTROLPLANE_GRPC_ENDPOINT . | default (printf "dns:///%s:443" (include "dataplane.cp.host" .)) -}}
{{- end -}}

{{- define "unionai-dataplane.fullname" -}}
{{- printf "%s-dataplane" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "unionai-dataplane.labels" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
