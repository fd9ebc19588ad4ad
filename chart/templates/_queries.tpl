{{- /* Label matchers of the Helm release's namespace, and those of the values. Argument: context. */ -}}
{{- define "image-builder-registrar.matchers" -}}
namespace={{ .helmRelease.namespace | quote }}
{{- with .values.metrics.prometheusRule.kubeStateMetricsSelector }}, {{ . }}{{ end -}}
{{- end -}}

{{- /*
When a CronJob did something last, or was created if it never has: a fresh installation is not late. Arguments: context, name of the
CronJob, metric of kube-state-metrics.
*/ -}}
{{- define "image-builder-registrar.moment" -}}
{{- $matchers := printf "%s, cronjob=%q" (include "image-builder-registrar.matchers" (index . 0)) (index . 1) -}}
(max by (namespace, cronjob) ({{ index . 2 }}{ {{- $matchers -}} }) or max by (namespace, cronjob) (kube_cronjob_created{ {{- $matchers -}} }))
{{- end -}}

{{- /*
Whether a Job of a CronJob has failed that was created after the last one which succeeded, while the CronJob is not suspended. The
failed Job is kept for its log, so that it alone tells nothing. Arguments: context, name of the CronJob.
*/ -}}
{{- define "image-builder-registrar.failed-job" -}}
{{- $matchers := include "image-builder-registrar.matchers" (index . 0) -}}
max by (namespace, cronjob) (
  label_replace(
    max by (namespace, job_name) (kube_job_created{ {{- $matchers -}} })
      * on (namespace, job_name) group_left (owner_name)
        max by (namespace, job_name, owner_name) (kube_job_owner{ {{- $matchers }}, owner_kind="CronJob", owner_name={{ index . 1 | quote -}} })
      and on (namespace, job_name) (kube_job_failed{ {{- $matchers }}, condition="true"} == 1),
    "cronjob", "$1", "owner_name", "(.*)"
  )
)
  > {{ include "image-builder-registrar.moment" (list (index . 0) (index . 1) "kube_cronjob_status_last_successful_time") }}
  and on (namespace, cronjob) (kube_cronjob_spec_suspend{ {{- $matchers }}, cronjob={{ index . 1 | quote -}} } == 0)
{{- end -}}

{{- /*
Whether no run of a CronJob has succeeded for an hour, or for two periods of its schedule if they are longer. A suspended CronJob has no
next time, and one that was is late until its next run. Arguments: context, name of the CronJob.
*/ -}}
{{- define "image-builder-registrar.no-success" -}}
{{- $matchers := printf "%s, cronjob=%q" (include "image-builder-registrar.matchers" (index . 0)) (index . 1) -}}
time() - {{ include "image-builder-registrar.moment" (append . "kube_cronjob_status_last_successful_time") }}
  > clamp_min(
    2 * (
      max by (namespace, cronjob) (kube_cronjob_next_schedule_time{ {{- $matchers -}} })
        - {{ include "image-builder-registrar.moment" (append . "kube_cronjob_status_last_schedule_time") }}
    ),
    3600
  )
  unless on (namespace, cronjob) (max_over_time(kube_cronjob_spec_suspend{ {{- $matchers -}} }[1h]) == 1)
{{- end -}}

{{- /*
Whose the current build-image is, if it is neither the one that is wanted nor this Helm release's: from annotations of the status
ConfigMap, which kube-state-metrics exposes if they are on its allow-list. Argument: context.
*/ -}}
{{- define "image-builder-registrar.other-owner" -}}
max by (namespace, configmap, owner) (
  label_replace(
    kube_configmap_annotations{ {{- include "image-builder-registrar.matchers" . }}, configmap={{ .values.cluster.statusConfigMap | quote }}, annotation_image_builder_registrar_union_ai_current=~"other-owner|manual"},
    "owner", "$1", "annotation_image_builder_registrar_union_ai_current_owner", "(.*)"
  )
)
{{- end -}}
