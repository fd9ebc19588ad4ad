{{- /* The service account and what it may do: nothing beyond its own namespace, and there only named objects and Events. */ -}}
{{- define "image-builder-registrar.access" }}
{{- if .values.serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "image-builder-registrar.metadata" (list . .serviceAccountName) | nindent 2 }}
  {{- with .values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
{{- if .values.rbac.create }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "image-builder-registrar.metadata" (list . .name) | nindent 2 }}
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [{{ .name | quote }}, {{ .buildImageConfigMap | quote }}]
    verbs: [get]
  {{- if .values.cluster.enabled }}
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [{{ .values.cluster.statusConfigMap | quote }}]
    verbs: [get, patch]
  # Events cannot be restricted by name.
  - apiGroups: [""]
    resources: [events]
    verbs: [create]
  {{- end }}
  {{- with .values.appVersionFrom }}
  - apiGroups: [apps]
    resources: [deployments]
    resourceNames: [{{ trimPrefix "deployment/" . | quote }}]
    verbs: [get]
  {{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "image-builder-registrar.metadata" (list . .name) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ .serviceAccountName }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
{{- end }}
