import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, fromJson } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  type TaskDetails,
  TaskDetailsSchema,
  TaskMetadataSchema,
  TaskSpecSchema,
} from "#flyteidl2/task/task_definition_pb.js";
import { type Definition, define } from "../src/definition/definition.ts";
import { signatureAnnotations } from "../src/definition/signature.ts";
import { parseVersionName } from "../src/definition/version-name.ts";
import { ownerOf } from "../src/registration.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { judge, recognise } from "../src/verify.ts";

const file = join(import.meta.dirname, "../templates/build_image_task.py.hbs");
const text = readFileSync(file, "utf8");

function definition(own = true, task = {}): Definition {
  const settings = settingsSchema.parse({ appVersion: "2026.3.4", release: { name: "us" }, task });
  return define({ ...settings, appVersion: "2026.3.4" }, { file, text, own });
}

/** What the recorded deploy would have stored of that version's release, with annotations. */
function stored(version: string, annotations: Record<string, string> = {}, recording = "2.12.1"): TaskDetails {
  const release = parseVersionName(version).appVersion;
  const path = join(import.meta.dirname, `recordings/DeployTask-${recording}-copy-style-none.json`);
  const spec = fromJson(TaskSpecSchema, JSON.parse(readFileSync(path, "utf8").replaceAll("2026.3.4", release)).spec, {
    ignoreUnknownFields: true,
  });
  const target = spec.taskTemplate?.target;
  if (target?.case === "k8sPod" && target.value.metadata) target.value.metadata.annotations = annotations;
  return create(TaskDetailsSchema, { taskId: { version }, spec });
}

describe("recognise", () => {
  const wanted = definition();

  it("knows a signed registration by its fingerprint, whatever its name", () => {
    const details = stored("2026.3.4-r7", signatureAnnotations({ ...wanted.signature, registeredBy: "others" }));
    expect(recognise(details, wanted)).toMatchObject({
      version: "2026.3.4-r7",
      appVersion: "2026.3.4",
      isWanted: true,
      signature: { registeredBy: "others" },
    });
  });

  it("does not take another fingerprint for it, though the fields agree", () => {
    const details = stored("2026.3.4", signatureAnnotations({ ...wanted.signature, fingerprint: "sha256:other" }));
    expect(recognise(details, wanted)).toMatchObject({ isWanted: false, differences: [] });
  });

  it("knows one made by hand by its fields", () => {
    expect(recognise(stored("2026.3.4"), wanted)).toMatchObject({ isWanted: true, signature: undefined });
  });

  it("takes half a signature for none", () => {
    const { registeredBy: _, ...half } = signatureAnnotations(wanted.signature);
    const [first] = Object.entries(half);
    if (!first) throw new Error("a signature has annotations");
    expect(recognise(stored("2026.3.4", Object.fromEntries([first])), wanted).signature).toBeUndefined();
  });

  it("names each field in which one made by hand differs", () => {
    const { isWanted, differences } = recognise(stored("2026.3.4"), definition(true, { configMapName: "other" }));
    expect(isWanted).toBe(false);
    expect(differences.map(({ field }) => field)).toContain("podSpec.volumes[1].configMap.name");
  });

  it("does not take one of an old SDK for it: its cache key is the hash of nothing", () => {
    const { isWanted, differences } = recognise(stored("2026.3.4", {}, "2.5.14"), wanted);
    expect(isWanted).toBe(false);
    expect(differences).toEqual([{ field: "cacheKeyDependsOnImage", expected: true, stored: false }]);
  });

  it("knows of a user's own template the fingerprint only", () => {
    expect(recognise(stored("2026.3.4"), definition(false))).toMatchObject({ isWanted: false, differences: [] });
  });

  it("reads the release of one made by hand from its name, and of a signed one from its signature", () => {
    expect(recognise(stored("2026.3.4-r2"), wanted).appVersion).toBe("2026.3.4");
    const details = stored("by-another-name", signatureAnnotations(wanted.signature));
    expect(recognise(details, wanted).appVersion).toBe("2026.3.4");
  });

  it("without a wanted definition only says what is there", () => {
    const signed = recognise(stored("2026.3.4", signatureAnnotations(wanted.signature)), undefined);
    expect(signed).toMatchObject({ signature: wanted.signature, isWanted: false, differences: [] });
    expect(recognise(stored("2026.3.4"), undefined)).toMatchObject({ isWanted: false, differences: [] });
  });

  it("says who registered it and when, where the control plane says so", () => {
    const at = new Date("2026-11-24T04:11:00Z");
    const details = stored("2026.3.4");
    details.metadata = create(TaskMetadataSchema, {
      deployedAt: timestampFromDate(at),
      deployedBy: { principal: { case: "user", value: { id: { subject: "alice" } } } },
    });
    expect(recognise(details, wanted)).toMatchObject({ registeredAt: at, deployedBy: "alice" });
    expect(recognise(stored("2026.3.4"), wanted)).toMatchObject({ registeredAt: undefined, deployedBy: "" });
  });

  it("takes a task of another kind for an unwanted one, and is not confused by it", () => {
    const details = create(TaskDetailsSchema, { taskId: { version: "1" }, spec: { taskTemplate: { type: "python" } } });
    expect(recognise(details, wanted)).toMatchObject({ version: "1", signature: undefined, isWanted: false });
    expect(recognise(create(TaskDetailsSchema, {}), wanted)).toMatchObject({ version: "", isWanted: false });
  });
});

describe("the owner of a registration", () => {
  const { signature } = definition();
  it.each([
    [{ signature, deployedBy: "alice" }, "release us"],
    [{ signature: undefined, deployedBy: "alice" }, "hand (unsigned, alice)"],
    [{ signature: undefined, deployedBy: "" }, "hand (unsigned)"],
  ])("is, of %j, %s", (given, owner) => {
    expect(ownerOf({ ...recognise(stored("1"), undefined), ...given })).toBe(owner);
  });
});

describe("judge", () => {
  const scope = "system/production";
  const wanted = definition();
  const judged = (details: TaskDetails | undefined) =>
    judge(details && recognise(details, wanted), { appVersion: "2026.3.4", scope });

  it("finds nothing wrong with the wanted definition", () => {
    expect(judged(stored("2026.3.4"))).toBeUndefined();
  });

  it.each([
    { details: undefined, code: "registration-missing", words: "remote image builder is not enabled" },
    { details: stored("2026.3.3"), code: "registration-outdated", words: "2026.3.3 is current" },
    { details: stored("2026.3.10"), code: "registration-newer", words: "newer than 2026.3.4" },
    { details: stored("nightly"), code: "registration-incomparable", words: "nightly" },
    { details: stored("2026.3.4", {}, "2.5.14"), code: "registration-differs", words: "another definition" },
  ])("says $code", ({ details, code, words }) => {
    expect(judged(details)).toMatchObject({ code, severity: "error", what: expect.stringContaining(words) });
  });

  it("gives as reason who registered what is outdated", () => {
    expect(judged(stored("2026.3.3"))?.why).toBe("it was registered by hand (unsigned)");
  });

  it("gives as reason the fields that differ, or, of a signed one, who signed it", () => {
    expect(judged(stored("2026.3.4", { mine: "1" }, "2.5.14"))?.why).toBe(
      'annotations.mine: "1" is stored, absent is wanted\ncacheKeyDependsOnImage: false is stored, true is wanted',
    );
    const signature = { ...wanted.signature, fingerprint: "sha256:other", registeredBy: "others" };
    expect(judged(stored("2026.3.4", signatureAnnotations(signature)))?.why).toBe(
      "it was registered by release others",
    );
  });
});
