import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { TaskDetailsSchema, TaskMetadataSchema } from "#flyteidl2/task/task_definition_pb.js";
import { DeployTaskRequestSchema } from "#flyteidl2/task/task_service_pb.js";
import { type Definition, define } from "../../src/definition/definition.ts";
import { ownershipAnnotations } from "../../src/definition/ownership.ts";
import { parseVersionName } from "../../src/definition/version-name.ts";
import { describeDifferences, judge } from "../../src/registration/judge.ts";
import { recognize } from "../../src/registration/recognize.ts";
import { ownerOf } from "../../src/registration/registration.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { described } from "../../testing/findings/described.ts";

const file = join(import.meta.dirname, "../../templates/build_image_task.yaml.hbs");
const text = readFileSync(file, "utf8");
const scope = "system/production";
const others = "prod-eu/union/dataplane";

function definition(task = {}, appVersion = "2026.3.4"): Definition {
  const release = { cluster: "prod-us", namespace: "union", name: "dataplane" };
  const settings = settingsSchema.parse({ appVersion, release, task });
  return define({ ...settings, appVersion }, { file, text });
}

const wanted = definition();
const ours = ownershipAnnotations(wanted.ownership);

/** A change of recorded JSON: what stands at a path (`taskTemplate.metadata.retries`; numbers are places in lists). */
interface Edit {
  path: string;
  to: (old: JsonValue | undefined) => JsonValue | undefined;
}

function edited(json: JsonValue | undefined, path: readonly string[], to: Edit["to"]): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return to(json);
  if (Array.isArray(json)) {
    if (json[Number(key)] === undefined) throw new Error(`the recording has no ${path.join(".")}`);
    return json.map((item, index) => (index === Number(key) ? (edited(item, rest, to) ?? null) : item));
  }
  const object = typeof json === "object" && json !== null ? json : {};
  const { [key]: old, ...kept } = object;
  const value = edited(old, rest, to);
  return value === undefined ? kept : { ...kept, [key]: value };
}

interface Stored {
  version: string;
  /** Where the version's name does not tell it. */
  appVersion?: string;
  /** Annotations in addition to what was recorded; none where it was registered manually. */
  annotations?: Record<string, string>;
  /** `default` is what the manual procedure's command stores. */
  recording?: "2.12.1-copy-style-none" | "2.12.1-copy-style-default" | "2.5.14-copy-style-none";
  edits?: readonly Edit[];
}

const annotationsPath = "taskTemplate.k8sPod.metadata.annotations";

/** What the recorded deploy stored, as if of that version's appVersion. */
function stored({ version, annotations = {}, recording = "2.12.1-copy-style-none", edits = [], ...given }: Stored) {
  const { appVersion } = { ...parseVersionName(version), ...given };
  const path = join(import.meta.dirname, `../../testing/recordings/DeployTask-${recording}.json`);
  const json: JsonValue = JSON.parse(readFileSync(path, "utf8").replaceAll("2026.3.4", appVersion));
  const all: Edit[] = [...edits, { path: annotationsPath, to: () => annotations }];
  const request = all.reduce<JsonValue>(
    (before, { path, to }) => edited(before, ["spec", ...path.split(".")], to) ?? {},
    json,
  );
  const { spec } = fromJson(DeployTaskRequestSchema, request);
  if (!spec) throw new Error(`${recording} holds no spec`);
  return create(TaskDetailsSchema, { taskId: { version }, spec });
}

const put = (path: string, value: JsonValue): Edit => ({ path, to: () => value });
const drop = (path: string): Edit => ({ path, to: () => undefined });

const container = "taskTemplate.k8sPod.podSpec.containers.0";
const main = "taskTemplate.k8sPod.podSpec.containers[main]";

/** Changes the list of environment variables. */
function onEnv(to: (env: JsonValue[]) => JsonValue[]): Edit {
  return {
    path: `${container}.env`,
    to: (env) => {
      if (!Array.isArray(env)) throw new Error("the recording has no environment");
      return to(env);
    },
  };
}

