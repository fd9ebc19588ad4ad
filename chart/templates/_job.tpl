{{- /* Spec of every Job. A check is never repeated: somebody looks at it. Arguments: context, command, trigger. */ -}}
{{- define "image-builder-registrar.job-spec" -}}
{{- $context := index . 0 -}}
{{- $v := $context.values -}}
activeDeadlineSeconds: {{ int $v.activeDeadlineSeconds }}
backoffLimit: {{ eq (index . 1) "check" | ternary 0 (int $v.backoffLimit) }}
# A run that ended by itself has tried for as long as it may; a pod that was drained or evicted has not failed.
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

{{- /* What a CronJob makes Jobs from. Arguments: context, command, trigger. */ -}}
{{- define "image-builder-registrar.job-template" -}}
metadata:
  labels:
    {{- include "image-builder-registrar.selector-labels" (index . 0) | nindent 4 }}
spec:
  {{- include "image-builder-registrar.job-spec" . | nindent 2 }}
{{- end -}}

{{- /*
Annotations of a Job that is a hook of Helm's. Weight 10: after the data plane's own post hook at 0, which a failure of ours would
keep from running. The Job stays until the next run, with its log. Argument: events.
*/ -}}
{{- define "image-builder-registrar.hook-annotations" -}}
helm.sh/hook: {{ . }}
helm.sh/hook-weight: "10"
helm.sh/hook-delete-policy: before-hook-creation
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end -}}
