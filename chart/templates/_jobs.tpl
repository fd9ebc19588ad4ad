{{- /* Arguments: context, command, trigger. A check is never repeated: somebody looks at it. */ -}}
{{- define "image-builder-registrar.job-spec" -}}
{{- $it := index . 0 -}}
activeDeadlineSeconds: {{ int $it.values.activeDeadlineSeconds }}
backoffLimit: {{ eq (index . 1) "check" | ternary 0 (int $it.values.backoffLimit) }}
# A run that ended by itself has tried for as long as it may; a pod that was drained or evicted has not failed.
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - {type: DisruptionTarget, status: "True"}
    - action: FailJob
      onExitCodes: {containerName: registrar, operator: In, values: [1, 2, 3, 4, 124]}
{{- if not (kindIs "invalid" $it.values.ttlSecondsAfterFinished) }}
ttlSecondsAfterFinished: {{ int $it.values.ttlSecondsAfterFinished }}
{{- end }}
template:
  metadata:
    {{- include "image-builder-registrar.pod-metadata" $it | nindent 4 }}
  spec:
    {{- include "image-builder-registrar.pod-spec" (prepend (rest .) $it) | nindent 4 }}
{{- end -}}

{{- define "image-builder-registrar.cron-jobs" }}
{{- if .values.cronJob.enabled }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  {{- include "image-builder-registrar.metadata" (list . .name) | nindent 2 }}
spec:
  schedule: {{ include "image-builder-registrar.schedule" . | quote }}
  suspend: {{ empty .values.cronJob.schedule }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 300
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 1
  jobTemplate:
    metadata:
      labels:
        {{- include "image-builder-registrar.selector-labels" . | nindent 8 }}
    spec:
      {{- include "image-builder-registrar.job-spec" (list . "register" "schedule") | nindent 6 }}
{{- end }}
{{- if .values.check.enabled }}
---
# For runs by hand only, of the one above for another command: kubectl create job --from takes none.
apiVersion: batch/v1
kind: CronJob
metadata:
  {{- include "image-builder-registrar.metadata" (list . .checkName) | nindent 2 }}
spec:
  schedule: "0 0 1 1 *"
  suspend: true
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    metadata:
      labels:
        {{- include "image-builder-registrar.selector-labels" . | nindent 8 }}
    spec:
      {{- include "image-builder-registrar.job-spec" (list . "check" "manual") | nindent 6 }}
{{- end }}
{{- end }}

{{- /* Every N minutes, from a minute of the release's own on: not every data plane of a control plane at once. */ -}}
{{- define "image-builder-registrar.schedule" -}}
{{- $given := .values.cronJob.schedule | default "0 0 1 1 *" -}}
{{- if regexMatch "^\\*/[1-9][0-9]? \\* \\* \\* \\*$" $given -}}
{{- $minutes := $given | splitList " " | first | trimPrefix "*/" | atoi -}}
{{- $release := printf "%s/%s/%s" .clusterName .root.Release.Namespace .root.Release.Name -}}
{{- printf "%d-59/%d * * * *" (mod (adler32sum $release | int64) (min $minutes 60)) $minutes -}}
{{- else -}}
{{- $given -}}
{{- end -}}
{{- end -}}

{{- define "image-builder-registrar.hooks" }}
{{- $hooks := .values.hooks }}
{{- $ofHelm := not (or $hooks.plain $hooks.annotations) }}
{{- if or $hooks.install $hooks.upgrade }}
{{- $trigger := ternary "install" "upgrade" (and $ofHelm .root.Release.IsInstall) }}
{{- $spec := include "image-builder-registrar.job-spec" (list . "register" $trigger) }}
{{- $events := list }}
{{- if $hooks.install }}{{ $events = append $events "post-install" }}{{ end }}
{{- if $hooks.upgrade }}{{ $events = append $events "post-upgrade" }}{{ end }}
{{- $hash := print .settings $spec | sha256sum | trunc 8 }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "image-builder-registrar.metadata" (list . (printf "%s-%s" .name (ternary $hash "register" $hooks.plain))) | nindent 2 }}
  {{- if $ofHelm }}
  annotations:
    {{- include "image-builder-registrar.hook-annotations" (join "," $events) | nindent 4 }}
  {{- else }}
  {{- with $hooks.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
spec:
  {{- $spec | nindent 2 }}
{{- end }}
{{- if $hooks.rollback }}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "image-builder-registrar.metadata" (list . (printf "%s-rollback" .name)) | nindent 2 }}
  annotations:
    {{- include "image-builder-registrar.hook-annotations" "post-rollback" | nindent 4 }}
spec:
  {{- include "image-builder-registrar.job-spec" (list . "register" "rollback") | nindent 2 }}
{{- end }}
{{- if and $ofHelm $hooks.test }}
---
# helm test --logs reads Pods only.
apiVersion: v1
kind: Pod
metadata:
  name: {{ .name }}-verify
  namespace: {{ .root.Release.Namespace }}
  {{- $metadata := include "image-builder-registrar.pod-metadata" . | fromYaml }}
  {{- $ours := dict "annotations" (dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation") }}
  {{- merge $ours $metadata | toYaml | nindent 2 }}
spec:
  activeDeadlineSeconds: {{ int .values.activeDeadlineSeconds }}
  {{- include "image-builder-registrar.pod-spec" (list . "verify" "test") | nindent 2 }}
{{- end }}
{{- end }}

{{- /*
Weight 10: after the data plane's own post hook at 0, which a failure of ours would keep from running. The Job stays until the
next run, with its log.
*/ -}}
{{- define "image-builder-registrar.hook-annotations" -}}
helm.sh/hook: {{ . }}
helm.sh/hook-weight: "10"
helm.sh/hook-delete-policy: before-hook-creation
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end -}}
