{{- /* Host of the control plane: global, else the deprecated value, else the deprecated global. */ -}}
{{- define "dataplane.cp.host" -}}
{{- $global := .Values.global -}}
{{- coalesce (tpl $global.CONTROLPLANE_HOST .) (tpl .Values.host .) $global.UNION_CONTROL_PLANE_HOST | default "" -}}
{{- end -}}

{{- define "dataplane.cp.endpoint" -}}
{{- with include "dataplane.cp.host" . }}dns:///{{ . }}{{ end -}}
{{- end -}}

{{- define "union-operator.fullname" -}}
union-operator
{{- end -}}

{{- define "operator.labels" -}}
app.kubernetes.io/name: union-operator
app.kubernetes.io/instance: {{ .Release.Name }}
platform.union.ai/service-group: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "unionai-dataplane.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $usual := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- .Values.fullnameOverride | default $usual | trunc 54 | trimSuffix "-" -}}
{{- end -}}

{{- define "unionai-dataplane.selectorLabels" -}}
app.kubernetes.io/name: {{ include "unionai-dataplane.fullname" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "unionai-dataplane.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{ include "unionai-dataplane.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- /* An extra object, with its templates rendered. Argument: dict of value and context. */ -}}
{{- define "unionai-dataplane.render" -}}
{{- tpl (typeIs "string" .value | ternary .value (toYaml .value)) .context -}}
{{- end -}}

{{- define "getClusterName" -}}
{{- tpl .Values.clusterName . -}}
{{- end -}}

{{- /* Whether all runs in the Helm release's namespace. */ -}}
{{- define "singleNamespace" -}}
{{- if or .Values.low_privilege (not .Values.namespaces.enabled) }}true{{ end -}}
{{- end -}}

{{- /* Namespace of a run. */ -}}
{{- define "dataplane.namespaceTemplate" -}}
{{- include "singleNamespace" . | empty | ternary (dig "template" "" .Values.namespace_mapping) .Release.Namespace -}}
{{- end -}}

{{- define "global.podLabels" -}}
{{- with .Values.additionalPodLabels }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "global.podAnnotations" -}}
{{- with .Values.additionalPodAnnotations }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{- define "global.podEnvVars.additionalPodEnvVars" -}}
{{- range $name, $value := .Values.additionalPodEnvVars }}
- name: {{ $name }}
  value: {{ $value }}
{{- end -}}
{{- end -}}

{{- /* Builds run with Depot: neither buildkit of this chart nor one elsewhere. */ -}}
{{- define "operator.enableDepot" -}}
{{- $builder := .Values.imageBuilder -}}
{{- if and $builder.enabled (not $builder.buildkit.enabled) (not $builder.buildkitUri) }}true{{ end -}}
{{- end -}}

{{- define "imagebuilder.buildkit.fullname" -}}
{{- .Values.imageBuilder.buildkit.fullnameOverride | default (printf "%s-buildkit" (include "union-operator.fullname" .)) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* With quotation marks of its own if it is given, a fault of the chart: the ConfigMap quotes it again. */ -}}
{{- define "imagebuilder.buildkit.uri" -}}
{{- with .Values.imageBuilder.buildkitUri -}}
{{- quote . -}}
{{- else -}}
tcp://{{ include "imagebuilder.buildkit.fullname" . }}.{{ .Release.Namespace }}.svc.cluster.local:{{ .Values.imageBuilder.buildkit.service.port }}
{{- end -}}
{{- end -}}

{{- /* Repository of built images, by cloud if none is given. A numeric account id is not formatted, a fault of the chart. */ -}}
{{- define "imagebuilder.defaultRepository" -}}
{{- $name := .Values.imageBuilder.registryName -}}
{{- $provider := tpl .Values.storage.provider . -}}
{{- $region := tpl .Values.storage.region . -}}
{{- if .Values.imageBuilder.defaultRepository -}}
{{- tpl .Values.imageBuilder.defaultRepository . -}}
{{- else if eq $provider "aws" -}}
{{- printf "%s.dkr.ecr.%s.amazonaws.com/%s" (.Values.global.AWS_ACCOUNT_ID | default "") $region $name -}}
{{- else if or (has $provider (list "gcp" "gcs")) (eq (.Values.provider | default "") "gcp") -}}
{{- printf "%s-docker.pkg.dev/%s/%s" $region (tpl .Values.storage.gcp.projectId .) $name -}}
{{- else if or (eq $provider "azure") (eq (.Values.provider | default "") "azure") -}}
{{- printf "%s.azurecr.io" $name -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}
