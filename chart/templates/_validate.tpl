{{- /*
Fails on values that contradict each other or cannot work. Types and unknown keys are checked by values.schema.json. Argument:
values.
*/ -}}
{{- define "image-builder-registrar.validate" -}}
{{- include "image-builder-registrar.require-digits" (list "" .) -}}
{{- if and .appVersion .appVersionFrom -}}
{{- fail "image-builder-registrar: appVersion and appVersionFrom are both set; remove one of them." -}}
{{- else if not (or .appVersion .appVersionFrom) -}}
{{- fail "image-builder-registrar: the parent chart's Chart.yaml has no appVersion; set imageBuilderRegistrar.appVersion, such as 2026.8.3." -}}
{{- end -}}
{{- if not .clusterName -}}
{{- fail "image-builder-registrar: clusterName is empty; set it to a name that is unique among the data planes of the control plane: it identifies the owner of a registration." -}}
{{- end -}}
{{- $hasHost := include "image-builder-registrar.has-host" .image.repository -}}
{{- if not (or .image.registry $hasHost) -}}
{{- fail "image-builder-registrar: image.registry is empty; set it to the registry of the image, such as registry.example.com/union; or set global.imageRegistry, or an image.repository that begins with a host." -}}
{{- end -}}
{{- if and .image.registry $hasHost -}}
{{- fail (printf "image-builder-registrar: image.repository is %s, which begins with a host, and image.registry is %s; remove one of them." .image.repository .image.registry) -}}
{{- end -}}
{{- if and (eq (.dnsPolicy | default "") "None") (not (dig "nameservers" list (.dnsConfig | default dict))) -}}
{{- fail "image-builder-registrar: dnsPolicy is None, but dnsConfig.nameservers is empty, so Kubernetes refuses the pods; set a name server, or remove dnsPolicy." -}}
{{- end -}}
{{- if and (not .controlPlane.endpoint) (ne .auth.type "apiKey") -}}
{{- fail "image-builder-registrar: controlPlane.endpoint is empty; set it to the endpoint of the control plane, such as dns:///union.example.com." -}}
{{- end -}}
{{- if and (eq .auth.type "clientSecret") (not .auth.clientId) -}}
{{- fail "image-builder-registrar: auth.clientId is empty; set it, or set auth.type to apiKey or none." -}}
{{- end -}}
{{- if and (ne .auth.type "clientSecret") .auth.clientId -}}
{{- fail (printf "image-builder-registrar: auth.clientId requires auth.type clientSecret, but it is %s; remove one of them." .auth.type) -}}
{{- end -}}
{{- if and (eq .auth.type "apiKey") (not .auth.existingSecret) -}}
{{- fail "image-builder-registrar: auth.existingSecret is empty; set it to the Secret with the API key." -}}
{{- end -}}
{{- if and (eq .auth.type "none") (or .auth.existingSecret .auth.existingSecretKey) -}}
{{- fail "image-builder-registrar: auth.existingSecret or auth.existingSecretKey is set, but auth.type is none; set auth.type to clientSecret or apiKey, or remove them." -}}
{{- end -}}
{{- if and .caBundle.configMap .caBundle.secret -}}
{{- fail "image-builder-registrar: caBundle.configMap and caBundle.secret are both set; remove one of them." -}}
{{- end -}}
{{- if and .hooks.rollback (or .hooks.plain .hooks.annotations) -}}
{{- fail "image-builder-registrar: hooks.rollback requires Helm hooks, which hooks.plain and hooks.annotations replace; set it to false." -}}
{{- end -}}
{{- if and .test.build.enabled (or (not .hooks.test) .hooks.plain .hooks.annotations) -}}
{{- fail "image-builder-registrar: test.build.enabled requires the test Pod, which hooks.test: false, hooks.plain and hooks.annotations remove; set it to false, and create builds from the CronJob of buildCronJob.enabled instead." -}}
{{- end -}}
{{- if and .buildCronJob.schedule (not .buildCronJob.enabled) -}}
{{- fail (printf "image-builder-registrar: buildCronJob.schedule is %s, but buildCronJob.enabled is false; remove one of them." .buildCronJob.schedule) -}}
{{- end -}}
{{- if and .metrics.prometheusRule.enabled .cronJob.enabled .cronJob.schedule (ne .cronJob.failurePolicy "fail") -}}
{{- fail "image-builder-registrar: metrics.prometheusRule.enabled alerts on failed Jobs, but cronJob.failurePolicy is warn, with which none fails; set it to fail, or disable the rule." -}}
{{- end -}}
{{- $durations := dict "build.timeout" (include "image-builder-registrar.build-timeout" .build) "test.build.timeout" .test.build.timeout -}}
{{- with .cronJob.lookAgainAfter }}{{ $_ := set $durations "cronJob.lookAgainAfter" . }}{{ end -}}
{{- range $path, $duration := $durations -}}
{{- if not (include "image-builder-registrar.seconds" $duration) -}}
{{- fail (printf "image-builder-registrar: %s is %v; set a duration from 1s to 24h, such as 90s, 10m or 1h30m." $path $duration) -}}
{{- end -}}
{{- end -}}
{{- $memory := get (.resources.limits | default dict) "memory" | include "image-builder-registrar.text" -}}
{{- if regexMatch "^[0-9]+(k|Ki|M|Mi)?$" $memory -}}
{{- $unit := get (dict "k" 1000 "Ki" 1024 "M" 1000000 "Mi" 1048576) (regexFind "[a-zA-Z]+$" $memory) | default 1 -}}
{{- $bytes := mul (regexFind "^[0-9]+" $memory | int64) $unit -}}
{{- if lt $bytes (mul 64 1048576) -}}
{{- fail (printf "image-builder-registrar: resources.limits.memory is %s; below 64Mi the program is killed before it can report why. Keep the default or set a higher limit." $memory) -}}
{{- else if and (eq (dig "deployWith" "api" .task) "flyte") (lt $bytes (mul 144 1048576)) -}}
{{- fail (printf "image-builder-registrar: resources.limits.memory is %s, but task.deployWith flyte requires 144Mi; set 192Mi or more." $memory) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /*
Fails on a text that is a number which has lost its digits: Helm renders an unquoted 1234567 in the parent's values as 1.234567e+06.
Arguments: path of the value, value.
*/ -}}
{{- define "image-builder-registrar.require-digits" -}}
{{- $path := index . 0 -}}
{{- $value := index . 1 -}}
{{- if kindIs "map" $value -}}
{{- range $key, $below := $value -}}
{{- include "image-builder-registrar.require-digits" (list (list $path $key | compact | join ".") $below) -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $value -}}
{{- include "image-builder-registrar.require-digits" (list $path .) -}}
{{- end -}}
{{- else if and (kindIs "string" $value) (regexMatch "^-?[0-9](\\.[0-9]+)?e\\+[0-9]+$" $value) -}}
{{- fail (printf "image-builder-registrar: %s is %s, a number that Helm has not kept as it was written; put it in quotation marks where it is set, here or in the parent chart's values." $path $value) -}}
{{- end -}}
{{- end -}}
