{{- /* Timeout of one build; its default is the program's. Argument: values.build. */ -}}
{{- define "image-builder-registrar.build-timeout" -}}
{{- .timeout | default "10m" -}}
{{- end -}}

{{- /* Seconds that all builds may take: one for each project, one after another. Arguments: values.build, timeout of a build. */ -}}
{{- define "image-builder-registrar.build-seconds" -}}
{{- $builds := max 1 (len ((index . 0).projects | default list)) -}}
{{- mul $builds (include "image-builder-registrar.seconds" (index . 1)) -}}
{{- end -}}

{{- /*
Seconds of a duration, as the program reads it: 90s, 10m, 1h30m. Nothing if it is none, or not from 1s to 24h. Argument: duration.
*/ -}}
{{- define "image-builder-registrar.seconds" -}}
{{- $text := include "image-builder-registrar.text" . -}}
{{- if regexMatch "^(0*[0-9]{1,5}h)?(0*[0-9]{1,5}m)?(0*[0-9]{1,5}s)?$" $text -}}
{{- $hours := regexFind "[0-9]+h" $text | trimSuffix "h" | atoi -}}
{{- $minutes := regexFind "[0-9]+m" $text | trimSuffix "m" | atoi -}}
{{- $seconds := regexFind "[0-9]+s" $text | trimSuffix "s" | atoi -}}
{{- $all := add (mul 3600 $hours) (mul 60 $minutes) $seconds -}}
{{- if and (ge $all 1) (le $all 86400) }}{{ $all }}{{ end -}}
{{- end -}}
{{- end -}}