describe("recognize", () => {
  it("takes one that was deployed exactly as the page says for this definition", () => {
    const details = stored({ version: "2026.3.4", recording: "2.12.1-copy-style-default" });
    expect(details.spec?.taskTemplate?.metadata?.codeBundleUri).not.toBe("");
    expect(recognize(details, wanted)).toMatchObject({ isWanted: true, differences: [], ownership: undefined });
  });

  it("takes one of another Helm release for this definition too, whatever its name", () => {
    const annotations = ownershipAnnotations({ owner: others, appVersion: "2026.3.4" });
    expect(recognize(stored({ version: "by-alice", appVersion: "2026.3.4", annotations }), wanted)).toEqual({
      version: "by-alice",
      appVersion: "2026.3.4",
      registeredAt: undefined,
      deployedBy: "",
      ownership: { owner: others, appVersion: "2026.3.4" },
      differences: [],
      isWanted: true,
    });
  });

  it("does not take one of another appVersion for it, where no image names the appVersion", () => {
    const images = { buildImage: "mirror.example/build-image:stable", frontend: "mirror.example/frontend:stable" };
    const older = definition({ images }, "2026.3.3");
    const details = create(TaskDetailsSchema, { taskId: { version: "2026.3.3" }, spec: older.spec });
    const found = recognize(details, definition({ images }));
    expect(found).toMatchObject({ isWanted: false, differences: [], appVersion: "2026.3.3" });
    expect(judge(found, { appVersion: "2026.3.4", scope, role: "owner" })?.code).toBe("registration-outdated");
  });

  it.each(Object.keys(ours))("takes half of what names the owner (%s) for nothing", (half) => {
    const details = stored({ version: "2026.3.4", annotations: { [half]: ours[half] ?? "" } });
    expect(recognize(details, wanted)).toMatchObject({ ownership: undefined, isWanted: true });
  });

  it("reads the appVersion of a manual one from its name, and of an owned one from its annotations", () => {
    expect(recognize(stored({ version: "2026.3.3-r2" }), wanted).appVersion).toBe("2026.3.3");
    expect(recognize(stored({ version: "2026.3.3-r2", annotations: ours }), wanted).appVersion).toBe("2026.3.4");
  });

  it("does not take one of an old SDK for it: its cache key is the hash of nothing", () => {
    const { isWanted, differences } = recognize(
      stored({ version: "2026.3.4", recording: "2.5.14-copy-style-none" }),
      wanted,
    );
    expect(isWanted).toBe(false);
    expect(differences.map(({ field }) => field)).toEqual(["environment", "taskTemplate.metadata.discoveryVersion"]);
  });

  it("without a wanted definition only says what is there", () => {
    const owned = recognize(stored({ version: "2026.3.4", annotations: ours }), undefined);
    expect(owned).toMatchObject({ ownership: wanted.ownership, isWanted: false, differences: [] });
    expect(recognize(stored({ version: "2026.3.4" }), undefined)).toMatchObject({ isWanted: false, differences: [] });
  });

  it("says who registered it and when, where the control plane says so", () => {
    const at = new Date("2026-11-24T04:11:00Z");
    const details = stored({ version: "2026.3.4" });
    details.metadata = create(TaskMetadataSchema, {
      deployedAt: timestampFromDate(at),
      deployedBy: { principal: { case: "user", value: { id: { subject: "alice" } } } },
    });
    expect(recognize(details, wanted)).toMatchObject({ registeredAt: at, deployedBy: "alice" });
    expect(recognize(stored({ version: "1" }), wanted)).toMatchObject({ registeredAt: undefined, deployedBy: "" });
  });

  it.each([
    { what: "nothing", given: {} },
    { what: "no task template", given: { spec: {} } },
    { what: "no target", given: { spec: { taskTemplate: {} } } },
    {
      what: "a pod without metadata",
      given: { spec: { taskTemplate: { target: { case: "k8sPod" as const, value: {} } } } },
    },
    {
      what: "a principal without a name",
      given: { metadata: { deployedBy: { principal: { case: "application" as const, value: {} } } } },
    },
    { what: "nobody who deployed it", given: { metadata: { deployedBy: {} } } },
  ])("takes one that holds $what for a manual one of nobody", ({ given }) => {
    const found = recognize(create(TaskDetailsSchema, { taskId: { version: "2026.3.4" }, ...given }), wanted);
    expect(found).toMatchObject({ version: "2026.3.4", deployedBy: "", ownership: undefined, isWanted: false });
  });

  it("takes a task of another kind for an unwanted one, and is not confused by it", () => {
    const details = create(TaskDetailsSchema, { taskId: { version: "1" }, spec: { taskTemplate: { type: "python" } } });
    expect(recognize(details, wanted)).toMatchObject({ version: "1", ownership: undefined, isWanted: false });
    expect(recognize(create(TaskDetailsSchema, {}), wanted)).toMatchObject({ version: "", isWanted: false });
  });
});

