import Handlebars from "handlebars";
import { describe, expect, it } from "vitest";
import { contextOf } from "../../src/definition/context.ts";
import { precompileTemplate, renderTemplate, type ValueHelper } from "../../src/definition/template.ts";
import { settingsOf, templateOf, whyUnusable } from "./samples.ts";

const context = contextOf(
  settingsOf({ task: { imageNamePrefix: "registry.example.com", podTemplate: { labels: { a: "1", b: "2" } } } }),
);

/** Both helpers are written alike below: `{{value x}}`. */
function render(text: string, name: ValueHelper["name"]): string {
  const template = templateOf(text.replaceAll("value ", `${name} `));
  return renderTemplate(template, context, { name, write: (value) => `<${JSON.stringify(value)}>` });
}

describe.each(["yaml", "python"] as const)("a template whose values are written by {{%s …}}", (name) => {
  it.each([
    ["text", "plain { } & < text", "plain { } & < text"],
    ["a value", "{{value appVersion}}", '<"2026.3.4">'],
    ["a value in three braces", "{{{value appVersion}}}", '<"2026.3.4">'],
    ["a value without the space around it", "a {{~value appVersion~}} b", 'a<"2026.3.4">b'],
    ["a nested value", "{{value images.buildImage}}", '<"registry.example.com/build-image:2026.3.4">'],
    ["a whole mapping", "{{value podTemplate.labels}}", '<{"a":"1","b":"2"}>'],
    ["what is empty as null", "{{value podTemplate.env}}", "<null>"],
    [
      "each of a mapping",
      "{{#each podTemplate.labels}}{{value @key}}={{value this}} {{/each}}",
      '<"a">=<"1"> <"b">=<"2"> ',
    ],
    ["each by a name", "{{#each podTemplate.labels as |v k|}}{{value k}}{{value v}}{{/each}}", '<"a"><"1"><"b"><"2">'],
    ["what depends on a value", "{{#if podTemplate.labels}}yes{{else}}no{{/if}}", "yes"],
    ["what depends on an empty one", "{{#if podTemplate.env}}yes{{else if appVersion}}else{{/if}}", "else"],
    ["the other way round", "{{#unless podTemplate.env}}none{{/unless}}{{^if appVersion}}no{{/if}}", "none"],
    [
      "what is in a mapping",
      "{{#with images}}{{value frontend}}{{/with}}",
      '<"registry.example.com/frontend-v2:2026.3.4">',
    ],
    ["what a name leads to", "{{value (lookup images 'frontend')}}", '<"registry.example.com/frontend-v2:2026.3.4">'],
    ["no comments", "{{! one }}{{!-- two --}}", ""],
    ["the braces of Flyte's own inputs", String.raw`\{{.inputs.spec}}`, "{{.inputs.spec}}"],
  ])("gives %s", (_name, text, source) => {
    expect(render(text, name)).toBe(source);
  });

  it.each([
    ["{{appVersion}}", "line 1: write {{value appVersion}} instead of {{appVersion}}"],
    ["{{{appVersion}}}", "line 1: write {{value appVersion}} instead of {{appVersion}}"],
    ["{{&appVersion}}", "line 1: write {{value appVersion}} instead of {{appVersion}}"],
    ["a\nb {{ images.frontend }}", "line 2: write {{value images.frontend}} instead of {{images.frontend}}"],
    ["{{#if appVersion}}\n{{logLevel}}{{/if}}", "line 2: write {{value logLevel}} instead of {{logLevel}}"],
    ["{{#if x}}{{else}}{{logLevel}}{{/if}}", "line 1: write {{value logLevel}} instead of {{logLevel}}"],
    ["{{#if x}}{{else if y}}{{a}}{{/if}}", "line 1: write {{value a}} instead of {{a}}"],
    ["{{^if x}}{{a}}{{/if}}", "line 1: write {{value a}} instead of {{a}}"],
    ["{{#each images}}{{this}}{{/each}}", "line 1: write {{value this}} instead of {{this}}"],
    ["{{#each images}}{{@key}}{{/each}}", "line 1: write {{value @key}} instead of {{@key}}"],
    ["{{#with images as |i|}}{{i.frontend}}{{/with}}", "line 1: write {{value i.frontend}} instead of {{i.frontend}}"],
    ["{{lookup images 'frontend'}}", "line 1: write {{value lookup}} instead of {{lookup}}"],
    ["{{./value appVersion}}", "line 1: write {{value ./NAME}} instead of {{./NAME}}"],
    ["{{value }}", "line 1: write {{value value}} instead of {{NAME}}"],
    ["{{value appVersion logLevel}}", "line 1: write {{value value}} instead of {{NAME}}"],
    ["{{'text'}}", "line 1: write {{value text}} instead of {{text}}"],
    ["{{5}}", "line 1: write {{value 5}} instead of {{5}}"],
    ["{{#lookup images 'frontend'}}{{/lookup}}", "line 1: {{#lookup}} is not supported"],
    ["{{#value appVersion}}{{/NAME}}", "line 1: {{#NAME}} is not supported"],
    ["{{#appVersion}}x{{/appVersion}}", "line 1: {{#appVersion}} is not supported"],
    ["{{^appVersion}}x{{/appVersion}}", "line 1: {{#appVersion}} is not supported"],
    ["{{{{raw}}}} {{appVersion}} {{{{/raw}}}}", "line 1: {{#raw}} is not supported"],
    ["{{> other}}", "line 1: PartialStatement is not supported"],
    ["{{#> other}}x{{/other}}", "line 1: PartialBlockStatement is not supported"],
    ['\n{{#*inline "x"}}y{{/inline}}', "line 2: DecoratorBlock is not supported"],
    ["{{* decorate}}", "line 1: Decorator is not supported"],
    ["a\n{{value nothing}}", "line 2: {{NAME …}} names an unknown value"],
    ["{{value images.worker}}", "line 1: {{NAME …}} names an unknown value"],
    ["{{value constructor}}", "line 1: {{NAME …}} names an unknown value"],
    ["{{value images.__proto__}}", "line 1: {{NAME …}} names an unknown value"],
    ["{{value @root.nothing}}", "line 1: {{NAME …}} names an unknown value"],
  ])("may not say %j", (text, why) => {
    const [given, sentence] = [text, why].map((one) => one.replaceAll("NAME", name));
    expect(whyUnusable(() => render(given ?? "", name))).toBe(sentence?.replaceAll("{{value ", `{{${name} `));
  });

  it.each(["{{#if podTempalte.labels}}a{{/if}}", "{{#each image.frontend}}a{{/each}}"])(
    "may not ask for a part of what is not given: %j",
    (text) => {
      expect(whyUnusable(() => render(text, name))).toMatch(/labels|frontend/);
    },
  );

  it("is as strict and as wary of values where it is compiled beforehand", () => {
    const compiled = precompileTemplate("{{#if podTemplate.labels}}a{{/if}}", name);
    const template = Handlebars.template(new Function(`return ${compiled}`)());
    expect(template(context)).toBe("a");
    expect(() => template({})).toThrow(/labels/);
    expect(() => precompileTemplate("{{appVersion}}", name)).toThrow(`write {{${name} appVersion}}`);
  });

  it("may not use the helper of another file", () => {
    const other = name === "yaml" ? "python" : "yaml";
    expect(whyUnusable(() => render(`\n{{${other} appVersion}}`, name))).toMatch(`line 2: write {{${name} `);
  });

  it.each(["{{#if appVersion}}", "{{value appVersion", "{{/if}}", "{{value appVersion}}}"])(
    "has to be one: %j",
    (text) => {
      expect(whyUnusable(() => render(text, name))).toMatch(/^Parse error on line 1/);
    },
  );
});
