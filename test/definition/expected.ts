import type { DefinitionSettings } from "../../src/definition/context.ts";

/**
 * The tree that the program's own template is to give, written once more as plain objects: nothing of the program makes
 * it, so a program that parses nothing or the wrong thing differs from it.
 */
export function treeOfOwnTemplate({ task, appVersion }: DefinitionSettings) {
  const { podTemplate, imageNamePrefix, configMapName } = task;
  const variable = (name: string, key: string, more: object = {}) => ({
    name,
    valueFrom: { configMapKeyRef: { name: configMapName, key, ...more } },
  });
  const text = (key: string) => ({ key, value: { type: { simple: "STRING" } } });
  return {
    shortName: "build-image",
    environment: { name: "build_image_task" },
    documentation: {},
    taskTemplate: {
      type: "raw-container",
      metadata: {
        discoverable: true,
        generatesDeck: false,
        interruptible: false,
        retries: {},
        runtime: { type: "FLYTE_SDK", version: "2.12.1", flavor: "python" },
      },
      interface: {
        inputs: { variables: [text("context"), text("spec"), text("target_image")] },
        outputs: { variables: [text("fully_qualified_image")] },
      },
      config: { primary_container_name: "main" },
      k8sPod: {
        metadata: {
          ...(isGiven(podTemplate.labels) && { labels: podTemplate.labels }),
          ...(isGiven(podTemplate.annotations) && { annotations: podTemplate.annotations }),
        },
        podSpec: {
          ...(podTemplate.serviceAccountName !== undefined && { serviceAccountName: podTemplate.serviceAccountName }),
          ...(isGiven(podTemplate.imagePullSecrets) && { imagePullSecrets: podTemplate.imagePullSecrets }),
          ...(isGiven(podTemplate.nodeSelector) && { nodeSelector: podTemplate.nodeSelector }),
          ...(isGiven(podTemplate.tolerations) && { tolerations: podTemplate.tolerations }),
          containers: [
            {
              name: "main",
              image: task.images.buildImage ?? `${imageNamePrefix}/build-image:${appVersion}`,
              imagePullPolicy: "Always",
              terminationMessagePolicy: "FallbackToLogsOnError",
              command: [],
              args: [
                "imagebuild",
                "--logger.formatter.type=text",
                `--logger.level=${task.logLevel}`,
                "--context",
                "{{.inputs.context}}",
                "--frontend",
                task.images.frontend ?? `${imageNamePrefix}/frontend-v2:${appVersion}`,
                "--remote-outputs-prefix",
                "{{.outputPrefix}}",
                "--spec",
                "{{.inputs.spec}}",
                "--target-image",
                "{{.inputs.target_image}}",
                "--optimize",
              ],
              ...(isGiven(podTemplate.resources) && { resources: podTemplate.resources }),
              env: [
                { name: "ORGANIZATION", valueFrom: { fieldRef: { fieldPath: "metadata.labels['organization']" } } },
                variable("UNION_BUILDKIT_URI", "buildkit-uri"),
                variable("UNION_DEFAULT_REPOSITORY", "default-repository"),
                variable("UNION_REGISTRY_AUTHENTICATION_TYPE", "authentication-type"),
                { name: "UNION_IMAGE_NAME_PREFIX", value: imageNamePrefix },
                variable("FLYTE_INTERNAL_OPTIMIZE_IMAGE", "enable-image-optimization", { optional: true }),
                ...podTemplate.env,
              ],
              volumeMounts: [
                { name: "registry-token", mountPath: "/var/run/secrets/union/registry", readOnly: true },
                { name: "config-volume", mountPath: "/etc/union/config/storage.yaml", subPath: "storage.yaml" },
              ],
            },
          ],
          volumes: [
            {
              name: "registry-token",
              projected: {
                sources: [{ serviceAccountToken: { audience: "registry", expirationSeconds: 7200, path: "token" } }],
              },
            },
            {
              name: "config-volume",
              configMap: { name: configMapName, items: [{ key: "storage.yaml", path: "storage.yaml" }] },
            },
          ],
        },
      },
    },
  };
}

function isGiven(part: object): boolean {
  return Object.keys(part).length > 0;
}
