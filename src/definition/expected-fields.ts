import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { DefinitionContext } from "./context.ts";

/**
 * What `storedFields` gives for a registration made from our own template with this context: the documented procedure's
 * spec (test/recordings/DeployTask-2.12.1-copy-style-none.json) with the settings in it. It is how a registration that
 * was made by hand, and so carries no signature, is told apart from another definition.
 */
export function expectedFields(context: DefinitionContext): JsonObject {
  const { images, configMapName, podTemplate, imageNamePrefix } = context;
  return {
    type: "raw-container",
    primaryContainer: "main",
    interface: {
      inputs: { variables: ["context", "spec", "target_image"].map(textVariable) },
      outputs: { variables: ["fully_qualified_image"].map(textVariable) },
    },
    cached: true,
    cacheKeyDependsOnImage: true,
    labels: podTemplate.labels ?? {},
    annotations: podTemplate.annotations ?? {},
    podSpec: {
      ...(podTemplate.serviceAccountName && { serviceAccountName: podTemplate.serviceAccountName }),
      ...(podTemplate.imagePullSecrets && { imagePullSecrets: podTemplate.imagePullSecrets }),
      ...(podTemplate.nodeSelector && { nodeSelector: podTemplate.nodeSelector }),
      ...(podTemplate.tolerations && { tolerations: podTemplate.tolerations }),
      containers: [
        {
          name: "main",
          image: images.buildImage,
          imagePullPolicy: "Always",
          terminationMessagePolicy: "FallbackToLogsOnError",
          command: [],
          args: buildArguments(context),
          ...(podTemplate.resources && { resources: podTemplate.resources }),
          env: [...environment(configMapName, imageNamePrefix), ...(podTemplate.env ?? [])],
          volumeMounts: [
            { name: "registry-token", mountPath: "/var/run/secrets/union/registry", readOnly: true },
            { name: "config-volume", mountPath: "/etc/union/config/storage.yaml", subPath: "storage.yaml" },
          ],
        },
      ],
      volumes: volumes(configMapName),
    },
  };
}

function buildArguments({ images, loggerLevelArgument }: DefinitionContext): string[] {
  return [
    "imagebuild",
    "--logger.formatter.type=text",
    loggerLevelArgument,
    "--context",
    "{{.inputs.context}}",
    "--frontend",
    images.frontend,
    "--remote-outputs-prefix",
    "{{.outputPrefix}}",
    "--spec",
    "{{.inputs.spec}}",
    "--target-image",
    "{{.inputs.target_image}}",
    "--optimize",
  ];
}

function environment(configMap: string, imageNamePrefix: string): JsonValue[] {
  const fromConfigMap = (name: string, key: string): JsonObject => ({
    name,
    valueFrom: { configMapKeyRef: { name: configMap, key } },
  });
  return [
    { name: "ORGANIZATION", valueFrom: { fieldRef: { fieldPath: "metadata.labels['organization']" } } },
    fromConfigMap("UNION_BUILDKIT_URI", "buildkit-uri"),
    fromConfigMap("UNION_DEFAULT_REPOSITORY", "default-repository"),
    fromConfigMap("UNION_REGISTRY_AUTHENTICATION_TYPE", "authentication-type"),
    { name: "UNION_IMAGE_NAME_PREFIX", value: imageNamePrefix },
    {
      name: "FLYTE_INTERNAL_OPTIMIZE_IMAGE",
      valueFrom: { configMapKeyRef: { name: configMap, key: "enable-image-optimization", optional: true } },
    },
  ];
}

function volumes(configMap: string): JsonValue[] {
  const serviceAccountToken = { audience: "registry", expirationSeconds: 7200, path: "token" };
  return [
    { name: "registry-token", projected: { sources: [{ serviceAccountToken }] } },
    { name: "config-volume", configMap: { name: configMap, items: [{ key: "storage.yaml", path: "storage.yaml" }] } },
  ];
}

function textVariable(key: string): JsonObject {
  return { key, value: { type: { simple: "STRING" } } };
}
