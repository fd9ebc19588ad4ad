{{- /*
The service account and what it may do: read named objects, and list EndpointSlices and create Events, which no rule can name.
Nothing beyond its own namespace but in those of check.buildNamespaces, and nothing to write there.
*/ -}}
{{- define "image-builder-registrar.access" }}
{{- $buildNamespaces := .values.check.buildNamespaces | default (list .root.Release.Namespace) | uniq }}
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
    resourceNames: [{{ .name | quote }}]
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
  {{- if .values.check.enabled }}
  # Whether buildkit's Service has pods.
  - apiGroups: [discovery.k8s.io]
    resources: [endpointslices]
    verbs: [list]
  {{- if has .root.Release.Namespace $buildNamespaces }}
  {{- include "image-builder-registrar.build-rules" . | nindent 2 }}
  {{- end }}
  {{- end }}
---
{{- include "image-builder-registrar.role-binding" (list . .name) }}
{{- if .values.check.enabled }}
{{- range without $buildNamespaces .root.Release.Namespace }}
{{- /* Releases of one name may share a namespace of builds. */}}
{{- $name := printf "%s-%s" $.root.Release.Namespace $.name }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "image-builder-registrar.metadata" (list $ $name .) | nindent 2 }}
rules:
  {{- include "image-builder-registrar.build-rules" $ | nindent 2 }}
---
{{- include "image-builder-registrar.role-binding" (list $ $name .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What the check reads where builds run. */ -}}
{{- define "image-builder-registrar.build-rules" -}}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [{{ .buildImageConfigMap | quote }}]
  verbs: [get]
- apiGroups: [""]
  resources: [serviceaccounts]
  resourceNames: [{{ get (.values.task.podTemplate | default dict) "serviceAccountName" | default "default" | quote }}]
  verbs: [get]
{{- end -}}

{{- /* Gives our service account a Role. Arguments: context, name of both, namespace where it is not the release's. */ -}}
{{- define "image-builder-registrar.role-binding" }}
{{- $it := index . 0 }}
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
    name: {{ $it.serviceAccountName }}
    namespace: {{ $it.root.Release.Namespace }}
{{- end }}
