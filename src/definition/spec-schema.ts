import * as z from "zod";
import {
  environmentVariableSchema,
  pullSecretSchema,
  resourcesSchema,
  tolerationSchema,
} from "../settings/kubernetes-types.ts";
import { dotted } from "../settings/names.ts";

// What a template may render, checked before anything is contacted. The fields around the pod are those of the protobuf,
// which rejects unknown ones itself; a pod is free-form there, so its fields are listed here. Source: the core/v1 API of
// Kubernetes 1.37.

function anyOf(fields: string): Record<string, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(fields.split(" ").map((field) => [field, z.unknown().optional()]));
}

const container = z.strictObject({
  ...anyOf("envFrom imagePullPolicy lifecycle livenessProbe ports readinessProbe resizePolicy restartPolicy"),
  ...anyOf("restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath"),
  ...anyOf("terminationMessagePolicy tty volumeDevices volumeMounts workingDir"),
  name: z.string().min(1),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(environmentVariableSchema).optional(),
  resources: resourcesSchema.optional(),
});

const podSpec = z.strictObject({
  ...anyOf("activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks"),
  ...anyOf("ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname hostnameOverride nodeName"),
  ...anyOf("nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims"),
  ...anyOf("resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext serviceAccount"),
  ...anyOf("serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds"),
  ...anyOf("topologySpreadConstraints volumes"),
  containers: z.array(container).min(1, "is empty"),
  initContainers: z.array(container).optional(),
  imagePullSecrets: z.array(pullSecretSchema).optional(),
  tolerations: z.array(tolerationSchema).optional(),
});

/** A TaskSpec as a template renders it: a pod that names its primary container, and no id. */
export const renderedSpecSchema = z.looseObject({
  taskTemplate: z.looseObject({
    id: z.never("cannot be set by a template: it contains project, domain and version of a registration").optional(),
    config: z.looseObject({ primary_container_name: z.string() }),
    metadata: z.looseObject({ discoverable: z.boolean().optional(), discoveryVersion: z.string().optional() }),
    k8sPod: z.looseObject({
      metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).optional(),
      podSpec,
    }),
  }),
});

/** Describes what is wrong with a rendered template, with its path. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? "the task" : dotted(issue.path);
  if (issue.code === "unrecognized_keys") return `${place} has no field ${issue.keys.join(", ")}`;
  return issue.message.endsWith("received undefined") ? `${place} is missing` : `${place}: ${issue.message}`;
}
