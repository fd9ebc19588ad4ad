{{- /*
Pod spec. Arguments: context, run: a dict of `args` of the program, `trigger`, for register `failurePolicy`, and `environment`: settings
of this run only, as environment variables.
*/ -}}
{{- define "image-builder-registrar.pod-spec" -}}
{{- $context := index . 0 -}}
{{- $run := index . 1 -}}
{{- $v := $context.values -}}
{{- /* A build that failed is explained by the checks. */ -}}
{{- $checks := or (has "check" $run.args) (has "--build" $run.args) -}}
{{- $registrySecret := ternary $v.registry.existingSecret "" $checks -}}
{{- $args := concat $run.args (list "--config" "/etc/registrar/registrar.yaml") $v.extraArgs -}}
{{- if has "check" $run.args }}{{ $args = concat $args $v.check.extraArgs }}{{ end -}}
restartPolicy: Never
serviceAccountName: {{ $context.serviceAccountName }}
automountServiceAccountToken: true
# Otherwise a Service named registrar-… would set REGISTRAR_… variables in the pod.
enableServiceLinks: false
{{- range $key := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "hostAliases" "dnsConfig" }}
{{- with get $v $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "priorityClassName" "runtimeClassName" "dnsPolicy" }}
{{- with get $v $key }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- with $v.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: registrar
    image: {{ include "image-builder-registrar.image" $v.image | quote }}
    imagePullPolicy: {{ $v.image.pullPolicy }}
    args:
      {{- toYaml $args | nindent 6 }}
    env:
      - name: REGISTRAR_TRIGGER
        value: {{ $run.trigger }}
      {{- with $run.failurePolicy }}
      # Not in the settings file, so that it also holds if that file cannot be read.
      - name: REGISTRAR_POLICY_FAILURE
        value: {{ . }}
      {{- end }}
      {{- range $name, $value := $run.environment }}
      - name: {{ $name }}
        value: {{ $value }}
      {{- end }}
      - name: REGISTRAR_CLUSTER_JOB_NAME
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/job-name']"}}
      - name: REGISTRAR_CLUSTER_JOB_UID
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']"}}
      {{- with $v.extraEnv }}
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
      {{- if ne $v.auth.type "none" }}
      - {name: credential, mountPath: /etc/registrar-auth, readOnly: true}
      {{- end }}
      {{- if or $v.caBundle.configMap $v.caBundle.secret }}
      - {name: ca-bundle, mountPath: /etc/registrar-ca, readOnly: true}
      {{- end }}
      {{- if $registrySecret }}
      - {name: registry-credential, mountPath: /etc/registrar-registry, readOnly: true}
      {{- end }}
      {{- with $v.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: settings
    configMap:
      name: {{ $context.name }}
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  # Optional, so that the program reports a missing file; otherwise the pod would hang in ContainerCreating.
  {{- if ne $v.auth.type "none" }}
  - name: credential
    secret:
      secretName: {{ $v.auth.existingSecret }}
      items: [{key: {{ $v.auth.existingSecretKey }}, path: {{ $v.auth.existingSecretKey }}}]
      optional: true
  {{- end }}
  {{- with $v.caBundle.configMap }}
  - name: ca-bundle
    configMap:
      name: {{ . }}
      items: [{key: {{ $v.caBundle.key }}, path: {{ $v.caBundle.key }}}]
      optional: true
  {{- end }}
  {{- with $v.caBundle.secret }}
  - name: ca-bundle
    secret:
      secretName: {{ . }}
      items: [{key: {{ $v.caBundle.key }}, path: {{ $v.caBundle.key }}}]
      optional: true
  {{- end }}
  {{- with $registrySecret }}
  - name: registry-credential
    secret:
      secretName: {{ . }}
      items: [{key: .dockerconfigjson, path: .dockerconfigjson}]
      optional: true
  {{- end }}
  {{- with $v.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* Pod labels and annotations. Argument: context. */ -}}
{{- define "image-builder-registrar.pod-metadata" -}}
labels:
  {{- include "image-builder-registrar.template-labels" (list . .values.podLabels) | nindent 2 }}
{{- with .values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Image reference. The digest decides; the tag next to it is for people. Argument: values.image. */ -}}
{{- define "image-builder-registrar.image" -}}
{{- $name := list .registry .repository | compact | join "/" -}}
{{- $tagged := list $name .tag | compact | join ":" -}}
{{- list $tagged .digest | compact | join "@" -}}
{{- end -}}

{{- /* Whether an image name begins with a host, by Docker's rule; empty if not. Argument: image name. */ -}}
{{- define "image-builder-registrar.has-host" -}}
{{- if regexMatch "^(localhost|[^/]*[.:][^/]*)/" . }}true{{ end -}}
{{- end -}}