describe("a registration that differs in one thing only", () => {
  const changes: { change: string; edit: Edit; field: string; expected?: unknown; now?: unknown }[] = [
    {
      change: "its cache key",
      edit: put("taskTemplate.metadata.discoveryVersion", "1"),
      now: "1",
      field: "taskTemplate.metadata.discoveryVersion",
      expected: wanted.spec.taskTemplate?.metadata?.discoveryVersion,
    },
    {
      change: "one build at a time",
      edit: put("taskTemplate.metadata.cacheSerializable", true),
      now: true,
      field: "taskTemplate.metadata.cacheSerializable",
    },
    {
      change: "inputs that the cache ignores",
      edit: put("taskTemplate.metadata.cacheIgnoreInputVars", ["spec"]),
      field: "taskTemplate.metadata.cacheIgnoreInputVars",
      now: ["spec"],
    },
    {
      change: "no cache",
      edit: drop("taskTemplate.metadata.discoverable"),
      expected: true,
      field: "taskTemplate.metadata.discoverable",
    },
    {
      change: "a timeout",
      edit: put("taskTemplate.metadata.timeout", "60s"),
      now: "60s",
      field: "taskTemplate.metadata.timeout",
    },
    {
      change: "retries",
      edit: put("taskTemplate.metadata.retries", { retries: 3 }),
      field: "taskTemplate.metadata.retries",
      now: { retries: 3 },
    },
    {
      change: "interruptible",
      edit: put("taskTemplate.metadata.interruptible", true),
      field: "taskTemplate.metadata.interruptible",
      expected: false,
      now: true,
    },
    {
      change: "a secret",
      edit: put("taskTemplate.securityContext", { secrets: [{ group: "registry", key: "token" }] }),
      field: "taskTemplate.securityContext",
      now: { secrets: [{ group: "registry", key: "token" }] },
    },
    {
      change: "the service account that it runs as",
      edit: put("taskTemplate.securityContext", { runAs: { k8sServiceAccount: "builder" } }),
      field: "taskTemplate.securityContext",
      now: { runAs: { k8sServiceAccount: "builder" } },
    },
    {
      change: "the type of an output",
      field: "taskTemplate.interface.outputs.variables[fully_qualified_image].value.type.simple",
      edit: put("taskTemplate.interface.outputs.variables.0.value.type.simple", "INTEGER"),
      expected: "STRING",
      now: "INTEGER",
    },
    {
      change: "the pull policy",
      edit: put(`${container}.imagePullPolicy`, "IfNotPresent"),
      field: `${main}.imagePullPolicy`,
      expected: "Always",
      now: "IfNotPresent",
    },
    {
      change: "an argument",
      edit: put(`${container}.args.2`, "--logger.level=6"),
      field: `${main}.args[2]`,
      expected: "--logger.level=5",
      now: "--logger.level=6",
    },
    {
      change: "a label",
      edit: put("taskTemplate.k8sPod.metadata.labels", { team: "platform" }),
      field: "taskTemplate.k8sPod.metadata",
      now: { labels: { team: "platform" } },
    },
    {
      change: "a ConfigMap's key",
      edit: put(`${container}.env.2.valueFrom.configMapKeyRef.key`, "uri"),
      field: `${main}.env[UNION_BUILDKIT_URI].valueFrom.configMapKeyRef.key`,
      expected: "buildkit-uri",
      now: "uri",
    },
    {
      change: "a variable put in at the front",
      edit: onEnv((env) => [{ name: "TZ", value: "UTC" }, ...env]),
      field: `${main}.env[TZ]`,
      now: { name: "TZ", value: "UTC" },
    },
    {
      change: "a variable less",
      edit: onEnv((env) => env.filter((_, index) => index !== 5)),
      field: `${main}.env[UNION_IMAGE_NAME_PREFIX]`,
      expected: { name: "UNION_IMAGE_NAME_PREFIX", value: "public.ecr.aws/g1m2l3c1/imagebuilder-staging" },
    },
    {
      change: "the order of variables",
      edit: onEnv(([path = null, first = null, second = null, ...rest]) => [path, second, first, ...rest]),
      field: `${main}.env (order)`,
      expected: expect.arrayContaining(["ORGANIZATION", "UNION_BUILDKIT_URI"]),
      now: expect.arrayContaining(["UNION_BUILDKIT_URI", "ORGANIZATION"]),
    },
    {
      change: "another container",
      edit: {
        path: "taskTemplate.k8sPod.podSpec.containers",
        to: (containers) => [{ name: "sidecar" }, ...(Array.isArray(containers) ? containers : [])],
      },
      field: "taskTemplate.k8sPod.podSpec.containers[sidecar]",
      now: { name: "sidecar" },
    },
    {
      change: "a mount's rights",
      edit: drop(`${container}.volumeMounts.0.readOnly`),
      field: `${main}.volumeMounts[/var/run/secrets/union/registry].readOnly`,
      expected: true,
    },
  ];
  const whose = [
    { whose: "manual", annotations: {} },
    { whose: "ours", annotations: ours },
  ];

  it.each(changes.flatMap((change) => whose.map((each) => ({ ...change, ...each }))))(
    "($change; $whose) is told as different in exactly that field",
    ({ edit, field, annotations, expected, now }) => {
      const found = recognize(stored({ version: "2026.3.4", annotations, edits: [edit] }), wanted);
      expect(found.isWanted).toBe(false);
      expect(found.differences).toEqual([{ field, expected, stored: now }]);
    },
  );
});

