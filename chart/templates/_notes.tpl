{{- /* Notes: how it ended first, then how to run it again. Argument: context. */ -}}
{{- define "image-builder-registrar.notes" -}}
{{- $hooks := .values.hooks }}
{{- $isMember := eq .values.role "member" }}
{{- $appVersion := .values.appVersion | default (printf "the appVersion of %s" .values.appVersionFrom) }}
{{- $kubectl := printf "kubectl -n %s" .helmRelease.namespace }}
{{- if and $hooks.install $hooks.upgrade (not $hooks.plain) (not $hooks.annotations) }}
{{ $isMember | ternary "Which build-image the owner has registered" (printf "Whether build-image is registered for %s" $appVersion) }}:
  {{ $kubectl }} logs job/{{ .name }}-register
{{- else if .values.cluster.enabled }}
Whether build-image is registered, after the first run:
  {{ $kubectl }} get configmap {{ .values.cluster.statusConfigMap }} -o yaml
{{- end }}
{{- if $isMember }}
This data plane is a member: it registers nothing. The one data plane of its control plane with role owner does.
{{- end }}
{{- if and .values.cronJob.enabled .values.cronJob.schedule }}
{{- $mayFail := eq .values.cronJob.failurePolicy "fail" }}
{{- if $isMember }}
CronJob {{ .name }} looks up what is current{{ $mayFail | ternary "; if it cannot, or nothing is registered, its Job is Failed" "" }}.
{{- else }}
CronJob {{ .name }} registers what a hook could not{{ $mayFail | ternary "; if it cannot either, its Job is Failed" "" }}.
This data plane is an owner: set role to member in the other data planes of its control plane.
{{- end }}
{{- end }}
{{- with .cronJobs.register }}
To register now:
  {{ $kubectl }} create job --from=cronjob/{{ . }} registrar-$(date +%s)
{{- end }}
{{- with .cronJobs.check }}
To check what remote builds require:
  {{ $kubectl }} create job --from=cronjob/{{ . }} check-now
  {{ $kubectl }} logs --follow job/check-now
{{- end }}
{{- with .cronJobs.build }}
To prove by a build of one small image that remote builds work:
  {{ $kubectl }} create job --from=cronjob/{{ . }} build-now
  {{ $kubectl }} logs --follow job/build-now
{{- end }}
{{- $builds := or .cronJobs.build .values.test.build.enabled }}
{{- if and $builds .values.networkPolicy.enabled .values.networkPolicy.egressCidrs }}
For that build, networkPolicy.egressCidrs must include the data plane's endpoint and its bucket.
{{- end }}
{{- if .values.cluster.enabled }}
How the last runs ended:
  {{ $kubectl }} get configmap {{ .values.cluster.statusConfigMap }} -o yaml
{{- end }}
{{- end -}}

{{- /* The notes, for NOTES.txt of the parent chart: Helm does not print those of a dependency. Argument: root context of the parent. */ -}}
{{- define "image-builder-registrar.embedded-notes" -}}
{{- with include "image-builder-registrar.context" . | mustFromJson -}}
{{- include "image-builder-registrar.notes" . -}}
{{- end -}}
{{- end -}}
