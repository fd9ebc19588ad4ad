{{- /* A mapping over its defaults, as JSON; null counts as not given. Arguments: mapping, defaults. */ -}}
{{- define "image-builder-registrar.over-defaults" -}}
{{- $merged := deepCopy (index . 0) -}}
{{- range $key, $default := index . 1 -}}
{{- $given := index $merged $key -}}
{{- if kindIs "invalid" $given -}}
{{- $_ := set $merged $key $default -}}
{{- else if and (kindIs "map" $given) (kindIs "map" $default) -}}
{{- $_ := set $merged $key (include "image-builder-registrar.over-defaults" (list $given $default) | mustFromJson) -}}
{{- end -}}
{{- end -}}
{{- $merged | mustToJson -}}
{{- end -}}

{{- $defaults := include "image-builder-registrar.defaults" . | fromYaml }}
{{- $given := list (.Values.imageBuilderRegistrar | default dict) $defaults }}
{{- $own := include "image-builder-registrar.over-defaults" $given | mustFromJson }}
{{- $values := merge (dict "imageBuilderRegistrar" $own) .Values.AsMap }}
{{- $root := dict "Values" $values "Chart" .Chart "Release" .Release "Capabilities" .Capabilities "Template" .Template }}
{{- include "image-builder-registrar.manifests" $root }}
