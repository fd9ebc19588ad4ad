{{- /*
The chart's values as YAML, with their templates rendered. Extra objects are rendered one by one: conditions and loops would not keep
the indentation of the others. Arguments: root context, values.
*/ -}}
{{- define "image-builder-registrar.rendered-values" -}}
{{- tpl (toYaml (omit (index . 1) "global" "extraObjects")) (index . 0) -}}
{{- end -}}

{{- /* The extra objects, as a JSON list of texts with their templates rendered. Arguments: root context, values. */ -}}
{{- define "image-builder-registrar.extra-objects" -}}
{{- $root := index . 0 -}}
{{- $texts := list -}}
{{- range (index . 1).extraObjects -}}
{{- $texts = append $texts (tpl (ternary . (toYaml .) (kindIs "string" .)) $root) -}}
{{- end -}}
{{- $texts | mustToJson -}}
{{- end -}}

{{- /*
The chart's values as JSON, with empty ones inherited from the parent chart. Only the parent's values are read, not its named
templates: values are its interface. Arguments: root context, rendered values, values of the parent (empty without a parent).
*/ -}}
{{- define "image-builder-registrar.values" -}}
{{- $root := index . 0 -}}
{{- $own := index . 1 -}}
{{- $parent := index . 2 -}}
{{- $global := $root.Values.global | default dict -}}
{{- $scheduling := $parent.scheduling | default dict -}}
{{- $podSpec := $parent.additionalPodSpec | default dict -}}
{{- $appVersion := $own.appVersion -}}
{{- $appVersionFrom := $own.appVersionFrom -}}
{{- if not (or $appVersion $appVersionFrom) -}}
{{- if $parent }}{{ $appVersion = $root.Chart.AppVersion }}{{ else }}{{ $appVersionFrom = "deployment/union-operator" }}{{ end -}}
{{- end -}}
{{- $registry := $own.image.registry -}}
{{- if not (or $registry (include "image-builder-registrar.has-host" $own.image.repository)) -}}
{{- $registry = include "image-builder-registrar.first" (list $root $global.imageRegistry $own.image.defaultRegistry) -}}
{{- end -}}
{{- $pullSecrets := concat
  (dig "operator" "imagePullSecrets" list $parent | default list)
  (dig "commonServiceAccount" "imagePullSecrets" list $parent | default list)
  ($parent.imagePullSecrets | default list)
  (include "image-builder-registrar.global-pull-secrets" $global | mustFromJson)
-}}
{{- $configMap := dig "imageBuilder" "targetConfigMapName" "" $parent | default "build-image-config" -}}
{{- $inherited := dict
  "appVersion" $appVersion
  "appVersionFrom" $appVersionFrom
  "clusterName" (include "image-builder-registrar.first" (list $root $own.clusterName $parent.clusterName $global.CLUSTER_NAME))
  "controlPlane" (include "image-builder-registrar.control-plane" . | mustFromJson)
  "auth" (include "image-builder-registrar.auth" . | mustFromJson)
  "check" (dict "buildNamespaceSelector" (include "image-builder-registrar.build-namespace-selector" (list $own $parent)))
  "task" (dict "configMapName" ($own.task.configMapName | default $configMap))
  "image" (dict "registry" $registry)
  "imagePullSecrets" ($own.imagePullSecrets | default (uniq $pullSecrets))
  "nodeSelector" ($own.nodeSelector | default $scheduling.nodeSelector)
  "tolerations" ($own.tolerations | default $scheduling.tolerations)
  "affinity" ($own.affinity | default $scheduling.affinity)
  "priorityClassName" ($own.priorityClassName | default $podSpec.priorityClassName)
  "runtimeClassName" ($own.runtimeClassName | default $podSpec.runtimeClassName)
  "dnsPolicy" ($own.dnsPolicy | default $podSpec.dnsPolicy)
  "dnsConfig" ($own.dnsConfig | default $podSpec.dnsConfig)
  "hostAliases" ($own.hostAliases | default $podSpec.hostAliases)
  "podLabels" (merge dict $own.podLabels ($parent.additionalPodLabels | default dict))
  "podAnnotations" (merge dict $own.podAnnotations ($parent.additionalPodAnnotations | default dict))
  "extraEnv" (include "image-builder-registrar.environment" (list $own.extraEnv $parent.additionalPodEnvVars) | mustFromJson)
-}}
{{- merge (deepCopy $inherited) $own | mustToJson -}}
{{- end -}}

{{- /* The pull secrets of all charts as a JSON list; many charts take a plain name, too. Argument: globals. */ -}}
{{- define "image-builder-registrar.global-pull-secrets" -}}
{{- $secrets := list -}}
{{- range .imagePullSecrets -}}
{{- $secrets = append $secrets (ternary (dict "name" .) . (kindIs "string" .)) -}}
{{- end -}}
{{- $secrets | mustToJson -}}
{{- end -}}

{{- /* Environment variables as a JSON list. Arguments: extraEnv, the parent's variables as a mapping. */ -}}
{{- define "image-builder-registrar.environment" -}}
{{- $names := list -}}
{{- range index . 0 }}{{ $names = append $names .name }}{{ end -}}
{{- $inherited := list -}}
{{- range $name, $value := index . 1 -}}
{{- $text := include "image-builder-registrar.text" $value -}}
{{- if not (has $name $names) }}{{ $inherited = append $inherited (dict "name" $name "value" $text) }}{{ end -}}
{{- end -}}
{{- concat $inherited (index . 0) | mustToJson -}}
{{- end -}}

{{- /* The first of several templates that renders to a non-empty string. Arguments: root context, templates. */ -}}
{{- define "image-builder-registrar.first" -}}
{{- $root := index . 0 -}}
{{- $found := "" -}}
{{- range rest . -}}
{{- if not $found -}}
{{- $found = tpl (include "image-builder-registrar.text" .) $root -}}
{{- end -}}
{{- end -}}
{{- $found -}}
{{- end -}}

{{- /*
A value as text; empty for null. Helm reads an unquoted number as a float, which would be printed as 1.234567e+06: a whole number is
printed with all its digits as long as a float holds them. Argument: value.
*/ -}}
{{- define "image-builder-registrar.text" -}}
{{- if kindIs "invalid" . -}}
{{- else if not (kindIs "float64" .) -}}
{{- toString . -}}
{{- else if and (eq (floor .) .) (lt . 9007199254740992.0) (gt . -9007199254740992.0) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- /*
Selector of the namespaces where builds run. A data plane that runs tasks in a namespace per project and domain labels each of them.
Arguments: rendered values, values of the parent.
*/ -}}
{{- define "image-builder-registrar.build-namespace-selector" -}}
{{- $check := (index . 0).check -}}
{{- $parent := index . 1 -}}
{{- $isMultiNamespace := and (dig "namespaces" "enabled" false $parent) (not $parent.low_privilege) -}}
{{- if $check.buildNamespaceSelector -}}
{{- $check.buildNamespaceSelector -}}
{{- else if and $isMultiNamespace (not $check.buildNamespaces) -}}
union.ai/namespace-type=flyte
{{- end -}}
{{- end -}}
