{{- /*
What every object is rendered from, as JSON; {} where nothing is to be rendered. Values are validated on the way, so no object
renders from values that cannot work. Argument: root context, the chart's own or that of a parent chart that embeds it under
the alias imageBuilderRegistrar. Objects only read it. Its keys:

  release             Helm's: name, namespace, service and isInstall
  chart               label helm.sh/chart
  name                name of every object that has no other
  checkName           name of the CronJob for manual checks
  serviceAccountName  service account of every pod
  buildNamespaces     namespaces where builds run
  buildkitPort        port of buildkit's Service
  settings            the program's settings file, as text
  values              the chart's values, their templates rendered and what is empty inherited from the parent chart
*/ -}}
{{- define "image-builder-registrar.context" -}}
{{- $embedded := hasKey .Values "imageBuilderRegistrar" -}}
{{- $given := ternary .Values.imageBuilderRegistrar .Values.AsMap $embedded -}}
{{- $parent := ternary .Values.AsMap dict $embedded -}}
{{- $enabled := and $given.enabled (dig "imageBuilder" "enabled" true $parent) -}}
{{- if and $enabled (not (and $embedded $given.standalone)) -}}
{{- $own := include "image-builder-registrar.rendered-values" (list . $given) | fromYaml -}}
{{- with $own.Error }}{{ fail (printf "image-builder-registrar: with the templates in them rendered, the values are no YAML: %s" .) }}{{ end -}}
{{- $values := include "image-builder-registrar.values" (list . $own $parent) | mustFromJson -}}
{{- include "image-builder-registrar.validate" $values -}}
{{- $release := dict "name" .Release.Name "namespace" .Release.Namespace "service" .Release.Service "isInstall" .Release.IsInstall -}}
{{- $name := include "image-builder-registrar.name" (list .Release.Name $values) -}}
{{- dict
  "release" $release
  "chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "name" $name
  "checkName" (include "image-builder-registrar.check-name" $name)
  "serviceAccountName" ($values.serviceAccount.name | default (ternary $name "default" $values.serviceAccount.create))
  "buildNamespaces" ($values.check.buildNamespaces | default (list .Release.Namespace) | uniq)
  "buildkitPort" (dig "imageBuilder" "buildkit" "service" "port" 1234 $parent)
  "settings" (include "image-builder-registrar.settings" (list $release $name $values))
  "values" $values
  | mustToJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}
