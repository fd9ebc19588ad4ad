{{- /* resourceNames with one name. Fails without one: an empty list would allow every object of the kind. Argument: name. */ -}}
{{- define "image-builder-registrar.resource-names" -}}
resourceNames: [{{ required "image-builder-registrar: a Role's rule has an empty resource name" . | quote }}]
{{- end -}}

{{- /* Rules for what the check reads in a namespace where builds run. Argument: context. */ -}}
{{- define "image-builder-registrar.build-rules" -}}
{{- $account := get (.values.task.podTemplate | default dict) "serviceAccountName" | default "default" -}}
- apiGroups: [""]
  resources: [configmaps]
  {{ include "image-builder-registrar.resource-names" .values.task.configMapName }}
  verbs: [get]
- apiGroups: [""]
  resources: [serviceaccounts]
  {{ include "image-builder-registrar.resource-names" $account }}
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
  - kind: ServiceAccount
    name: {{ $context.serviceAccountName }}
    namespace: {{ $context.helmRelease.namespace }}
{{- end -}}
