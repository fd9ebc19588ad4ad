{{- /* resourceNames with one name. Fails without one: an empty list would allow every object of the kind. Argument: name. */ -}}
{{- define "image-builder-registrar.resource-names" -}}
resourceNames: [{{ required "image-builder-registrar: a Role's rule has an empty resource name" . | quote }}]
{{- end -}}

{{- /* Service accounts that build pods may have, as a JSON list. Argument: context. */ -}}
{{- define "image-builder-registrar.build-accounts" -}}
{{- $ofTask := dig "podTemplate" "serviceAccountName" "" .values.task -}}
{{- ternary (list $ofTask) (list .values.check.serviceAccount "union" "default" | compact | uniq) (ne $ofTask "") | mustToJson -}}
{{- end -}}

{{- /*
Rules for what the check reads in a namespace where builds run. PodTemplate task-template is the data plane's; it names the service
account of task pods, union in a data plane of one namespace. Argument: context.
*/ -}}
{{- define "image-builder-registrar.build-rules" -}}
- apiGroups: [""]
  resources: [configmaps]
  {{ include "image-builder-registrar.resource-names" .values.task.configMapName }}
  verbs: [get]
- apiGroups: [""]
  resources: [serviceaccounts]
  resourceNames: {{ include "image-builder-registrar.build-accounts" . }}
  verbs: [get]
- apiGroups: [""]
  resources: [podtemplates]
  resourceNames: [task-template]
  verbs: [get]
{{- end -}}

{{- /*
RoleBinding of the service account. Arguments: context, name of both Role and RoleBinding, namespace (default: the Helm release's).
*/ -}}
{{- define "image-builder-registrar.binding" -}}
{{- $context := index . 0 -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "image-builder-registrar.metadata" . | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ index . 1 }}
subjects:
  {{- include "image-builder-registrar.subjects" $context | nindent 2 }}
{{- end -}}

{{- /* The service account as the subject of a binding. Argument: context. */ -}}
{{- define "image-builder-registrar.subjects" -}}
- kind: ServiceAccount
  name: {{ .serviceAccountName }}
  namespace: {{ .helmRelease.namespace }}
{{- end -}}
