{{- /* What every pod of ours is but for its restart. Arguments: context, command, trigger. */ -}}
{{- define "image-builder-registrar.pod-spec" -}}
{{- $it := index . 0 -}}
{{- $trigger := index . 2 -}}
{{- $v := $it.values -}}
restartPolicy: Never
serviceAccountName: {{ $it.serviceAccountName }}
automountServiceAccountToken: true
# A Service called registrar-… would otherwise put REGISTRAR_… variables into the pod.
enableServiceLinks: false
{{- range $key := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" }}
{{- with get $it $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "topologySpreadConstraints" "hostAliases" }}
{{- with get $v $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $v.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $v.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: registrar
    image: {{ include "image-builder-registrar.image" $it | quote }}
    imagePullPolicy: {{ $v.image.pullPolicy }}
    args: [{{ index . 1 }}, --config, /etc/registrar/registrar.yaml]
    env:
      - name: REGISTRAR_TRIGGER
        value: {{ $trigger }}
      {{- if eq $trigger "rollback" }}
      # A failed post-rollback hook would leave the release in pending-rollback.
      - name: REGISTRAR_POLICY_FAILURE
        value: warn
      {{- end }}
      - name: REGISTRAR_CLUSTER_JOB_NAME
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"}}
      - name: REGISTRAR_CLUSTER_JOB_UID
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']"}}
      {{- with $it.environment }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with $v.extraEnvFrom }}
    envFrom:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    terminationMessagePolicy: FallbackToLogsOnError
    {{- with $v.securityContext }}
    securityContext:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $v.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    volumeMounts:
      - {name: settings, mountPath: /etc/registrar, readOnly: true}
      - {name: tmp, mountPath: /tmp}
      {{- with $it.credential }}
      - {name: credential, mountPath: /etc/registrar-auth, readOnly: true}
      {{- end }}
      {{- if or $it.caBundle.configMap $it.caBundle.secret }}
      - {name: ca-bundle, mountPath: /etc/registrar-ca, readOnly: true}
      {{- end }}
      {{- with $v.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: settings
    configMap:
      name: {{ $it.name }}
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  # Optional: the program says which file is missing, where a pod would hang in ContainerCreating without a word.
  {{- with $it.credential }}
  - name: credential
    secret:
      secretName: {{ .secret }}
      items: [{key: {{ .key }}, path: {{ .key }}}]
      optional: true
  {{- end }}
  {{- with $it.caBundle.configMap }}
  - name: ca-bundle
    configMap:
      name: {{ . }}
      items: [{key: {{ $it.caBundle.key }}, path: {{ $it.caBundle.key }}}]
      optional: true
  {{- end }}
  {{- with $it.caBundle.secret }}
  - name: ca-bundle
    secret:
      secretName: {{ . }}
      items: [{key: {{ $it.caBundle.key }}, path: {{ $it.caBundle.key }}}]
      optional: true
  {{- end }}
  {{- with $v.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "image-builder-registrar.pod-metadata" -}}
labels:
  {{- merge (include "image-builder-registrar.selector-labels" . | fromYaml) .podLabels | toYaml | nindent 2 }}
{{- with .podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
