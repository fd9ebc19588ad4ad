{{- /* Label matchers of the Helm release's namespace, and those of the values. Argument: context. */ -}}
{{- define "image-builder-registrar.matchers" -}}
namespace={{ .helmRelease.namespace | quote }}
{{- with .values.metrics.prometheusRule.kubeStateMetricsSelector }}, {{ . }}{{ end -}}
{{- end -}}

{{- /*
Whether the last run that the schedule of a CronJob has started has not succeeded, while it is not suspended. It asks the CronJob: its
Jobs may be deleted by their TTL, and OpenShift leaves out when a Job was created. Arguments: context, name of the CronJob.
*/ -}}
{{- define "image-builder-registrar.failed-run" -}}
{{- $matchers := printf "%s, cronjob=%q" (include "image-builder-registrar.matchers" (index . 0)) (index . 1) -}}
max by (namespace, cronjob) (kube_cronjob_status_last_schedule_time{ {{- $matchers -}} })
  > (
    max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{ {{- $matchers -}} })
      or max by (namespace, cronjob) (kube_cronjob_spec_suspend{ {{- $matchers -}} }) - Inf
  )
  and on (namespace, cronjob) (kube_cronjob_spec_suspend{ {{- $matchers -}} } == 0)
{{- end -}}

{{- /*
Whether nothing of a CronJob has succeeded for an hour, or for two periods of its schedule if they are longer, since it was created
or was suspended last. Arguments: context, name of the CronJob.
*/ -}}
{{- define "image-builder-registrar.no-success" -}}
{{- $matchers := printf "%s, cronjob=%q" (include "image-builder-registrar.matchers" (index . 0)) (index . 1) -}}
time() - max by (namespace, cronjob) (
  kube_cronjob_status_last_successful_time{ {{- $matchers -}} }
    or label_replace(kube_cronjob_created{ {{- $matchers -}} }, "of", "creation", "", "")
    or label_replace(max_over_time(timestamp(kube_cronjob_spec_suspend{ {{- $matchers -}} } == 1)[1d:5m]), "of", "suspension", "", "")
)
  > clamp_min(
    2 * (
      max by (namespace, cronjob) (kube_cronjob_next_schedule_time{ {{- $matchers -}} })
        - (
          max by (namespace, cronjob) (kube_cronjob_status_last_schedule_time{ {{- $matchers -}} })
            or max by (namespace, cronjob) (kube_cronjob_created{ {{- $matchers -}} })
        )
    ),
    3600
  )
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
