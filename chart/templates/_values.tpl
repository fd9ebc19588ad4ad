{{- /* The chart's values as YAML, with their templates rendered. Arguments: root context, values. */ -}}
{{- define "image-builder-registrar.rendered-values" -}}
{{- tpl (toYaml (omit (index . 1) "global")) (index . 0) -}}
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
{{- $appVersion := $own.appVersion -}}
{{- if and $parent (not $own.appVersion) (not $own.appVersionFrom) -}}
{{- $appVersion = $root.Chart.AppVersion -}}
{{- end -}}
{{- $registry := include "image-builder-registrar.first" (list $root $own.image.registry $global.IMAGE_REPOSITORY_PREFIX) -}}
{{- $configMap := dig "imageBuilder" "targetConfigMapName" "" $parent | default "build-image-config" -}}
{{- $inherited := dict
  "appVersion" $appVersion
  "clusterName" (include "image-builder-registrar.first" (list $root $own.clusterName $parent.clusterName $global.CLUSTER_NAME))
  "controlPlane" (include "image-builder-registrar.control-plane" . | mustFromJson)
  "auth" (include "image-builder-registrar.auth" . | mustFromJson)
  "caBundle" (include "image-builder-registrar.ca-bundle" . | mustFromJson)
  "task" (dict "configMapName" ($own.task.configMapName | default $configMap))
  "image" (dict "registry" $registry)
  "imagePullSecrets" ($own.imagePullSecrets | default (dig "operator" "imagePullSecrets" list $parent))
  "nodeSelector" ($own.nodeSelector | default $scheduling.nodeSelector)
  "tolerations" ($own.tolerations | default $scheduling.tolerations)
  "affinity" ($own.affinity | default $scheduling.affinity)
  "podLabels" (merge dict $own.podLabels ($parent.additionalPodLabels | default dict))
  "podAnnotations" (merge dict $own.podAnnotations ($parent.additionalPodAnnotations | default dict))
  "extraEnv" (include "image-builder-registrar.environment" (list $own.extraEnv $parent.additionalPodEnvVars) | mustFromJson)
-}}
{{- merge (deepCopy $inherited) $own | mustToJson -}}
{{- end -}}

{{- /* Environment variables as a JSON list. Arguments: extraEnv, the parent's variables as a mapping. */ -}}
{{- define "image-builder-registrar.environment" -}}
{{- $names := list -}}
{{- range index . 0 }}{{ $names = append $names .name }}{{ end -}}
{{- $inherited := list -}}
{{- range $name, $value := index . 1 -}}
{{- if not (has $name $names) }}{{ $inherited = append $inherited (dict "name" $name "value" (toString $value)) }}{{ end -}}
{{- end -}}
{{- concat $inherited (index . 0) | mustToJson -}}
{{- end -}}

{{- /* The first of several templates that renders to a non-empty string. Arguments: root context, templates. */ -}}
{{- define "image-builder-registrar.first" -}}
{{- $root := index . 0 -}}
{{- $found := "" -}}
{{- range rest . -}}
{{- if not $found -}}
{{- $found = ternary "" (tpl (toString .) $root) (kindIs "invalid" .) -}}
{{- end -}}
{{- end -}}
{{- $found -}}
{{- end -}}
