import { describe, expect, it } from "vitest";
import { define } from "../../src/definition/definition.ts";
import { RegistrarError } from "../../src/errors/registrar-error.ts";
import { ownTemplate, settingsOf, templateOf } from "./samples.ts";

const signed = "{{python annotations}}";
const settings = settingsOf({
  task: { imageNamePrefix: "registry.example.com", podTemplate: { labels: { a: "1", b: "2" } } },
});

/** What comes before the signature. */
function rendered(text: string): string {
  const { source } = define(settings, templateOf(`${text}|${signed}`));
  return source.slice(0, source.indexOf("|{"));
}

/** Why a template is refused. */
function refusal(text: string): string {
  try {
    define(settings, templateOf(text));
  } catch (error) {
    expect(error).toBeInstanceOf(RegistrarError);
    if (error instanceof RegistrarError) {
      expect(error).toMatchObject({ code: "template-unusable", exit: 2 });
      expect(error.finding.what).toContain("mine.hbs");
      return error.finding.why;
    }
  }
  throw new Error("the template was taken");
}

describe("a template may", () => {
  it.each([
    ["write text", "plain { } text", "plain { } text"],
    ["write a value", "{{python appVersion}}", '"2026.3.4"'],
    ["write it in three braces", "{{{python appVersion}}}", '"2026.3.4"'],
    ["write a nested value", "{{python images.buildImage}}", '"registry.example.com/build-image:2026.3.4"'],
    ["write a whole mapping", "{{python podTemplate.labels}}", '{"a": "1", "b": "2"}'],
    ["write what is empty as None", "{{python podTemplate.env}}", "None"],
    ["walk a mapping", "{{#each podTemplate.labels}}{{python @key}}={{python this}} {{/each}}", '"a"="1" "b"="2" '],
    ["ask for a value", "{{#if podTemplate.labels}}yes{{else}}no{{/if}}", "yes"],
    ["ask for an empty one", "{{#if podTemplate.env}}yes{{else if appVersion}}else{{/if}}", "else"],
    ["ask the other way round", "{{#unless podTemplate.env}}none{{/unless}}{{^if appVersion}}no{{/if}}", "none"],
    [
      "go into a mapping",
      "{{#with images}}{{python frontend}}{{/with}}",
      '"registry.example.com/frontend-v2:2026.3.4"',
    ],
    [
      "look a value up by its name",
      "{{python (lookup images 'frontend')}}",
      '"registry.example.com/frontend-v2:2026.3.4"',
    ],
    ["hold comments", "{{! one }}{{!-- two --}}", ""],
    ["escape the braces of Flyte's own inputs", String.raw`\{{.inputs.spec}}`, "{{.inputs.spec}}"],
  ])("%s", (_name, template, source) => {
    expect(rendered(template)).toBe(source);
  });
});

describe("a template may not", () => {
  it.each([
    ["{{appVersion}}", "line 1: write {{python appVersion}} instead of {{appVersion}}"],
    ["{{{appVersion}}}", "line 1: write {{python appVersion}} instead of {{appVersion}}"],
    ["{{&appVersion}}", "line 1: write {{python appVersion}} instead of {{appVersion}}"],
    ["a\nb {{ images.frontend }}", "line 2: write {{python images.frontend}} instead of {{images.frontend}}"],
    [
      "{{#if appVersion}}\n{{configMapName}}{{/if}}",
      "line 2: write {{python configMapName}} instead of {{configMapName}}",
    ],
    [
      "{{#if x}}{{else}}{{configMapName}}{{/if}}",
      "line 1: write {{python configMapName}} instead of {{configMapName}}",
    ],
    ["{{#if x}}{{else if y}}{{a}}{{/if}}", "line 1: write {{python a}} instead of {{a}}"],
    ["{{^if x}}{{a}}{{/if}}", "line 1: write {{python a}} instead of {{a}}"],
    ["{{#each images}}{{this}}{{/each}}", "line 1: write {{python this}} instead of {{this}}"],
    ["{{#each images}}{{@key}}{{/each}}", "line 1: write {{python @key}} instead of {{@key}}"],
    ["{{lookup images 'frontend'}}", "line 1: write {{python lookup}} instead of {{lookup}}"],
    ["{{./python appVersion}}", "line 1: write {{python ./python}} instead of {{./python}}"],
    ["{{python}}", "line 1: write {{python value}} instead of {{python}}"],
    ["{{python appVersion logLevel}}", "line 1: write {{python value}} instead of {{python}}"],
    ["{{#lookup images 'frontend'}}{{/lookup}}", "line 1: {{#lookup}} is not supported"],
    ["{{#python appVersion}}{{/python}}", "line 1: {{#python}} is not supported"],
    ["{{#appVersion}}x{{/appVersion}}", "line 1: {{#appVersion}} is not supported"],
    ["{{^appVersion}}x{{/appVersion}}", "line 1: {{#appVersion}} is not supported"],
    ["{{> other}}", "line 1: PartialStatement is not supported"],
    ["{{#> other}}x{{/other}}", "line 1: PartialBlockStatement is not supported"],
    ['\n{{#*inline "x"}}y{{/inline}}', "line 2: DecoratorBlock is not supported"],
    ["{{* decorate}}", "line 1: Decorator is not supported"],
    ["a\n{{python nothing}}", "line 2: {{python …}} names what is not given"],
    ["{{python images.worker}}", "line 1: {{python …}} names what is not given"],
    ["{{python constructor}}", "line 1: {{python …}} names what is not given"],
    ["{{python @root.nothing}}", "line 1: {{python …}} names what is not given"],
  ])("say %j", (template, why) => {
    expect(refusal(`${template}\n${signed}`)).toBe(why);
  });

  it.each(["{{#if appVersion}}", "{{python appVersion", "{{/if}}", "{{python appVersion}}}"])(
    "be no template: %j",
    (template) => {
      expect(refusal(template)).toMatch(/^Parse error on line 1/);
    },
  );

  const unsigned = "it leaves out annotations={{python annotations}} of flyte.PodTemplate";
  it.each([
    ["", unsigned],
    ["x = {{python appVersion}}", unsigned],
    ["annotations = {{python podTemplate.annotations}}", unsigned],
    ["{{#if podTemplate.env}}{{python annotations}}{{/if}}", unsigned],
    ["{{!-- {{python annotations}} --}}", unsigned],
  ])("leave the signature out: %j", (template, why) => {
    expect(refusal(template)).toBe(why);
  });
});

describe("the program's own template", () => {
  it("renders the documented file, with Flyte's inputs as they are", () => {
    const { source, ownTemplate: own } = define(settingsOf(), ownTemplate);
    expect(own).toBe(true);
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
    ["resources", { resources: { limits: { cpu: 2 } } }, 'resources={"limits": {"cpu": 2}},'],
    ["serviceAccountName", { serviceAccountName: "a" }, 'service_account_name="a",'],
    ["imagePullSecrets", { imagePullSecrets: [{ name: "a" }] }, 'image_pull_secrets=[{"name": "a"}],'],
    ["env", { env: [{ name: "TZ", value: "UTC" }] }, '{"name": "TZ", "value": "UTC"},'],
  ])("writes %s of the pod template", (_name, podTemplate, line) => {
    const { source } = define(settingsOf({ task: { podTemplate } }), ownTemplate);
    expect(source.split("\n").map((one) => one.trim())).toContain(line);
  });
});
