import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { dataplane } from "./helm.ts";

/** Makes a copy of the data plane chart that does not embed ours. `await using` removes it. */
export async function bareDataplane() {
  const folder = await mkdtemp(join(tmpdir(), "dataplane-"));
  const isOurs = (path: string) => /charts|image-builder-registrar|NOTES/.test(path.slice(dataplane.length));
  await cp(dataplane, folder, { recursive: true, filter: (path) => !isOurs(path) });
  for (const [name, key] of [
    ["Chart.yaml", "dependencies"],
    ["values.yaml", "imageBuilderRegistrar"],
  ] as const) {
    const { [key]: _, ...rest } = parse(await readFile(join(folder, name), "utf8"));
    await writeFile(join(folder, name), stringify(rest));
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Makes a copy of the data plane chart, with ours in it, that has no appVersion. `await using` removes it. */
export async function dataplaneWithoutAppVersion() {
  const folder = await mkdtemp(join(tmpdir(), "dataplane-"));
  await cp(dataplane, folder, { recursive: true, dereference: true });
  const file = join(folder, "Chart.yaml");
  const { appVersion: _, ...rest } = parse(await readFile(file, "utf8"));
  await writeFile(file, stringify(rest));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
