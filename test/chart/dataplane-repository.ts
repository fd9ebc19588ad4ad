import { appendFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareDataplane } from "./changed-dataplanes.ts";

const repository = join(import.meta.dirname, "../..");

/**
 * Makes a stand-in for the repository of Union's charts, with this one next to it, as far as docs/embedding/ bears on it: its folders,
 * and a list of dependencies that is written as theirs, with a condition. `await using` removes it.
 */
export async function dataplaneRepository() {
  const folder = await mkdtemp(join(tmpdir(), "dataplane-repository-"));
  const root = join(folder, "helm-charts");
  const dataplane = join(root, "charts/dataplane");
  const dependency = join(root, "charts/opencost");
  await mkdir(dependency, { recursive: true });
  await mkdir(join(root, "tests/values"), { recursive: true });
  await symlink(repository, join(folder, "image-builder-registrar"));
  {
    await using bare = await bareDataplane();
    await cp(bare.folder, dataplane, { recursive: true });
  }
  await appendFile(
    join(dataplane, "Chart.yaml"),
    `dependencies:
- name: opencost
  repository: file://../opencost
  version: 1.42.0
  condition: opencost.enabled
`,
  );
  await appendFile(join(dataplane, "values.yaml"), "opencost:\n  enabled: false\n");
  await writeFile(join(dependency, "Chart.yaml"), "apiVersion: v2\nname: opencost\nversion: 1.42.0\n");
  return { root, dataplane, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
