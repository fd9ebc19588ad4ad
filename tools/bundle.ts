// Makes dist/registrar.mjs: the program in one file, which Node 26 runs with nothing beside it but templates/. Only what
// asks a Kubernetes cluster something is in a second one, dist/kubernetes.mjs, which is loaded when that is asked for.
import { chmodSync, cpSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

const oldNode = `if (Number(process.versions.node.split(".")[0]) < 26) {
  console.error("registrar needs Node.js 26 or newer, and this is " + process.version + "; install Node.js 26.");
  process.exit(2);
}`;
const requireForBuiltins =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Loads Node's own modules by require. An ES import of them reads every export at start, and one of node:http's loads all
 * of Node's fetch: 30 ms of a run that takes 200.
 */
const builtinsByRequire: Plugin = {
  name: "builtins-by-require",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z0-9_/]+$/ }, ({ path, kind, namespace }) => {
      if (kind !== "import-statement" || namespace === "builtin" || !isBuiltin(path)) return undefined;
      return { path, namespace: "builtin" };
    });
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({ contents: `module.exports = require("${path}")` }));
  },
};

const kubernetesApart: Plugin = {
  name: "kubernetes-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/cluster\/kubernetes\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./kubernetes.mjs", external: true } : undefined,
    );
  },
};

rmSync(dist, { recursive: true, force: true });
await build({
  entryPoints: { registrar: join(root, "src/main.ts"), kubernetes: join(root, "src/cluster/kubernetes.ts") },
  outdir: dist,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  // Older syntax than Node 26 has, so that an older Node gets as far as the sentence above.
  target: "node20",
  minify: true,
  legalComments: "linked",
  banner: { js: `${oldNode}\n${requireForBuiltins}` },
  plugins: [builtinsByRequire, kubernetesApart],
});
chmodSync(join(dist, "registrar.mjs"), 0o755);
cpSync(join(root, "templates"), join(dist, "templates"), { recursive: true });
