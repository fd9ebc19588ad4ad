import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { define, releaseId } from "../../src/definition/definition.ts";
import { fingerprintOf } from "../../src/definition/signature.ts";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted } from "../../src/settings/names.ts";
import { treeOf, valuesOf } from "../settings/samples.ts";
import { ownTemplate, settingsOf, templateOf } from "./samples.ts";

const fingerprint = (given: { [key: string]: unknown } = {}, template = ownTemplate) =>
  define(settingsOf(given), template).signature.fingerprint;

// Project and domain say where the task is registered; the template's file is known by its text.
const elsewhere = ["task.project", "task.domain", "task.templateFile"];
const leaves = leavesOfSettings().filter(({ path }) => path[0] === "task" && !elsewhere.includes(dotted(path)));
const byName = leaves.map((leaf) => [dotted(leaf.path), leaf] as const);

describe("a fingerprint", () => {
  it("is a SHA-256 with its name before it", () => {
    expect(fingerprintOf("", "")).toBe("sha256:01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b");
    expect(fingerprint()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each(byName)("depends on %s", (_name, leaf) => {
    const [one, other] = valuesOf(leaf).map((value) => fingerprint(treeOf(leaf.path, value)));
    expect(new Set([fingerprint(), one, other]).size).toBe(3);
  });

  it.each([
    { how: "through the images", task: {} },
    {
      how: "even where no image names it",
      task: { images: { buildImage: "a.example/b:1", frontend: "a.example/f:1" } },
    },
  ])("depends on the release, $how", ({ task }) => {
    expect(fingerprint({ appVersion: "2026.3.5", task })).not.toBe(fingerprint({ appVersion: "2026.3.4", task }));
  });

  it("depends on the template's text, and not on where it lies", () => {
    const text = `${ownTemplate.text}# mine\n`;
    expect(fingerprint({}, { ...ownTemplate, text })).not.toBe(fingerprint());
    expect(fingerprint({}, { ...ownTemplate, file: "elsewhere" })).toBe(fingerprint());
  });

  it.each([
    { release: { cluster: "a", namespace: "b", name: "c" } },
    { trigger: "rollback" },
    { policy: { force: true, whenNewer: "replace" } },
    { timeouts: { total: "1h" } },
    { controlPlane: { endpoint: "other.example.com", org: "other" } },
    { task: { project: "other", domain: "other" } },
    { task: { logLevel: 5, podTemplate: { labels: {} } } },
    { task: { logLevel: "5" } },
  ])("does not depend on who registers it, why, how or where: %j", (given) => {
    expect(fingerprint(given)).toBe(fingerprint());
  });

  it("does not depend on the order of keys in a settings file, in any mapping", () => {
    const mapping = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 6 });
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(mapping, mapping, fc.array(mapping), (labels, annotations, tolerations) => {
        const podTemplate = { labels, annotations, tolerations, resources: { limits: labels, requests: annotations } };
        const one = define(settingsOf({ task: { podTemplate } }), ownTemplate);
        const other = define(settingsOf({ task: { podTemplate: reversed(podTemplate) } }), ownTemplate);
        expect(other.source).toBe(one.source);
        expect(other.signature).toEqual(one.signature);
      }),
    );
  });

  it("depends on the order of lists, which Kubernetes keeps", () => {
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)" },
    ];
    expect(fingerprint({ task: { podTemplate: { env } } })).not.toBe(
      fingerprint({ task: { podTemplate: { env: env.toReversed() } } }),
    );
  });
});

describe("a definition", () => {
  it("is signed by its release, for its appVersion", () => {
    const release = { cluster: "prod-us", namespace: "union", name: "dataplane" };
    const { signature, source, context } = define(settingsOf({ release }), ownTemplate);
    expect(signature).toEqual({
      fingerprint: fingerprint(),
      registeredBy: "prod-us/union/dataplane",
      appVersion: "2026.3.4",
    });
    for (const text of Object.values(signature)) expect(source).toContain(`: "${text}",`);
    expect(Object.values(context.annotations ?? {})).toEqual(Object.values(signature));
  });

  it("keeps the user's annotations beside the signature, and out of the signature's names", () => {
    const own = "image-builder-registrar.union.ai/fingerprint";
    const podTemplate = { annotations: { note: "mine", [own]: "forged" } };
    const { context, signature, source } = define(settingsOf({ task: { podTemplate } }), ownTemplate);
    expect(context.annotations).toMatchObject({ note: "mine", [own]: signature.fingerprint });
    expect(source).not.toContain("forged");
  });

  it("takes its images from the prefix unless they are named", () => {
    const images = (task: object) => define(settingsOf({ task }), ownTemplate).context.images;
    expect(images({ imageNamePrefix: "registry.example.com/union" })).toEqual({
      buildImage: "registry.example.com/union/build-image:2026.3.4",
      frontend: "registry.example.com/union/frontend-v2:2026.3.4",
    });
    expect(images({ imageNamePrefix: "a.example", images: { buildImage: "b.example/builder@sha256:0" } })).toEqual({
      buildImage: "b.example/builder@sha256:0",
      frontend: "a.example/frontend-v2:2026.3.4",
    });
  });

  it("knows whether its template is the program's own", () => {
    expect(define(settingsOf(), ownTemplate).ownTemplate).toBe(true);
    expect(define(settingsOf(), templateOf(ownTemplate.text)).ownTemplate).toBe(false);
  });

  it.each([
    [{ cluster: "a", namespace: "b", name: "c" }, "a/b/c"],
    [{ cluster: "", namespace: "b", name: "c" }, "b/c"],
    [{ cluster: "", namespace: "", name: "c" }, "c"],
  ])("names its release: %j", (release, id) => {
    expect(releaseId(release)).toBe(id);
  });
});
