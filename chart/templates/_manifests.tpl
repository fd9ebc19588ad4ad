{{- /*
Every object of the chart. Called with the root context: its own, or that of the parent chart that embeds it under the
alias imageBuilderRegistrar.
*/ -}}
{{- define "image-builder-registrar.manifests" -}}
{{- $embedded := hasKey .Values "imageBuilderRegistrar" -}}
{{- $values := ternary .Values.imageBuilderRegistrar .Values.AsMap $embedded -}}
{{- $parent := ternary .Values.AsMap dict $embedded -}}
{{- $switchedOn := and $values.enabled (dig "imageBuilder" "enabled" true $parent) -}}
{{- if and $switchedOn (not (and $embedded $values.standalone)) -}}
{{- $rendered := include "image-builder-registrar.rendered" (list . $values) | fromYaml -}}
{{- with $rendered.Error }}{{ fail (printf "image-builder-registrar: with the templates in them rendered, the values are no YAML: %s" .) }}{{ end -}}
{{- $it := dict "root" . "parent" $parent "values" $rendered -}}
{{- include "image-builder-registrar.names" $it -}}
{{- include "image-builder-registrar.inherit" $it -}}
{{- include "image-builder-registrar.validate" $it -}}
{{- $_ := set $it "settings" (include "image-builder-registrar.settings" $it) -}}
{{- include "image-builder-registrar.config-maps" $it }}
{{- include "image-builder-registrar.access" $it }}
{{- include "image-builder-registrar.network-policy" $it }}
{{- include "image-builder-registrar.cron-jobs" $it }}
{{- include "image-builder-registrar.hooks" $it }}
{{- end -}}
{{- end -}}

{{- /* Our values with every template in them rendered. Arguments: root context, values. */ -}}
{{- define "image-builder-registrar.rendered" -}}
{{- tpl (toYaml (omit (index . 1) "global")) (index . 0) -}}
{{- end -}}

{{- define "image-builder-registrar.config-maps" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "image-builder-registrar.metadata" (list . .name) | nindent 2 }}
data:
  registrar.yaml: |
    {{- .settings | nindent 4 }}
{{- if .values.cluster.enabled }}
---
# The program fills it; it is here so that an uninstall removes it.
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "image-builder-registrar.metadata" (list . .values.cluster.statusConfigMap) | nindent 2 }}
{{- end }}
{{- end }}

{{- define "image-builder-registrar.network-policy" }}
{{- if .values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "image-builder-registrar.metadata" (list . .name) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "image-builder-registrar.selector-labels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    - ports:
        - {port: 53, protocol: UDP}
        - {port: 53, protocol: TCP}
        - {port: 443, protocol: TCP}
        - {port: 6443, protocol: TCP}
    {{- if .values.check.enabled }}
    # The check connects to buildkit, beside us.
    - to:
        - podSelector: {}
      ports:
        - {port: {{ dig "imageBuilder" "buildkit" "service" "port" 1234 .parent }}, protocol: TCP}
    {{- end }}
    {{- with .values.networkPolicy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- end }}
