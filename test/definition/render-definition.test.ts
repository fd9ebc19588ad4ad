import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDefinition, renderPythonDefinition, requireDefinition } from "../../src/definition/render-definition.ts";
import { load } from "../settings/loading.ts";

const templateFolder = join(import.meta.dirname, "../../templates");
const own = join(templateFolder, "build_image_task.yaml.hbs");

/** The definition of a settings file, and the files that were read for it. */
function rendered(file: string, changed: Readonly<Record<string, string>> = {}) {
  const read: string[] = [];
  const readFile = (path: string) => {
    read.push(path);
    if (path === "missing") throw new Error("ENOENT: no such file");
    return Buffer.from(changed[path] ?? readFileSync(path));
  };
  const files = { readFile, templateFolder };
  return { definition: renderDefinition(load({ file }).settings, files), files, read };
}

describe("rendering the definition of settings", () => {
  it("takes the program's own template", () => {
    const { definition, read } = rendered("{appVersion: 2026.3.4, release: {name: mine}}");
    expect(read).toEqual([own]);
    expect(definition?.ownership).toEqual({ owner: "mine", appVersion: "2026.3.4" });
    expect(definition?.spec.taskTemplate?.target.case).toBe("k8sPod");
  });

  it("takes the user's template in place of it", () => {
    const mine = readFileSync(own, "utf8").replace("discoverable: true", "discoverable: false");
    const file = "{appVersion: 2026.3.4, task: {templateFile: mine.yaml.hbs}}";
    const { definition, read } = rendered(file, { "mine.yaml.hbs": mine });
    expect(read).toEqual(["mine.yaml.hbs"]);
    expect(definition?.spec.taskTemplate?.metadata?.discoverable).toBe(false);
  });

  it("gives nothing without an appVersion, and reads nothing", () => {
    expect(rendered("{}")).toMatchObject({ definition: undefined, read: [] });
  });

  it("names the template that cannot be read, and its setting", () => {
    expect(() => rendered("{appVersion: 2026.3.4, task: {templateFile: missing}}")).toThrow(
      expect.objectContaining({
        code: "file-unreadable",
        finding: expect.objectContaining({
          args: { file: "missing", setting: "task.templateFile" },
          why: expect.stringContaining("ENOENT"),
        }),
      }),
    );
  });

  it("gives the Python file of the same definition", () => {
    const { definition, files, read } = rendered("{appVersion: 2026.3.4, release: {name: mine}}");
    const source = renderPythonDefinition(requireDefinition(definition), files);
    expect(read).toEqual([own, join(templateFolder, "build_image_task.py.hbs")]);
    for (const word of ["2026.3.4", '"mine"']) expect(source).toContain(word);
  });
});

describe("requiring a definition", () => {
  it("gives the one that there is", () => {
    const { definition } = rendered("appVersion: 2026.3.4");
    expect(requireDefinition(definition)).toBe(definition);
  });

  it("asks for the appVersion where there is none", () => {
    expect(() => requireDefinition(undefined)).toThrow(
      expect.objectContaining({
        code: "settings-wrong",
        exit: 2,
        finding: expect.objectContaining({ args: { problems: [expect.objectContaining({ setting: "appVersion" })] } }),
      }),
    );
  });
});
