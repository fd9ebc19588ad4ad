import fc from "fast-check";
import type * as z from "zod";
import { ownershipAnnotations } from "../../src/definition/ownership.ts";
import type { settingsSchema } from "../../src/settings/schema.ts";
import { appVersion, identifier, imageReference, nonEmptyText, objectName, quantity, text } from "./random-values.ts";

/** Settings as a file gives them. */
export type GivenSettings = z.input<typeof settingsSchema>;

/** Settings with an appVersion. */
export type ReleaseSettings = GivenSettings & { appVersion: string };

const ownAnnotations = Object.keys(ownershipAnnotations({ owner: "", appVersion: "" }));

/** Kubernetes takes null for "not given". */
const nothing = fc.constant(null);
const orNull = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: null, freq: 4 });

const textMap = fc.dictionary(nonEmptyText, text, { maxKeys: 4 });
/** Those that tell of the owner too, which are ours to give. */
const annotations = fc.dictionary(
  fc.oneof({ weight: 9, arbitrary: nonEmptyText }, { weight: 1, arbitrary: fc.constantFrom(...ownAnnotations) }),
  text,
  { maxKeys: 4 },
);
const resourceName = fc.oneof(fc.constantFrom("cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"), nonEmptyText);
const quantities = orNull(fc.dictionary(resourceName, quantity, { maxKeys: 3 }));
const claim = fc.record({ name: nonEmptyText, request: orNull(text) }, { requiredKeys: ["name"] });
const resources = fc.record(
  { limits: quantities, requests: quantities, claims: orNull(fc.array(claim, { maxLength: 2 })) },
  { requiredKeys: [] },
);

const toleration = fc.record(
  {
    key: orNull(text),
    operator: orNull(fc.constantFrom("Exists", "Equal", "Lt", "Gt")),
    value: orNull(text),
    effect: orNull(fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute")),
    tolerationSeconds: orNull(fc.oneof(fc.nat(), fc.maxSafeInteger())),
  },
  { requiredKeys: [] },
);

const optional = orNull(fc.boolean());
const keyIn = fc.record({ name: objectName, key: nonEmptyText, optional }, { requiredKeys: ["name", "key"] });
const field = fc.record({ fieldPath: nonEmptyText, apiVersion: orNull(text) }, { requiredKeys: ["fieldPath"] });
const resourceField = fc.record(
  { resource: nonEmptyText, containerName: orNull(text), divisor: orNull(quantity) },
  { requiredKeys: ["resource"] },
);
const keyInFile = fc.record(
  { volumeName: nonEmptyText, path: nonEmptyText, key: nonEmptyText, optional },
  { requiredKeys: ["volumeName", "path", "key"] },
);

/** Each source, with another one that is null or absent. */
const source = fc.oneof(
  fc.record({ configMapKeyRef: keyIn, secretKeyRef: nothing }, { requiredKeys: ["configMapKeyRef"] }),
  fc.record({ secretKeyRef: keyIn, fieldRef: nothing }, { requiredKeys: ["secretKeyRef"] }),
  fc.record({ fieldRef: field, resourceFieldRef: nothing }, { requiredKeys: ["fieldRef"] }),
  fc.record({ resourceFieldRef: resourceField, fileKeyRef: nothing }, { requiredKeys: ["resourceFieldRef"] }),
  fc.record({ fileKeyRef: keyInFile, configMapKeyRef: nothing }, { requiredKeys: ["fileKeyRef"] }),
);

const variableName = fc.oneof(
  fc.constantFrom("TZ", "ORGANIZATION", "UNION_IMAGE_NAME_PREFIX"),
  nonEmptyText.map((name) => name.replaceAll("=", "-")),
);
const variable = fc.oneof(
  fc.record({ name: variableName, value: orNull(text), valueFrom: nothing }, { requiredKeys: ["name"] }),
  fc.record({ name: variableName, value: fc.constantFrom(null, ""), valueFrom: source }, { requiredKeys: ["name"] }),
);

const podTemplate = fc.record(
  {
    labels: textMap,
    annotations,
    nodeSelector: textMap,
    tolerations: fc.array(toleration, { maxLength: 3 }),
    resources,
    serviceAccountName: objectName,
    imagePullSecrets: fc.array(fc.record({ name: objectName }), { maxLength: 2 }),
    env: fc.array(variable, { maxLength: 4 }),
  },
  { requiredKeys: [] },
);

const images = fc.record(
  { buildImage: imageReference.filter((image) => image !== "auto"), frontend: imageReference },
  { requiredKeys: [] },
);

const task = fc.record(
  {
    project: identifier,
    domain: identifier,
    imageNamePrefix: imageReference,
    images,
    logLevel: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom("0", "5", "06")),
    configMapName: objectName,
    podTemplate,
  },
  { requiredKeys: [] },
);

/** Settings that the schema accepts, with all that a definition is made from. */
export const randomSettings: fc.Arbitrary<ReleaseSettings> = fc.record(
  {
    appVersion,
    release: fc.record({ cluster: text, namespace: text, name: nonEmptyText }, { requiredKeys: [] }),
    controlPlane: fc.record({ org: identifier }, { requiredKeys: [] }),
    task,
  },
  { requiredKeys: ["appVersion"] },
);
