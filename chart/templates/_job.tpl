{{- /*
Job spec. Manual runs and builds are not retried. Arguments: context, run (see image-builder-registrar.pod-spec; `buildSeconds` are
what its builds may take in addition).
*/ -}}
{{- define "image-builder-registrar.job-spec" -}}
{{- $context := index . 0 -}}
{{- $run := index . 1 -}}
{{- $v := $context.values -}}
activeDeadlineSeconds: {{ add (int $v.activeDeadlineSeconds) ($run.buildSeconds | default 0) }}
backoffLimit: {{ has $run.trigger (list "manual" "build") | ternary 0 (int $v.backoffLimit) }}
# The program does its own retries, so a run that exited is final; a drained or evicted pod is replaced.
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - {type: DisruptionTarget, status: "True"}
    - action: FailJob
      onExitCodes: {containerName: registrar, operator: In, values: [1, 2, 3, 4, 124]}
{{- if not (kindIs "invalid" $v.ttlSecondsAfterFinished) }}
ttlSecondsAfterFinished: {{ int $v.ttlSecondsAfterFinished }}
{{- end }}
template:
  metadata:
    {{- include "image-builder-registrar.pod-metadata" $context | nindent 4 }}
  spec:
    {{- include "image-builder-registrar.pod-spec" . | nindent 4 }}
{{- end -}}

{{- /* jobTemplate of a CronJob. Arguments: those of image-builder-registrar.job-spec. */ -}}
{{- define "image-builder-registrar.job-template" -}}
metadata:
  labels:
    {{- include "image-builder-registrar.template-labels" (list (index . 0) dict) | nindent 4 }}
spec:
  {{- include "image-builder-registrar.job-spec" . | nindent 2 }}
{{- end -}}

{{- /*
CronJob that never runs by itself: kubectl create job --from creates Jobs from it, which always have its command. Arguments: context,
name, arguments of the program.
*/ -}}
{{- define "image-builder-registrar.suspended-cron-job" -}}
{{- $context := index . 0 -}}
{{- $run := dict "args" (index . 2) "trigger" "manual" "failurePolicy" "fail" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  {{- include "image-builder-registrar.metadata" (list $context (index . 1)) | nindent 2 }}
spec:
  schedule: "0 0 1 1 *"
  suspend: true
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    {{- include "image-builder-registrar.job-template" (list $context $run) | nindent 4 }}
{{- end -}}

{{- /*
Annotations of a Job that is a Helm hook. Weight 10 runs it after the data plane's post hook at weight 0, which would not run if
this one failed first. The Job and its log are kept until the next run. Argument: events.
*/ -}}
{{- define "image-builder-registrar.hook-annotations" -}}
helm.sh/hook: {{ . }}
helm.sh/hook-weight: "10"
helm.sh/hook-delete-policy: before-hook-creation
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end -}}
