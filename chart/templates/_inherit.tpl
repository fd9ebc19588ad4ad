{{- /*
Adds to the context what a value says or, where it is empty, the parent chart. Only the parent's values are read, never its
helpers: values are its interface, and the templates in them call its helpers themselves.
*/ -}}
{{- define "image-builder-registrar.inherit" -}}
{{- $v := .values -}}
{{- $p := .parent -}}
{{- $root := .root -}}
{{- $global := $root.Values.global | default dict -}}

{{- $_ := set . "appVersion" $v.appVersion -}}
{{- if and $p (not $v.appVersion) (not $v.appVersionFrom) -}}
{{- $_ := set . "appVersion" $root.Chart.AppVersion -}}
{{- end -}}

{{- $host := include "image-builder-registrar.first" (list $root $global.CONTROLPLANE_HOST $p.host) -}}
{{- $connection := dig "config" "union" "connection" dict $p -}}
{{- $endpoints := list $root $v.controlPlane.endpoint $connection.host $global.CONTROLPLANE_GRPC_ENDPOINT -}}
{{- $endpoint := include "image-builder-registrar.first" (append $endpoints (ternary (printf "dns:///%s" $host) "" (ne $host ""))) -}}
{{- $_ := set . "endpoint" $endpoint -}}
{{- $_ := set . "org" (include "image-builder-registrar.first" (list $root $v.controlPlane.org $p.orgName $global.ORG_NAME)) -}}
{{- $_ := set . "clusterName" (include "image-builder-registrar.first" (list $root $v.clusterName $p.clusterName $global.CLUSTER_NAME)) -}}
{{- range $key := list "insecure" "insecureSkipVerify" -}}
{{- $inherited := include "image-builder-registrar.first" (list $root (get $connection $key)) -}}
{{- $own := get $v.controlPlane $key | toString -}}
{{- $_ := set $ $key (eq (ternary $own $inherited (has $own (list "true" "false"))) "true") -}}
{{- end -}}

{{- include "image-builder-registrar.inherit-auth" . -}}

{{- $_ := set . "caBundle" (pick $v.caBundle "configMap" "secret" "key") -}}
{{- $internalCa := dig "secrets" "internalCaCert" dict $p -}}
{{- if and $internalCa.enabled (not $v.caBundle.configMap) (not $v.caBundle.secret) -}}
{{- $ca := $internalCa.existingSecret | default dict -}}
{{- $_ := set .caBundle "secret" ($ca.name | default (printf "%s-internal-ca" $root.Release.Name)) -}}
{{- $_ := set .caBundle "key" ($ca.caCertKey | default "ca.crt") -}}
{{- end -}}

{{- $_ := set . "registry" (include "image-builder-registrar.first" (list $root $v.image.registry $global.IMAGE_REPOSITORY_PREFIX)) -}}
{{- $_ := set . "imagePullSecrets" ($v.imagePullSecrets | default (dig "operator" "imagePullSecrets" list $p)) -}}
{{- $scheduling := $p.scheduling | default dict -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" -}}
{{- $_ := set $ $key (get $v $key | default (get $scheduling $key)) -}}
{{- end -}}
{{- $_ := set . "podLabels" (merge dict $v.podLabels ($p.additionalPodLabels | default dict)) -}}
{{- $_ := set . "podAnnotations" (merge dict $v.podAnnotations ($p.additionalPodAnnotations | default dict)) -}}
{{- $given := dict -}}
{{- range $v.extraEnv }}{{ $_ := set $given .name true }}{{ end -}}
{{- $environment := list -}}
{{- range $name, $value := $p.additionalPodEnvVars -}}
{{- if not (hasKey $given $name) }}{{ $environment = append $environment (dict "name" $name "value" (toString $value)) }}{{ end -}}
{{- end -}}
{{- $_ := set . "environment" (concat $environment $v.extraEnv) -}}
{{- end -}}

{{- define "image-builder-registrar.inherit-auth" -}}
{{- $own := .values.auth -}}
{{- $admin := dig "secrets" "admin" dict .parent -}}
{{- $switchedOn := and (dig "enabled" (dig "enable" true $admin) $admin) (dig "config" "union" "auth" "enable" true .parent) -}}
{{- $type := $own.type | default (ternary "clientSecret" "none" $switchedOn) -}}
{{- $auth := dict "type" $type -}}
{{- $secret := $own.existingSecret | default (dig "existingSecret" "name" "" $admin) | default "union-secret-auth" -}}
{{- $key := $own.existingSecretKey | default (ternary "api_key" "client_secret" (eq $type "apiKey")) -}}
{{- if ne $type "none" -}}
{{- $_ := set . "credential" (dict "secret" $secret "key" $key) -}}
{{- $_ := set $auth (printf "%sFile" $type) (printf "/etc/registrar-auth/%s" $key) -}}
{{- end -}}
{{- if eq $type "clientSecret" -}}
{{- $global := .root.Values.global | default dict -}}
{{- $_ := set $auth "clientId" (include "image-builder-registrar.first" (list .root $own.clientId $admin.clientId $global.AUTH_CLIENT_ID)) -}}
{{- end -}}
{{- $_ := set . "auth" $auth -}}
{{- end -}}

{{- /* The first of some texts that is not empty once rendered. Arguments: root context, texts. */ -}}
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
