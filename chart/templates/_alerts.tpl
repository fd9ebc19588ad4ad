{{- /*
The alerts as a YAML list. They read metrics of kube-state-metrics only, with its own labels (honorLabels of its ServiceMonitor), and
one Helm release's. Each metric is reduced to the labels that it is matched by, because Prometheus adds others, and several replicas of
kube-state-metrics give each sample several times. Argument: context.
*/ -}}
{{- define "image-builder-registrar.alerts" -}}
{{- $rule := .values.metrics.prometheusRule -}}
{{- $namespace := .helmRelease.namespace -}}
{{- $status := .values.cluster.statusConfigMap -}}
{{- $statusCommand := printf "kubectl -n %s get configmap %s -o jsonpath='{.data.%%s}'" $namespace $status -}}
{{- $selector := printf "-l app.kubernetes.io/instance=%s,app.kubernetes.io/name=%s" .helmRelease.name (include "image-builder-registrar.chart-name" .values) -}}
{{- $podsCommand := printf "kubectl -n %s describe jobs,pods %s" $namespace $selector -}}
{{- $isMember := eq .values.role "member" -}}
{{- $alerts := list -}}
{{- if and .values.cronJob.enabled .values.cronJob.schedule -}}
{{- $meaning := ternary "Either nothing is registered, so that remote image builds fail, or the control plane cannot be asked." "Remote image builds may use an older appVersion, or none." $isMember -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarJobFailed"
  "expr" (include "image-builder-registrar.failed-run" (list . .name))
  "for" (printf "%ds" (max 900 (add 300 (int .values.activeDeadlineSeconds))))
  "severity" "warning"
  "summary" (printf "The scheduled %s of build-image fails." (ternary "lookup" "registration" $isMember))
  "description" (printf "The last scheduled run of CronJob %s/%s has not succeeded. %s Why: %s" $namespace .name $meaning (include "image-builder-registrar.why" (list . "schedule" $statusCommand $podsCommand)))
) -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarNotSucceeding"
  "expr" (include "image-builder-registrar.no-success" (list . .name))
  "for" "15m"
  "severity" "warning"
  "summary" (printf "No scheduled %s of build-image has succeeded for too long." (ternary "lookup" "registration" $isMember))
  "description" (printf "No run of CronJob %s/%s has succeeded for an hour, or for twice the time between two runs, if that is longer: they fail, hang or are not started. See: kubectl -n %s describe cronjob %s" $namespace .name $namespace .name)
) -}}
{{- end -}}
{{- if and .values.cluster.enabled (not $isMember) -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarOtherOwner"
  "expr" (include "image-builder-registrar.other-owner" .)
  "for" "15m"
  "severity" "info"
  "summary" "Remote image builds use the build-image task of another owner."
  "description" (printf "The current build-image is not the one of Helm release %s in namespace %s: {{ with $labels.owner }}%s owns it{{ else }}it was registered manually{{ end }}. See: %s" .helmRelease.name $namespace "{{ . }}" (printf $statusCommand "current"))
) -}}
{{- end -}}
{{- if and .cronJobs.build .values.buildCronJob.schedule -}}
{{- $seconds := include "image-builder-registrar.build-seconds" (list .values.build (include "image-builder-registrar.build-timeout" .values.build)) -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarBuildFailed"
  "expr" (include "image-builder-registrar.failed-run" (list . .cronJobs.build))
  "for" (printf "%ds" (add 300 (int .values.activeDeadlineSeconds) $seconds))
  "severity" "warning"
  "summary" "Remote image builds fail."
  "description" (printf "The last scheduled build of CronJob %s/%s has not succeeded. Why: %s" $namespace .cronJobs.build (include "image-builder-registrar.why" (list . "build" $statusCommand $podsCommand)))
) -}}
{{- end -}}
{{- range $alert := $alerts -}}
{{- if not (get $rule.disabled $alert.alert) }}
- alert: {{ $alert.alert }}
  expr: |
    {{- $alert.expr | nindent 4 }}
  {{- with $alert.for }}
  for: {{ . }}
  {{- end }}
  labels:
    {{- merge (deepCopy $rule.additionalRuleLabels) (dict "severity" $alert.severity) | toYaml | nindent 4 }}
  annotations:
    {{- $texts := dict "summary" $alert.summary "description" $alert.description }}
    {{- with $rule.runbookUrl }}{{ $_ := set $texts "runbook_url" (printf "%s#%s" . (lower $alert.alert)) }}{{ end }}
    {{- merge (deepCopy $rule.additionalRuleAnnotations) $texts | toYaml | nindent 4 }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /*
The command that shows why runs fail: the status, or what Kubernetes says of pods that could not report. Arguments: context, key of
the status, command of the status, command of the pods.
*/ -}}
{{- define "image-builder-registrar.why" -}}
{{- if (index . 0).values.cluster.enabled -}}
{{ printf (index . 2) (index . 1) }}; if its time is before the run, the pod could not report: {{ index . 3 }}
{{- else -}}
{{ index . 3 }}
{{- end -}}
{{- end -}}
