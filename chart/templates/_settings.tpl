{{- /*
The program's settings file (docs/settings.md) as YAML, the same for every run; trigger and Job are passed as environment
variables. Arguments: `helmRelease`, name and values of the context, and the names of the chart's objects.
*/ -}}
{{- define "image-builder-registrar.settings" -}}
{{- $helmRelease := index . 0 -}}
{{- $v := index . 2 -}}
{{- $controlPlane := dict
  "insecure" $v.controlPlane.insecure
  "insecureSkipVerify" $v.controlPlane.insecureSkipVerify
  "auth" (include "image-builder-registrar.auth-settings" $v.auth | mustFromJson)
-}}
{{- $given := dict "endpoint" $v.controlPlane.endpoint "org" $v.controlPlane.org "proxy" $v.proxy.url "noProxy" $v.proxy.noProxy -}}
{{- if or $v.caBundle.configMap $v.caBundle.secret -}}
{{- $_ := set $given "caFile" (printf "/etc/registrar-ca/%s" $v.caBundle.key) -}}
{{- end -}}
{{- range $key, $value := $given -}}
{{- if $value }}{{ $_ := set $controlPlane $key $value }}{{ end -}}
{{- end -}}
{{- $cluster := dict "enabled" $v.cluster.enabled "statusConfigMap" $v.cluster.statusConfigMap "settingsConfigMap" (index . 1) "chartObjects" (index . 3) -}}
{{- with $v.check.buildNamespaces }}{{ $_ := set $cluster "buildNamespaces" (uniq .) }}{{ end -}}
{{- with $v.check.buildNamespaceSelector }}{{ $_ := set $cluster "buildNamespaceSelector" . }}{{ end -}}
{{- with $v.check.serviceAccount }}{{ $_ := set $cluster "buildServiceAccount" . }}{{ end -}}
{{- $registry := dict "sendToBuildkit" $v.registry.sendToBuildkit -}}
{{- with $v.registry.mirrors }}{{ $_ := set $registry "mirrors" . }}{{ end -}}
{{- with $v.registry.insecureHosts }}{{ $_ := set $registry "insecureHosts" . }}{{ end -}}
{{- if $v.registry.existingSecret }}{{ $_ := set $registry "authFile" "/etc/registrar-registry/.dockerconfigjson" }}{{ end -}}
{{- $policy := dict "role" $v.role "failure" $v.failurePolicy "whenNewer" $v.whenNewer "ensureProject" $v.ensureProject -}}
{{- with $v.cronJob.lookAgainAfter }}{{ $_ := set $policy "lookAgainAfter" . }}{{ end -}}
{{- $log := dict -}}
{{- if ne $v.logFormat "text" }}{{ $_ := set $log "logFormat" $v.logFormat }}{{ end -}}
{{- $timeout := printf "%ds" (sub (int $v.activeDeadlineSeconds) 30) -}}
{{- merge $log (dict
  (ternary "appVersionFrom" "appVersion" (not (empty $v.appVersionFrom))) ($v.appVersionFrom | default $v.appVersion)
  "release" (dict "cluster" $v.clusterName "namespace" $helmRelease.namespace "name" $helmRelease.name)
  "controlPlane" $controlPlane
  "task" $v.task
  "policy" $policy
  "timeouts" (merge (dict "total" $timeout) $v.timeouts)
  "cluster" $cluster
  "build" $v.build
  "builds" $v.builds
  "registry" $registry
  "network" $v.network
) | toYaml -}}
{{- end -}}

{{- /* controlPlane.auth of the settings file, as JSON. Argument: values.auth. */ -}}
{{- define "image-builder-registrar.auth-settings" -}}
{{- $auth := dict "type" .type -}}
{{- if ne .type "none" -}}
{{- $_ := set $auth (printf "%sFile" .type) (printf "/etc/registrar-auth/%s" .existingSecretKey) -}}
{{- end -}}
{{- if eq .type "clientSecret" -}}
{{- $_ := set $auth "clientId" .clientId -}}
{{- end -}}
{{- if ne .type "none" -}}
{{- with .scopes }}{{ $_ := set $auth "scopes" . }}{{ end -}}
{{- end -}}
{{- $auth | mustToJson -}}
{{- end -}}

{{- /*
What the chart has created, for the program's messages that name it, as JSON. Arguments: name, names of the CronJobs for manual
runs, values, whether another chart embeds this one.
*/ -}}
{{- define "image-builder-registrar.chart-objects" -}}
{{- $v := index . 2 -}}
{{- $objects := dict "valuesPrefix" (ternary "imageBuilderRegistrar." "" (index . 3)) -}}
{{- with $v.nameOverride }}{{ $_ := set $objects "nameLabel" (include "image-builder-registrar.chart-name" $v) }}{{ end -}}
{{- if $v.cronJob.enabled }}{{ $_ := set $objects "cronJob" (index . 0) }}{{ end -}}
{{- range $key, $name := index . 1 }}{{ $_ := set $objects (printf "%sCronJob" $key) $name }}{{ end -}}
{{- if ne $v.auth.type "none" -}}
{{- $_ := set $objects "credential" (dict "secret" $v.auth.existingSecret "key" $v.auth.existingSecretKey) -}}
{{- end -}}
{{- with $v.registry.existingSecret -}}
{{- $_ := set $objects "registryCredential" (dict "secret" . "key" ".dockerconfigjson") -}}
{{- end -}}
{{- if $v.caBundle.configMap -}}
{{- $_ := set $objects "caBundle" (dict "kind" "ConfigMap" "name" $v.caBundle.configMap "key" $v.caBundle.key) -}}
{{- else if $v.caBundle.secret -}}
{{- $_ := set $objects "caBundle" (dict "kind" "Secret" "name" $v.caBundle.secret "key" $v.caBundle.key) -}}
{{- end -}}
{{- $objects | mustToJson -}}
{{- end -}}
