import fc from "fast-check";
import type { DefinitionSettings } from "../../src/definition/context.ts";

/** What could end a Python string, begin another statement or mean something to a template. */
const dangerousToPython = [
  '"',
  "'",
  '"""',
  "'''",
  "\\",
  "\\\\",
  '\\"',
  "\\N{BULLET}",
  "\\x41",
  "\\u0041",
  "\\",
  "\n",
  "\r",
  "\r\n",
  "\t",
  "\0",
  "\x7f",
  "\u202e",
  "\ud800",
  "\udc00",
  "é",
  "ÿ",
  "Ā",
  "✓",
  "😀",
  "\u{10ffff}",
  "{",
  "}",
  "{{",
  "}}",
  "{{{",
  "}}}",
  "{{python appVersion}}",
  "{{yaml appVersion}}",
  "{{/if}}",
  "{{> x}}",
  "\\{{",
  "{%",
  "$\u007bx}",
  "%s",
  "#",
  '")',
  '"]',
  '"}',
  '", "',
  ";",
  ",",
  '" + __import__("os").system("id") + "',
  "\n__import__('os')\n",
  '"\n)\nx = 1\n#',
  "None",
  "True",
  "1",
  "a",
];

/** What YAML reads as more than text, as another type, as the end of a value or as a break, and what stands for values. */
const dangerousToYaml = [
  ": ",
  ":",
  " #",
  "- ",
  "-",
  "? ",
  "?",
  "&a",
  "*a",
  "<<",
  "!!js",
  "!!js/function 'x'",
  "!",
  "---",
  "...",
  "\n---\n",
  "\n...\n",
  "|",
  ">",
  "|-\n ",
  ">+\n",
  "%YAML",
  "%YAML 1.1\n---\n",
  "@",
  "`",
  "[",
  "]",
  ", ",
  "\n  ",
  "\n- ",
  " ",
  "~",
  "null",
  "true",
  "yes",
  "no",
  "1.0",
  "0x10",
  ".nan",
  ".inf",
  "2026-03-04",
  "1_000",
  "=",
  "",
  "\x85",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\xa0",
  "\b",
  "\x1b",
  "\ufffe",
  "\uffff",
  "\uE000",
  "\uE0000\uE000",
  '"\uE0001\uE000"',
  "\uE0009999\uE000",
  "\uE000x\uE000",
  "\\uE000",
  '"\\uE0000\\uE000"',
  "\nhostNetwork: true\n",
  '"}, {"name": "x',
  "__proto__",
  "constructor",
];

/** Text that tries to become more than text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...dangerousToPython, ...dangerousToYaml), maxLength: 6 }),
  fc.constantFrom(...dangerousToYaml),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Any JSON value, with such text in it and as its keys. */
export const hostileJson: fc.Arbitrary<fc.JsonValue> = fc.letrec<{ json: fc.JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    hostileText,
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(hostileText, fc.constantFrom("__proto__", "constructor", "7")), tie("json"), { maxKeys: 4 }),
  ),
})).json;

/** Every place of the settings that has a text and that a definition is made of. */
export const places = [
  ...(["appVersion", "cluster", "namespace", "name", "imageNamePrefix", "buildImage", "frontend"] as const),
  ...(["configMapName", "labelKey", "labelValue", "annotationKey", "annotationValue", "selectorKey"] as const),
  ...(["selectorValue", "tolerationKey", "tolerationValue", "resourceName", "resourceAmount"] as const),
  ...(["serviceAccountName", "pullSecret", "variableName", "variableValue"] as const),
];

export type Place = (typeof places)[number];
export type Texts = Readonly<Record<Place, string>>;

/** In each place a text of its own, which is nowhere else. */
export const harmlessTexts: Texts = textsBy((place) => `the-${place}`);

/** A hostile text for each place. */
export const hostileTexts: fc.Arbitrary<Texts> = fc
  .array(hostileText, { minLength: places.length, maxLength: places.length })
  .map((texts) => textsBy((_place, index) => texts[index] ?? ""));