describe("no difference is", () => {
  it.each<{ what: string; edits: readonly Edit[] }>([
    { what: "a null", edits: [put("taskTemplate.k8sPod.podSpec.nodeSelector", null)] },
    { what: "an empty list", edits: [put("taskTemplate.k8sPod.podSpec.tolerations", [])] },
    { what: "an empty mapping", edits: [put("taskTemplate.k8sPod.podSpec.securityContext", {})] },
    { what: "a mapping of empty ones", edits: [put(`${container}.resources`, { limits: {}, requests: null })] },
    { what: "an empty list that is left out", edits: [drop(`${container}.command`)] },
    {
      what: "an empty message that is left out",
      edits: [drop("taskTemplate.metadata.retries"), drop("documentation")],
    },
    { what: "an empty security context", edits: [put("taskTemplate.securityContext", {})] },
    {
      what: "the id",
      edits: [put("taskTemplate.id", { org: "o", project: "p", domain: "d", name: "n", version: "v" })],
    },
    { what: "no id", edits: [drop("taskTemplate.id")] },
    {
      what: "the SDK's version",
      edits: [put("taskTemplate.metadata.runtime", { type: "OTHER", version: "9", flavor: "go" })],
    },
    { what: "a code bundle", edits: [put("taskTemplate.metadata.codeBundleUri", "s3://bucket/fast.tar.gz")] },
    { what: "another Python path", edits: [put(`${container}.env.0.value`, "/root")] },
    { what: "no Python path", edits: [onEnv((env) => env.slice(1))] },
    { what: "a Python path at the end", edits: [onEnv(([path = null, ...rest]) => [...rest, path])] },
  ])("$what", ({ edits }) => {
    const found = recognize(stored({ version: "2026.3.4", edits }), wanted);
    expect(found).toMatchObject({ differences: [], isWanted: true });
  });

  it("what names the owner, while a person's annotation is one", () => {
    const annotations = { ...ownershipAnnotations({ owner: others, appVersion: "2026.3.4" }), mine: "1" };
    expect(recognize(stored({ version: "2026.3.4", annotations }), wanted).differences).toEqual([
      { field: "taskTemplate.k8sPod.metadata", expected: undefined, stored: { annotations: { mine: "1" } } },
    ]);
    const mine = definition({ podTemplate: { annotations: { mine: "1" } } });
    expect(recognize(stored({ version: "2026.3.4", annotations }), mine).differences).toEqual([]);
  });
});

