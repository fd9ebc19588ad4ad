import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chart } from "./helm.ts";

/** A copy of the chart with one template added or replaced. */
export async function changedChart(template: string, text: string) {
  const folder = await mkdtemp(join(tmpdir(), "chart-"));
  await cp(chart, folder, { recursive: true });
  await writeFile(join(folder, "templates", template), text);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
