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
{{- $alerts := list -}}
{{- if and .values.cronJob.enabled .values.cronJob.schedule -}}
{{- $why := ternary (printf $statusCommand "schedule") (printf "kubectl -n %s logs -l app.kubernetes.io/instance=%s --prefix" $namespace .helmRelease.name) .values.cluster.enabled -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarJobFailed"
  "expr" (include "image-builder-registrar.failed-job" (list . .name))
  "for" "15m"
  "severity" "warning"
  "anchor" "errors"
  "summary" "The scheduled registration of build-image fails."
  "description" (printf "The last scheduled run of CronJob %s/%s has failed, and none has succeeded since. Remote image builds may use an older appVersion. Why, and how to fix it: %s" $namespace .name $why)
) -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarNotSucceeding"
  "expr" (include "image-builder-registrar.no-success" (list . .name))
  "for" "15m"
  "severity" "warning"
  "anchor" "errors"
  "summary" "No registration of build-image has succeeded for an hour."
  "description" (printf "No run of CronJob %s/%s has succeeded for an hour, or for twice the time between two runs, if that is longer: they fail, or are not started. See: kubectl -n %s describe cronjob %s" $namespace .name $namespace .name)
) -}}
{{- end -}}
{{- if and .values.cluster.enabled (eq .values.role "owner") -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarOtherOwner"
  "expr" (include "image-builder-registrar.other-owner" .)
  "for" "15m"
  "severity" "info"
  "anchor" "registration-conflict"
  "summary" "Remote image builds use the build-image task of another owner."
  "description" (printf "The current build-image is not the one of Helm release %s in namespace %s: {{ with $labels.owner }}%s owns it{{ else }}it was registered manually{{ end }}. See: %s" .helmRelease.name $namespace "{{ . }}" (printf $statusCommand "current"))
) -}}
{{- end -}}
{{- if and .cronJobs.build .values.buildCronJob.schedule -}}
{{- $why := ternary (printf $statusCommand "build") (printf "kubectl -n %s get jobs" $namespace) .values.cluster.enabled -}}
{{- $alerts = append $alerts (dict
  "alert" "ImageBuilderRegistrarBuildFailed"
  "expr" (include "image-builder-registrar.failed-job" (list . .cronJobs.build))
  "severity" "warning"
  "anchor" "build-failed"
  "summary" "Remote image builds fail."
  "description" (printf "The last build of CronJob %s/%s has failed, and none has succeeded since. Why, and how to fix it: %s" $namespace .cronJobs.build $why)
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
    {{- $texts := dict
      "summary" $alert.summary
      "description" $alert.description
      "runbook_url" (printf "%s#%s" $rule.runbookUrl $alert.anchor)
    }}
    {{- merge (deepCopy $rule.additionalRuleAnnotations) $texts | toYaml | nindent 4 }}
{{- end -}}
{{- end -}}
{{- end -}}
