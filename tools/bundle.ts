// Makes dist/: the program, which requires Node 26 and nothing else. registrar.mjs is what is started; it runs main.cjs, the
// program. The others are what only some runs need: kubernetes.cjs, the client of a Kubernetes cluster; check.cjs; log.cjs; execa.cjs.
// Each has what it needs of the program once more, so none of them makes the others wait for many small files.
// DOCS_URL is the address of this version's docs/errors.md, which findings link to; without it they name the relative path.
import { chmodSync, cpSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { contextOf } from "../src/definition/context.ts";
import { precompileTemplate } from "../src/definition/template.ts";
import { renderPlaceholders } from "../src/definition/yaml-template.ts";
import { settingsSchema } from "../src/settings/schema.ts";
import { parseYaml } from "../src/settings/yaml.ts";
import { keepCompiledCode } from "./compiled-code.ts";
import { writeThirdParty } from "./third-party/write-third-party.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

/** Libraries that a run which finds nothing to do may not need, where the template is our own. */
const lateLibraries: ReadonlySet<string> = new Set(["handlebars", "yaml"]);

/**
 * Loads Node's own modules, and those libraries, when something of them is first used, and not at start: HTTP/2 and TLS alone
 * take 10 ms of a run that takes 150.
 */
const modulesLate: Plugin = {
  name: "modules-late",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z0-9_/]+$/ }, ({ path, kind, namespace }) => {
      const isLate = isBuiltin(path) || lateLibraries.has(path);
      return isLate && kind === "import-statement" && namespace === "file" ? { path, namespace: "late" } : undefined;
    });
    onLoad({ filter: /.*/, namespace: "late" }, async ({ path }) => ({
      contents: await lateModule(path),
      resolveDir: root,
    }));
  },
};

/** A CommonJS module with a getter for each property of the real one. One that is a function itself cannot be played. */
async function lateModule(path: string): Promise<string> {
  const real: { default: unknown } = await import(path);
  if (typeof real.default !== "object" || real.default === null)
    return `module.exports = require(${JSON.stringify(path)});`;
  return `let real;
const load = () => (real ??= require(${JSON.stringify(path)}));
for (const name of ${JSON.stringify(Object.keys(real.default))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });`;
}

/** Puts what can be computed of our own template into the bundle: its compiler and the YAML parser need not be loaded then. */
const templatePrecompiled: Plugin = {
  name: "template-precompiled",
  setup({ onLoad }) {
    onLoad({ filter: /\/definition\/precompiled\.ts$/ }, () => {
      const file = join(root, "templates/build_image_task.yaml.hbs");
      const template = { file, text: readFileSync(file, "utf8") };
      const { release, task } = settingsSchema.parse({});
      const { text } = renderPlaceholders(template, contextOf({ release, task, appVersion: "2026.3.4" }));
      const [source, rendered, tree] = [template.text, text, parseYaml(text)].map((value) => JSON.stringify(value));
      return {
        contents: `export const compiledTemplates = new Map([[${source}, ${precompileTemplate(template.text, "yaml")}]]);
export const parsedTexts = new Map([[${rendered}, ${tree}]]);`,
      };
    });
  },
};

/**
 * Sorts names of headers by code units, which is the standard's order. The library compares them as a language does, for which
 * V8 first loads 5 ms of rules.
 */
const headersSortedPlainly: Plugin = {
  name: "headers-sorted-plainly",
  setup({ onLoad }) {
    onLoad({ filter: /\/headers-polyfill\/lib\/index\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const contents = text.replace(".sort((a, b) => a.localeCompare(b))", ".sort()");
      if (contents === text) throw new Error(`${path} no longer sorts by localeCompare`);
      return { contents };
    });
  },
};

/** What is imported when it is needed and is a file of its own, so that it is not read before. */
const apart: Readonly<Record<string, string>> = {
  "./cluster/kubernetes.ts": "kubernetes",
  "./check-body.ts": "check",
  "../check/check-body.ts": "check",
  "../../report/log/log.ts": "log",
  execa: "execa",
};
const filesApart: Plugin = {
  name: "files-apart",
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, kind }) => {
      const file = kind === "dynamic-import" ? apart[path] : undefined;
      return file === undefined ? undefined : { path: `./${file}.cjs`, external: true };
    });
  },
};

const options = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: "node",
  // Older syntax than Node 26 has, so that an older Node gets as far as the sentence that says so.
  target: "node20",
  minify: true,
  legalComments: "linked",
  metafile: true,
} satisfies BuildOptions;

rmSync(dist, { recursive: true, force: true });
const launcher = await build({
  ...options,
  entryPoints: { registrar: join(root, "src/launch.ts") },
  outExtension: { ".js": ".mjs" },
  format: "esm",
});
const program = await build({
  ...options,
  entryPoints: {
    main: join(root, "src/main.ts"),
    kubernetes: join(root, "src/cluster/kubernetes.ts"),
    check: join(root, "src/commands/check/check-body.ts"),
    log: join(root, "src/report/log/log.ts"),
    execa: "execa",
  },
  outExtension: { ".js": ".cjs" },
  // A script that is no module: V8 keeps of it what has run (tools/compiled-code.ts), so there is no import() either.
  format: "cjs",
  supported: { "dynamic-import": false },
  // Handlebars asks for it where it makes source maps, and goes without it else.
  external: ["source-map"],
  define: {
    DOCS_URL: JSON.stringify(process.env["DOCS_URL"] || undefined) ?? "undefined",
    "import.meta.dirname": "__dirname",
  },
  plugins: [modulesLate, filesApart, templatePrecompiled, headersSortedPlainly],
});
chmodSync(join(dist, "registrar.mjs"), 0o755);
cpSync(join(root, "templates"), join(dist, "templates"), { recursive: true });
cpSync(join(root, "LICENSE"), join(dist, "LICENSE"));
writeThirdParty(root, dist, [launcher.metafile, program.metafile]);
await keepCompiledCode(dist);
