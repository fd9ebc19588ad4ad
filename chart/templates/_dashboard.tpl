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
{{- /* Each Job has a name of its own: in a panel, those of a CronJob are one line. */ -}}
{{- $byCronJob := printf "* on (job_name) group_left (owner_name) max by (job_name, owner_name) (kube_job_owner{%s})" $ofJobs -}}
{{- $sinceSuccess := printf "time() - max by (cronjob) (kube_cronjob_status_last_successful_time{%s})" $ofCronJobs -}}
{{- $limit := printf "clamp_min(2 * (max by (cronjob) (kube_cronjob_next_schedule_time{%s}) - max by (cronjob) (kube_cronjob_status_last_schedule_time{%s})), 3600)" $ofCronJobs $ofCronJobs -}}
{{- $late := printf "%s > %s" $sinceSuccess $limit -}}
{{- /* The program's own metrics say in wanted_info which Helm release they are of; what scrapes them adds the same labels to all. */ -}}
{{- $wanted := printf "image_builder_registrar_wanted_info{owner=%q}" (printf "%s/%s/%s" .values.clusterName $namespace .helmRelease.name) -}}
{{- $annotation := "annotation_image_builder_registrar_union_ai_current" -}}
{{- $green := dict "mode" "fixed" "fixedColor" "green" -}}
{{- $red := dict "mode" "fixed" "fixedColor" "red" -}}
{{- $blue := dict "mode" "fixed" "fixedColor" "blue" -}}
{{- $redFromOne := dict "mode" "absolute" "steps" (list (dict "value" nil "color" "green") (dict "value" 1 "color" "red")) -}}
{{- $panels := list
  (dict "title" "Since the last success" "type" "stat" "unit" "s" "width" 8 "legend" "cronjob" "color" $green
    "expr" (printf "%s unless on (cronjob) (%s)" $sinceSuccess $late) "redExpr" $late)
  (dict "title" "Until the next run" "type" "stat" "unit" "s" "width" 8 "legend" "cronjob" "color" $blue
    "expr" (printf "max by (cronjob) (kube_cronjob_next_schedule_time{%s}) - time()" $ofCronJobs))
  (dict "title" "Alerts" "type" "stat" "unit" "short" "width" 8 "legend" "" "thresholds" $redFromOne
    "expr" (printf "count(ALERTS{alertname=~\"ImageBuilderRegistrar.*\", namespace=%q, alertstate=\"firing\"}) or vector(0)" $namespace))
  (dict "title" "Failed Jobs that are kept" "type" "timeseries" "unit" "short" "width" 12 "legend" "owner_name"
    "expr" (printf "sum by (owner_name) (max by (job_name) (kube_job_failed{%s, condition=\"true\"}) %s)" $matchers $byCronJob))
  (dict "title" "Longest of the Jobs that are kept" "type" "timeseries" "unit" "s" "width" 12 "legend" "owner_name"
    "expr" (printf "max by (owner_name) (max by (job_name) (kube_job_status_completion_time{%s} - kube_job_status_start_time{%s}) %s)" $matchers $matchers $byCronJob))
  (dict "title" "Owner of the current build-image, by kube-state-metrics" "type" "table" "unit" "short" "width" 24 "legend" ""
    "expr" (printf "max by (%s, %s_owner) (kube_configmap_annotations{%s, configmap=%q, %s!=\"\"})" $annotation $annotation $matchers .values.cluster.statusConfigMap $annotation))
  (dict "title" "Current build-image (registrar status)" "type" "table" "unit" "short" "width" 12 "legend" ""
    "expr" (printf "max by (version, app_version, owner) (image_builder_registrar_current_info and ignoring (version, app_version, project, domain, owner) %s)" $wanted))
  (dict "title" "Duration of the last run (registrar status)" "type" "timeseries" "unit" "s" "width" 12 "legend" "trigger"
    "expr" (printf "max by (trigger) (image_builder_registrar_last_run_duration_seconds and ignoring (trigger, app_version, project, domain, owner) %s)" $wanted))
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
{{- $targets := list $target -}}
{{- /* Grafana colours a stat panel without thresholds red from 80. */ -}}
{{- $defaults := dict "unit" $panel.unit -}}
{{- with $panel.color }}{{ $_ := set $defaults "color" . }}{{ end -}}
{{- with $panel.thresholds }}{{ $_ := set $defaults "thresholds" . }}{{ end -}}
{{- $overrides := list -}}
{{- with $panel.redExpr -}}
{{- $targets = append $targets (merge (dict "refId" "B" "expr" .) $target) -}}
{{- $properties := list (dict "id" "color" "value" $red) -}}
{{- $overrides = append $overrides (dict "matcher" (dict "id" "byFrameRefID" "options" "B") "properties" $properties) -}}
{{- end -}}
{{- if gt (add $x $panel.width) 24 }}{{ $x = 0 }}{{ $y = add $y 7 }}{{ end -}}
{{- $placed = append $placed (dict
  "id" (add1 $index)
  "title" $panel.title
  "type" $panel.type
  "datasource" $datasource
  "gridPos" (dict "x" $x "y" $y "w" $panel.width "h" 7)
  "fieldConfig" (dict "defaults" $defaults "overrides" $overrides)
  "targets" $targets
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
