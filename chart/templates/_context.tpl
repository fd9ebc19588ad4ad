{{- /*
The data that all objects are rendered from, as JSON; {} if the chart renders nothing. The values are validated first. Objects
only read it. Argument: root context of the chart, or of the parent chart that embeds it under the alias imageBuilderRegistrar.
Its keys:

  helmRelease         name, namespace, service, isInstall of the Helm release
  chart               label helm.sh/chart
  name                name of the objects
  cronJobs            names of the CronJobs for manual runs: check, build, register, force; only those that are rendered
  serviceAccountName  service account of the pods
  buildNamespaces     namespaces where builds run, unless a selector selects them
  buildkitPort        port of the buildkit Service
  settings            the program's settings file, as text
  extraObjects        the extra objects, as texts
  values              the chart's values, with templates rendered and empty ones inherited from the parent chart
*/ -}}
{{- define "image-builder-registrar.context" -}}
{{- $embedded := hasKey .Values "imageBuilderRegistrar" -}}
{{- $all := .Values.AsMap | default .Values -}}
{{- $given := ternary .Values.imageBuilderRegistrar $all $embedded -}}
{{- $parent := ternary $all dict $embedded -}}
{{- $enabled := and $given.enabled (dig "imageBuilder" "enabled" true $parent) -}}
{{- if and $enabled (not (and $embedded $given.standalone)) -}}
{{- $own := include "image-builder-registrar.rendered-values" (list . $given) | fromYaml -}}
{{- with $own.Error -}}
{{- fail (printf "image-builder-registrar: the values are not valid YAML after their templates are rendered: %s" .) -}}
{{- end -}}
{{- $values := include "image-builder-registrar.values" (list . $own $parent) | mustFromJson -}}
{{- include "image-builder-registrar.validate" $values -}}
{{- $helmRelease := dict
  "name" .Release.Name
  "namespace" .Release.Namespace
  "service" .Release.Service
  "isInstall" .Release.IsInstall
-}}
{{- $name := include "image-builder-registrar.name" (list .Release.Name $values) -}}
{{- $cronJobs := dict -}}
{{- if $values.check.enabled -}}
{{- $_ := set $cronJobs "check" (include "image-builder-registrar.cron-job-name" (list $name "check")) -}}
{{- end -}}
{{- if $values.buildCronJob.enabled -}}
{{- $_ := set $cronJobs "build" (include "image-builder-registrar.cron-job-name" (list $name "build")) -}}
{{- end -}}
{{- if and $values.manual.enabled (eq $values.role "owner") -}}
{{- $_ := set $cronJobs "register" (include "image-builder-registrar.cron-job-name" (list $name "register")) -}}
{{- $_ := set $cronJobs "force" (include "image-builder-registrar.cron-job-name" (list $name "register-force")) -}}
{{- end -}}
{{- $chartObjects := include "image-builder-registrar.chart-objects" (list $name $cronJobs $values $embedded) | mustFromJson -}}
{{- dict
  "helmRelease" $helmRelease
  "chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "name" $name
  "cronJobs" $cronJobs
  "serviceAccountName" ($values.serviceAccount.name | default (ternary $name "default" $values.serviceAccount.create))
  "buildNamespaces" ($values.check.buildNamespaces | default (list .Release.Namespace) | uniq)
  "buildkitPort" (dig "imageBuilder" "buildkit" "service" "port" 1234 $parent)
  "settings" (include "image-builder-registrar.settings" (list $helmRelease $name $values $chartObjects))
  "extraObjects" (include "image-builder-registrar.extra-objects" (list . $given) | mustFromJson)
  "values" $values
  | mustToJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}
