{{- /*
The dashboard of one Helm release as JSON. Its queries are those of the alerts and of kube-state-metrics; the last row is of the program's
own metrics, for who scrapes them. Argument: context.
*/ -}}
{{- define "image-builder-registrar.dashboard" -}}
{{- $namespace := .helmRelease.namespace -}}
{{- $matchers := include "image-builder-registrar.matchers" . -}}
{{- $names := .name -}}
{{- with .cronJobs.build }}{{ $names = printf "%s|%s" $names . }}{{ end -}}
{{- $ofCronJobs := printf "%s, cronjob=~%q" $matchers $names -}}
{{- $ofJobs := printf "%s, owner_kind=\"CronJob\", owner_name=~%q" $matchers $names -}}
{{- $duration := printf "max by (job_name) (kube_job_status_completion_time{%s} - kube_job_status_start_time{%s}) * on (job_name) group_left (owner_name) max by (job_name, owner_name) (kube_job_owner{%s})" $matchers $matchers $ofJobs -}}
{{- $panels := list
  (dict "title" "Since the last success" "type" "stat" "unit" "s" "width" 8 "legend" "cronjob"
    "expr" (printf "time() - max by (cronjob) (kube_cronjob_status_last_successful_time{%s})" $ofCronJobs))
  (dict "title" "Until the next run" "type" "stat" "unit" "s" "width" 8 "legend" "cronjob"
    "expr" (printf "max by (cronjob) (kube_cronjob_next_schedule_time{%s}) - time()" $ofCronJobs))
  (dict "title" "Alerts" "type" "stat" "unit" "short" "width" 8 "legend" "alertname"
    "expr" (printf "max by (alertname) (ALERTS{alertname=~\"ImageBuilderRegistrar.*\", namespace=%q, alertstate=\"firing\"})" $namespace))
  (dict "title" "Failed Jobs that are kept" "type" "timeseries" "unit" "short" "width" 12 "legend" "job_name"
    "expr" (printf "max by (job_name) (kube_job_failed{%s, condition=\"true\"}) * on (job_name) group_left (owner_name) max by (job_name, owner_name) (kube_job_owner{%s})" $matchers $ofJobs))
  (dict "title" "Duration of Jobs" "type" "timeseries" "unit" "s" "width" 12 "legend" "job_name" "expr" $duration)
  (dict "title" "Owner of the current build-image, by kube-state-metrics" "type" "table" "unit" "short" "width" 24 "legend" ""
    "expr" (printf "kube_configmap_annotations{%s, configmap=%q, annotation_image_builder_registrar_union_ai_current!=\"\"}" $matchers .values.cluster.statusConfigMap))
  (dict "title" "Current build-image (registrar status)" "type" "table" "unit" "short" "width" 12 "legend" ""
    "expr" "image_builder_registrar_current_info")
  (dict "title" "Duration of the last run (registrar status)" "type" "timeseries" "unit" "s" "width" 12 "legend" "trigger"
    "expr" "max by (trigger) (image_builder_registrar_last_run_duration_seconds)")
-}}
{{- $placed := list -}}
{{- $x := 0 -}}
{{- $y := 0 -}}
{{- range $index, $panel := $panels -}}
{{- $datasource := dict "type" "prometheus" "uid" "${datasource}" -}}
{{- $isTable := eq $panel.type "table" -}}
{{- $target := dict "refId" "A" "datasource" $datasource "expr" $panel.expr "instant" (ne $panel.type "timeseries") -}}
{{- if $isTable }}{{ $_ := set $target "format" "table" }}{{ end -}}
{{- with $panel.legend }}{{ $_ := set $target "legendFormat" (printf "{{%s}}" .) }}{{ end -}}
{{- if gt (add $x $panel.width) 24 }}{{ $x = 0 }}{{ $y = add $y 7 }}{{ end -}}
{{- $placed = append $placed (dict
  "id" (add1 $index)
  "title" $panel.title
  "type" $panel.type
  "datasource" $datasource
  "gridPos" (dict "x" $x "y" $y "w" $panel.width "h" 7)
  "fieldConfig" (dict "defaults" (dict "unit" $panel.unit) "overrides" list)
  "targets" (list $target)
) -}}
{{- $x = add $x $panel.width -}}
{{- end -}}
{{- dict
  "uid" (printf "%s/%s" $namespace .name | sha256sum | trunc 16)
  "title" (printf "Image Builder Registrar / %s / %s" $namespace .helmRelease.name)
  "tags" (list "image-builder-registrar")
  "editable" false
  "schemaVersion" 39
  "time" (dict "from" "now-24h" "to" "now")
  "refresh" "1m"
  "templating" (dict "list" (list (dict "name" "datasource" "label" "Data source" "type" "datasource" "query" "prometheus")))
  "panels" $placed
  | mustToPrettyJson -}}
{{- end -}}
