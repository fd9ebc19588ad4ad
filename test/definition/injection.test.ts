import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DefinitionSettings } from "../../src/definition/context.ts";
import { define, releaseId } from "../../src/definition/definition.ts";
import { hostileText } from "./hostile.ts";
import { parsed } from "./python.ts";
import { ownTemplate, templateOf } from "./samples.ts";

/** Settings with a text in every place that has one. No schema has seen them: the rendering alone must hold. */
function settingsWith(text: (place: string) => string): DefinitionSettings {
  const mapOf = (place: string) => ({ [`${text(`${place} key`)}`]: text(`${place} value`) });
  return {
    appVersion: text("appVersion"),
    release: { cluster: text("cluster"), namespace: text("namespace"), name: text("name") },
    task: {
      project: "system",
      domain: "production",
      imageNamePrefix: text("imageNamePrefix"),
      images: { buildImage: text("buildImage"), frontend: text("frontend") },
      logLevel: 5,
      configMapName: text("configMapName"),
      podTemplate: {
        labels: mapOf("labels"),
        annotations: mapOf("annotations"),
        nodeSelector: mapOf("nodeSelector"),
        tolerations: [{ key: text("toleration"), operator: "Exists" }],
        resources: { limits: mapOf("limits") },
        // An empty name counts as none in the template, which is another shape.
        serviceAccountName: `${text("serviceAccountName")}.`,
        imagePullSecrets: [{ name: text("imagePullSecrets") }],
        env: [{ name: text("env name"), value: text("env value") }],
      },
    },
  };
}

/** The text for each place of one render, by place. */
const hostileSettings: fc.Arbitrary<Map<string, string>> = (() => {
  const places = new Set<string>();
  settingsWith((place) => {
    places.add(place);
    return "";
  });
  const texts = fc.array(hostileText, { minLength: places.size, maxLength: places.size });
  return texts.map((values) => new Map([...places].map((place, index) => [place, values[index] ?? ""])));
})();

// A template of a user's own that puts values in places of every kind.
const usersTemplate = templateOf(
  [
    "x = [{{#each podTemplate.labels}}({{python @key}}, {{python this}}), {{/each}}]",
    "{{#with images}}y = {{python buildImage}} + {{python frontend}}{{/with}}",
    "{{#if podTemplate.env}}z = {{python podTemplate}}{{else}}z = None{{/if}}",
    "annotations = {{{python annotations}}}",
  ].join("\n"),
);

describe.each([
  ["the program's own template", ownTemplate],
  ["a user's template", usersTemplate],
])("no setting becomes code in %s", (_name, template) => {
  it("whatever is in it, only constants differ, and they are the settings", () => {
    const harmless = define(
      settingsWith((place) => place.replaceAll(" ", "-")),
      template,
    ).source;
    const batch = fc.array(hostileSettings, { minLength: 1, maxLength: 60, size: "max" });
    fc.assert(
      fc.property(batch, (rows) => {
        const all = rows.map((texts) => settingsWith((place) => texts.get(place) ?? ""));
        const sources = all.map((settings) => define(settings, template).source);
        // Every character that is not ASCII, a line break among them, is escaped: lines are the template's own.
        for (const source of sources) {
          expect(source).toMatch(/^[\n\x20-\x7e]+$/);
          expect(source.split("\n")).toHaveLength(harmless.split("\n").length);
        }
        const [expected, ...trees] = parsed([harmless, ...sources]);
        trees.forEach(({ shape, constants }, index) => {
          expect(shape).toBe(expected?.shape);
          const settings = all[index];
          const texts = rows[index];
          if (!settings || !texts) return;
          const seen = ["buildImage", "frontend", "labels key", "labels value", "env value"].map((place) =>
            texts.get(place),
          );
          expect(constants).toEqual(
            expect.arrayContaining([...seen, releaseId(settings.release), settings.appVersion]),
          );
        });
      }),
      { numRuns: 5 },
    );
  });
});
