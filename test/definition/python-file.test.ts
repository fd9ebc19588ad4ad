import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextOf, type DefinitionSettings } from "../../src/definition/context.ts";
import { define } from "../../src/definition/definition.ts";
import { renderPython } from "../../src/definition/python-file.ts";
import {
  harmlessTexts,
  hostileText,
  hostileTexts,
  places,
  settingsWith,
  type Texts,
} from "../../testing/conformance/hostile-text.ts";
import { parsed } from "./python.ts";
import { ownTemplate, pythonTemplate, settingsOf } from "./samples.ts";

const owner = "the-owner";

/** The file of these texts; the owner stands for cluster, namespace and name. */
function fileOf(texts: Texts, ownerText: string, change = (settings: DefinitionSettings) => settings): string {
  // An empty name counts as none in this template, which is another shape.
  const settings = change(settingsWith({ ...texts, serviceAccountName: `${texts.serviceAccountName}.` }));
  const ownership = { owner: ownerText, appVersion: settings.appVersion };
  return renderPython(pythonTemplate, { context: contextOf(settings), ownership });
}

describe("no setting becomes code in build_image_task.py", () => {
  const harmless = fileOf(harmlessTexts, owner);
  const [expected] = parsed([harmless]);

  it("is seen in all its places", () => {
    const constants = new Set(expected?.constants);
    const texts = { ...harmlessTexts, serviceAccountName: `${harmlessTexts.serviceAccountName}.` };
    const seen = places.filter((place) => constants.has(texts[place]));
    expect([...seen, "cluster", "namespace", "name"].sort()).toEqual([...places].sort());
    expect(constants).toContain(owner);
    expect(expected?.constants).toHaveLength(80);
  });

  it("whatever is in it, only constants differ, and they are the settings", () => {
    const batch = fc.array(fc.tuple(hostileTexts, hostileText), { minLength: 40, maxLength: 60, size: "max" });
    let files = 0;
    fc.assert(
      fc.property(batch, (rows) => {
        const sources = rows.map(([texts, ownerText]) => fileOf(texts, ownerText));
        // Every character that is not ASCII, a line break among them, is escaped: lines are the template's own.
        for (const source of sources) {
          expect(source).toMatch(/^[\n\x20-\x7e]+$/);
          expect(source.split("\n")).toHaveLength(harmless.split("\n").length);
        }
        const trees = parsed(sources);
        expect(trees).toHaveLength(sources.length);
        trees.forEach(({ shape, constants }, index) => {
          files++;
          const [texts, ownerText] = rows[index] ?? [harmlessTexts, owner];
          const instead = new Map<unknown, string>([
            [owner, ownerText],
            ...places.map((place) => [harmlessTexts[place], texts[place]] as const),
            [`${harmlessTexts.serviceAccountName}.`, `${texts.serviceAccountName}.`],
          ]);
          expect(shape).toBe(expected?.shape);
          expect(constants).toEqual(expected?.constants.map((value) => instead.get(value) ?? value));
        });
      }),
      { numRuns: 5 },
    );
    expect(files).toBeGreaterThanOrEqual(200);
  });

  it("however many of them there are", () => {
    const mapping = fc.dictionary(hostileText, hostileText, { minKeys: 1, maxKeys: 20, noNullPrototype: true });
    const batch = fc.array(fc.tuple(hostileTexts, mapping, mapping), { minLength: 20, maxLength: 30, size: "max" });
    fc.assert(
      fc.property(batch, (rows) => {
        const sources = rows.map(([texts, labels, annotations]) =>
          fileOf(texts, owner, ({ task, ...rest }) => ({
            ...rest,
            task: { ...task, podTemplate: { ...task.podTemplate, labels, annotations } },
          })),
        );
        const trees = parsed(sources);
        expect(trees).toHaveLength(sources.length);
        const calls = callsIn(expected?.shape);
        expect(calls.length).toBeGreaterThan(100);
        trees.forEach(({ shape, constants }, index) => {
          const [, labels = {}, annotations = {}] = rows[index] ?? [];
          const more = 2 * (Object.keys(labels).length - 1 + Object.keys(annotations).length - 1);
          expect(callsIn(shape)).toEqual(calls);
          expect(constants).toHaveLength((expected?.constants.length ?? 0) + more);
          const texts = [...Object.entries(labels), ...Object.entries(annotations)].flat();
          expect(constants).toEqual(expect.arrayContaining(texts));
        });
      }),
      { numRuns: 3 },
    );
  });
});

/** Names and calls of a tree: what a file can do. */
function callsIn(shape = ""): string[] {
  return shape.match(/(?:Name|Attribute|Call|Import\w*|keyword|alias)\((?:id=|name=|arg=)?(?:'\w+')?/g) ?? [];
}

describe("build_image_task.py", () => {
  const fileWith = (given: { [key: string]: unknown } = {}) =>
    renderPython(pythonTemplate, define(settingsOf(given), ownTemplate));
  const linesOf = (source: string) => source.split("\n").map((line) => line.trim());

  it("is the documented file, with Flyte's inputs as they are", () => {
    const source = fileWith();
    expect(source).toContain('"{{.inputs.context}}",');
    expect(source).toContain('"{{.outputPrefix}}",');
    expect(source).not.toContain("\\{{");
    expect(source).not.toMatch(
      /^\s*(labels|service_account_name|resources|tolerations|node_selector|image_pull_secrets)=/m,
    );
  });

  it.each([
    ["labels", { labels: { team: "a" } }, 'labels={"team": "a"},'],
    ["annotations", { annotations: { note: "a" } }, '"note": "a",'],
    ["nodeSelector", { nodeSelector: { arch: "arm64" } }, 'node_selector={"arch": "arm64"},'],
    ["tolerations", { tolerations: [{ key: "a" }] }, 'tolerations=[{"key": "a"}],'],
    ["resources", { resources: { limits: { cpu: 2 } } }, 'resources={"limits": {"cpu": "2"}},'],
    ["serviceAccountName", { serviceAccountName: "a" }, 'service_account_name="a",'],
    ["imagePullSecrets", { imagePullSecrets: [{ name: "a" }] }, 'image_pull_secrets=[{"name": "a"}],'],
    ["env", { env: [{ name: "TZ", value: "UTC" }] }, '{"name": "TZ", "value": "UTC"},'],
    ["nothing for null", { env: [{ name: "TZ", value: null }] }, '{"name": "TZ"},'],
  ])("has %s of the pod template", (_name, podTemplate, line) => {
    expect(linesOf(fileWith({ task: { podTemplate } }))).toContain(line);
  });

  it("names its owner next to the user's annotations, and cannot be made to name another", () => {
    const key = "image-builder-registrar.union.ai/registered-by";
    const release = { cluster: "prod-us", namespace: "union", name: "dataplane" };
    const podTemplate = { annotations: { note: "mine", [key]: "forged" } };
    const source = fileWith({ release, task: { podTemplate } });
    expect(linesOf(source)).toContain(`"${key}": "prod-us/union/dataplane",`);
    expect(linesOf(source)).toContain('"image-builder-registrar.union.ai/app-version": "2026.3.4",');
    expect(linesOf(source)).toContain('"note": "mine",');
    expect(source).not.toContain("forged");
  });
});
