{{- /* values.controlPlane as JSON, with inherited values. Arguments: those of image-builder-registrar.values. */ -}}
{{- define "image-builder-registrar.control-plane" -}}
{{- $root := index . 0 -}}
{{- $own := (index . 1).controlPlane -}}
{{- $parent := index . 2 -}}
{{- $global := $root.Values.global | default dict -}}
{{- $connection := dig "config" "union" "connection" dict $parent -}}
{{- $host := include "image-builder-registrar.first" (list $root $global.CONTROLPLANE_HOST $parent.host) -}}
{{- $fallback := ternary (printf "dns:///%s" $host) "" (ne $host "") -}}
{{- $endpoints := list $own.endpoint $connection.host $fallback -}}
{{- $switches := dict -}}
{{- range $key := list "insecure" "insecureSkipVerify" -}}
{{- $inherited := include "image-builder-registrar.first" (list $root (get $connection $key)) -}}
{{- $given := get $own $key | toString -}}
{{- $_ := set $switches $key (eq (ternary $given $inherited (has $given (list "true" "false"))) "true") -}}
{{- end -}}
{{- dict
  "endpoint" (include "image-builder-registrar.first" (prepend $endpoints $root))
  "org" (include "image-builder-registrar.first" (list $root $own.org $parent.orgName $global.ORG_NAME))
  "insecure" $switches.insecure
  "insecureSkipVerify" $switches.insecureSkipVerify
  | mustToJson -}}
{{- end -}}

{{- /*
values.auth as JSON, with inherited values; only a client secret is inherited. Arguments: those of image-builder-registrar.values.
*/ -}}
{{- define "image-builder-registrar.auth" -}}
{{- $root := index . 0 -}}
{{- $own := (index . 1).auth -}}
{{- $parent := index . 2 -}}
{{- $global := $root.Values.global | default dict -}}
{{- $admin := dig "secrets" "admin" dict $parent -}}
{{- $switchedOn := and (dig "enabled" (dig "enable" true $admin) $admin) (dig "config" "union" "auth" "enable" true $parent) -}}
{{- $type := $own.type | default (ternary "clientSecret" "none" $switchedOn) -}}
{{- $scope := include "image-builder-registrar.first" (list $root $global.OIDC_S2S_SCOPE) -}}
{{- if eq $type "clientSecret" -}}
{{- dict
  "type" $type
  "clientId" (include "image-builder-registrar.first" (list $root $own.clientId $admin.clientId $global.AUTH_CLIENT_ID))
  "existingSecret" ($own.existingSecret | default "union-secret-auth")
  "existingSecretKey" ($own.existingSecretKey | default "client_secret")
  "scopes" ($own.scopes | default (list $scope | compact))
  | mustToJson -}}
{{- else -}}
{{- $key := ternary "api_key" "" (eq $type "apiKey") -}}
{{- merge (dict "type" $type "existingSecretKey" ($own.existingSecretKey | default $key)) $own | mustToJson -}}
{{- end -}}
{{- end -}}