describe("differences in words", () => {
  it("are one line for each field, in the order of their names", () => {
    const edits = [put("taskTemplate.metadata.timeout", "60s"), drop(`${container}.imagePullPolicy`)];
    expect(describeDifferences(recognize(stored({ version: "2026.3.4", edits }), wanted))).toBe(
      `${main}.imagePullPolicy: registered not set, expected "Always"
taskTemplate.metadata.timeout: registered "60s", expected not set`,
    );
  });

  it("are nothing where there are none", () => {
    expect(describeDifferences(recognize(stored({ version: "2026.3.4" }), wanted))).toBe("");
  });
});

describe("the owner of a registration", () => {
  const { ownership } = wanted;
  it.each([
    [{ ownership, deployedBy: "alice" }, "by Helm release prod-us/union/dataplane"],
    [{ ownership: undefined, deployedBy: "alice" }, "manually (by alice)"],
    [{ ownership: undefined, deployedBy: "" }, "manually"],
  ])("is, of %j, %s", (given, words) => {
    expect(ownerOf(given)).toBe(words);
  });
});

describe("judge", () => {
  const judged = (given: Stored | undefined, role: "owner" | "member" = "owner") =>
    judge(given && recognize(stored(given), wanted), { appVersion: "2026.3.4", scope, role });

  it("finds nothing wrong for a member, whatever is registered, but that nothing is", () => {
    for (const version of ["2026.3.3", "2026.3.5", "nightly-7"]) expect(judged({ version }, "member")).toBeUndefined();
    expect(judged(undefined, "member")).toMatchObject({ code: "registration-missing", severity: "error" });
  });

  it("finds nothing wrong with the wanted definition, whoever registered it", () => {
    expect(judged({ version: "2026.3.4" })).toBeUndefined();
    expect(judged({ version: "2026.3.4", annotations: ours })).toBeUndefined();
  });

  const [older, newer] = ["2026.3.3", "2026.3.10"].map((appVersion) =>
    ownershipAnnotations({ owner: others, appVersion }),
  );
  it.each<{ current: Stored | undefined; code: string; words: string; why: string }>([
    { current: undefined, code: "registration-missing", words: "not registered in system/production", why: "" },
    {
      current: { version: "2026.3.3" },
      code: "registration-outdated",
      words: "2026.3.3 is current in",
      why: "registered manually",
    },
    {
      current: { version: "2026.3.3", annotations: older ?? {} },
      code: "registration-outdated",
      words: "not 2026.3.4",
      why: "registered by Helm release prod-eu/union/dataplane",
    },
    {
      current: { version: "2026.3.10", annotations: newer ?? {} },
      code: "registration-newer",
      why: "",
      words: "2026.3.10, registered by Helm release prod-eu/union/dataplane, is newer than 2026.3.4",
    },
    {
      current: { version: "nightly" },
      code: "registration-incomparable",
      why: "",
      words: "nightly and 2026.3.4 cannot be compared",
    },
    {
      current: { version: "2026.3.4", annotations: ours, edits: [put("taskTemplate.metadata.timeout", "60s")] },
      code: "registration-differs",
      words: "its definition differs",
      why: 'taskTemplate.metadata.timeout: registered "60s", expected not set',
    },
  ])("says $code of $current.version, and why ($why)", ({ current, code, words, why }) => {
    const found = judged(current);
    expect(found && described(found)).toMatchObject({
      code,
      severity: "error",
      what: expect.stringContaining(words),
      why,
    });
  });
});
