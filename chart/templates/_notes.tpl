{{- /* Notes: how it ended first, then how to run it again. Argument: context. */ -}}
{{- define "image-builder-registrar.notes" -}}
{{- $hooks := .values.hooks }}
{{- $isMember := eq .values.role "member" }}
{{- $appVersion := .values.appVersion | default (printf "the appVersion of %s" .values.appVersionFrom) }}
{{- $kubectl := printf "kubectl -n %s" .helmRelease.namespace }}
{{- $status := printf "%s get configmap %s -o yaml" $kubectl .values.cluster.statusConfigMap }}
{{- $isLogged := and $hooks.install $hooks.upgrade (not $hooks.plain) (not $hooks.annotations) }}
{{- if $isLogged }}
To see {{ $isMember | ternary "which build-image the owner has registered" (printf "whether build-image was registered for %s" $appVersion) }}:
  {{ $kubectl }} logs job/{{ .name }}-register
{{- else if .values.cluster.enabled }}
To see whether build-image is registered, after the first run:
  {{ $status }}
{{- end }}
{{- if $isMember }}
This data plane is a member and registers nothing: the data plane with role owner registers for all.
{{- end }}
{{- if and .values.cronJob.enabled .values.cronJob.schedule }}
{{- $mayFail := eq .values.cronJob.failurePolicy "fail" }}
{{- if $isMember }}
CronJob {{ .name }} looks up what is current{{ $mayFail | ternary "; if it cannot, or nothing is registered, its Job is Failed" "" }}.
{{- else }}
CronJob {{ .name }} registers what a hook could not{{ $mayFail | ternary "; if it cannot either, its Job is Failed" "" }}.
If other data planes use this control plane, set role: member in them.
{{- end }}
{{- end }}
{{- with .cronJobs.register }}
To register now:
{{- include "image-builder-registrar.manual-job" (list $kubectl . "registrar") }}
{{- end }}
{{- with .cronJobs.check }}
To check what remote builds require:
{{- include "image-builder-registrar.manual-job" (list $kubectl . "check") }}
{{- end }}
{{- with .cronJobs.build }}
To prove by a build of one small image that remote builds work:
{{- include "image-builder-registrar.manual-job" (list $kubectl . "build") }}
{{- end }}
{{- $builds := or .cronJobs.build .values.test.build.enabled }}
{{- if and $builds .values.networkPolicy.enabled .values.networkPolicy.egressCidrs }}
For that build, networkPolicy.egressCidrs must include the data plane's endpoint and its bucket.
{{- end }}
{{- if and $isLogged .values.cluster.enabled }}
To see how the last runs ended:
  {{ $status }}
{{- end }}
{{- end -}}

{{- /* Commands for a Job of a CronJob and its log, under a name that is not taken. Arguments: kubectl, CronJob, start of the name. */ -}}
{{- define "image-builder-registrar.manual-job" }}
  job={{ index . 2 }}-$(date +%s)
  {{ index . 0 }} create job --from=cronjob/{{ index . 1 }} $job
  {{ index . 0 }} logs --follow job/$job
{{- end -}}

{{- /* The notes, for NOTES.txt of the parent chart: Helm does not print those of a dependency. Argument: root context of the parent. */ -}}
{{- define "image-builder-registrar.embedded-notes" -}}
{{- with include "image-builder-registrar.context" . | mustFromJson -}}
{{- include "image-builder-registrar.notes" . -}}
{{- end -}}
{{- end -}}
