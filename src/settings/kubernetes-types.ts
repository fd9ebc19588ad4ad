import * as z from "zod";
import { nonEmptyText, objectName, text } from "./field-types.ts";

// The parts of a pod that settings and templates may set, as strict as the API server: what kubectl accepts is accepted; a
// mistyped key, or a number where Kubernetes requires text, is rejected with its path. Null counts as not set.
// Source of the fields: the core/v1 API of Kubernetes 1.37.

const quantityPattern = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** A quantity such as `500m` or `4Gi`; a number such as `cpu: 2` becomes "2", as with kubectl. */
const quantity = z
  .union([z.number(), z.string()], "is neither a quantity such as 500m or 4Gi nor a number")
  .transform(String)
  .refine((value) => quantityPattern.test(value), "is not a quantity such as 500m or 4Gi");

const quantities = z.record(nonEmptyText, quantity).nullish();

/** `resources` of a container. */
export const resourcesSchema = z.strictObject({
  limits: quantities,
  requests: quantities,
  claims: z.array(z.strictObject({ name: nonEmptyText, request: text.nullish() })).nullish(),
});

/** One of `tolerations` of a pod. */
export const tolerationSchema = z.strictObject({
  key: text.nullish(),
  operator: z.enum(["Exists", "Equal", "Lt", "Gt"]).nullish(),
  value: text.nullish(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).nullish(),
  tolerationSeconds: z.int().nullish(),
});

/** One of `imagePullSecrets` of a pod. */
export const pullSecretSchema = z.strictObject({ name: objectName });

const keyIn = z.strictObject({ name: objectName, key: nonEmptyText, optional: z.boolean().nullish() });

const sources = {
  configMapKeyRef: keyIn.nullish(),
  secretKeyRef: keyIn.nullish(),
  fieldRef: z.strictObject({ fieldPath: nonEmptyText, apiVersion: text.nullish() }).nullish(),
  resourceFieldRef: z
    .strictObject({ resource: nonEmptyText, containerName: text.nullish(), divisor: quantity.nullish() })
    .nullish(),
  fileKeyRef: z
    .strictObject({
      volumeName: nonEmptyText,
      path: nonEmptyText,
      key: nonEmptyText,
      optional: z.boolean().nullish(),
    })
    .nullish(),
} as const;

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** One of `env` of a container: a value, or where it comes from. */
export const environmentVariableSchema = z
  .strictObject({
    name: nonEmptyText.refine((name) => !name.includes("="), "contains an equals sign"),
    value: text.nullish(),
    valueFrom: z
      .strictObject(sources)
      .refine(
        (given) => Object.values(given).filter(isGiven).length === 1,
        `must have exactly one of ${Object.keys(sources).join(", ")}`,
      )
      .nullish(),
  })
  .refine(({ value, valueFrom }) => !value || !isGiven(valueFrom), {
    path: ["valueFrom"],
    error: "is set in addition to value; set one of the two",
  });
