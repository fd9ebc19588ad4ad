{{- /* The one object that a rule allows: an empty list would allow every object of its kind. Argument: its name. */ -}}
{{- define "image-builder-registrar.resource-names" -}}
resourceNames: [{{ required "image-builder-registrar: a rule of a Role names no object" . | quote }}]
{{- end -}}

{{- /* Rules for what the check reads where builds run. Argument: context. */ -}}
{{- define "image-builder-registrar.build-rules" -}}
- apiGroups: [""]
  resources: [configmaps]
  {{ include "image-builder-registrar.resource-names" .values.task.configMapName }}
  verbs: [get]
- apiGroups: [""]
  resources: [serviceaccounts]
  {{ include "image-builder-registrar.resource-names" (get (.values.task.podTemplate | default dict) "serviceAccountName" | default "default") }}
  verbs: [get]
{{- end -}}

{{- /* A RoleBinding of our service account. Arguments: context, name of binding and Role, namespace where it is not the Helm release's. */ -}}
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
    namespace: {{ $context.release.namespace }}
{{- end -}}
