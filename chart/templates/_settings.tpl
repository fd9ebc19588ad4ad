{{- /* The program's settings file (docs/settings.md), the same for every run; trigger and Job come by environment variables. */ -}}
{{- define "image-builder-registrar.settings" -}}
{{- $v := .values -}}
{{- $controlPlane := pick . "insecure" "insecureSkipVerify" "auth" -}}
{{- $given := dict "endpoint" .endpoint "org" .org "proxy" $v.proxy.url "noProxy" $v.proxy.noProxy -}}
{{- if or .caBundle.configMap .caBundle.secret -}}
{{- $_ := set $given "caFile" (printf "/etc/registrar-ca/%s" .caBundle.key) -}}
{{- end -}}
{{- range $key, $value := $given -}}
{{- if $value }}{{ $_ := set $controlPlane $key $value }}{{ end -}}
{{- end -}}
{{- $configMap := dig "imageBuilder" "targetConfigMapName" "" .parent | default "build-image-config" -}}
{{- $task := merge dict $v.task (dict "configMapName" $configMap) -}}
{{- $_ := set . "buildImageConfigMap" $task.configMapName -}}
{{- $release := dict "cluster" .clusterName "namespace" .root.Release.Namespace "name" .root.Release.Name -}}
{{- $policy := dict "failure" $v.failurePolicy "whenNewer" $v.whenNewer "ensureProject" $v.ensureProject -}}
{{- $total := dict "total" (printf "%ds" (sub (int $v.activeDeadlineSeconds) 30)) -}}
{{- $cluster := dict "enabled" $v.cluster.enabled "statusConfigMap" $v.cluster.statusConfigMap "settingsConfigMap" .name -}}
{{- with $v.check.buildNamespaces }}{{ $_ := set $cluster "buildNamespaces" (uniq .) }}{{ end -}}
{{- $settings := dict "release" $release "controlPlane" $controlPlane "task" $task "policy" $policy "timeouts" (merge $total $v.timeouts) "cluster" $cluster -}}
{{- if $v.appVersionFrom -}}
{{- $_ := set $settings "appVersionFrom" $v.appVersionFrom -}}
{{- else -}}
{{- $_ := set $settings "appVersion" .appVersion -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}