function textsBy(text: (place: Place, index: number) => string): Texts {
  return Object.fromEntries(places.map((place, index) => [place, text(place, index)])) as Record<Place, string>;
}

/** Settings with these texts. No schema has seen them: the rendering alone must hold. */
export function settingsWith(texts: Texts): DefinitionSettings {
  return {
    appVersion: texts.appVersion,
    release: { cluster: texts.cluster, namespace: texts.namespace, name: texts.name },
    task: {
      project: "system",
      domain: "production",
      deployWith: "api",
      imageNamePrefix: texts.imageNamePrefix,
      images: { buildImage: texts.buildImage, frontend: texts.frontend },
      logLevel: 5,
      configMapName: texts.configMapName,
      podTemplate: {
        labels: { [texts.labelKey]: texts.labelValue },
        annotations: { [texts.annotationKey]: texts.annotationValue },
        nodeSelector: { [texts.selectorKey]: texts.selectorValue },
        tolerations: [{ key: texts.tolerationKey, operator: "Equal", value: texts.tolerationValue }],
        resources: { limits: { [texts.resourceName]: texts.resourceAmount } },
        serviceAccountName: texts.serviceAccountName,
        imagePullSecrets: [{ name: texts.pullSecret }],
        env: [{ name: texts.variableName, value: texts.variableValue }],
      },
    },
  };
}

/** Hostile text as settings take it: no NUL and no lone surrogate. */
const taken = hostileText.map((text) => text.replaceAll("\0", "").toWellFormed());
/** The schema drops a key `__proto__`, which Kubernetes would refuse. */
const takenKey = taken.filter((text) => text !== "" && text !== "__proto__");
const mapping = fc.dictionary(takenKey, taken, { maxKeys: 4, noNullPrototype: true });
const objectName = fc.constantFrom("a", "build-image-config", "a.b-1");
const quantity = fc.constantFrom<string | number>(2, 0.5, 1000, "500m", "4Gi", "1e3", ".5");
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const keyIn = fc.record({ name: objectName, key: takenKey, optional: orNull(fc.boolean()) });
const variable = fc
  .tuple(
    takenKey.map((name) => name.replaceAll("=", "") || "A"),
    fc.oneof(
      fc.record({ value: orNull(taken) }),
      keyIn.map((ref) => ({ valueFrom: { secretKeyRef: ref, fieldRef: null } })),
      keyIn.map((ref) => ({ valueFrom: { configMapKeyRef: ref } })),
      takenKey.map((fieldPath) => ({ value: "", valueFrom: { fieldRef: { fieldPath } } })),
      quantity.map((divisor) => ({
        value: null,
        valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor } },
      })),
    ),
  )
  .map(([name, rest]) => ({ name, ...rest }));
const quantities = orNull(fc.dictionary(takenKey, quantity, { maxKeys: 3, noNullPrototype: true }));

/** What a settings file may say beneath `task.podTemplate`, hostile wherever the schema takes any text. */
export const takenPodTemplate = fc.record(
  {
    labels: mapping,
    annotations: mapping,
    nodeSelector: mapping,
    tolerations: fc.array(
      fc.record(
        {
          key: orNull(taken),
          operator: orNull(fc.constantFrom("Exists", "Equal", "Lt", "Gt")),
          value: orNull(taken),
          effect: orNull(fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute")),
          tolerationSeconds: orNull(fc.integer()),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    resources: fc.record({ limits: quantities, requests: quantities }, { requiredKeys: [], noNullPrototype: true }),
    serviceAccountName: objectName,
    imagePullSecrets: fc.array(fc.record({ name: objectName }), { maxLength: 3 }),
    env: fc.array(variable, { maxLength: 4 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** The name of a Helm release, as hostile as the schema allows. */
export const takenRelease = fc.record({ cluster: taken, namespace: taken, name: takenKey });
