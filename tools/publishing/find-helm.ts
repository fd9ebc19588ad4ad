import { join } from "node:path";
import { execa } from "execa";

/** Helm: that of HELM4, else that on PATH, else one built here. @returns its path */
export async function findHelm(root: string): Promise<string> {
  const { stdout, failed } = await execa("helm", ["version", "--short"], { reject: false });
  if (!process.env["HELM4"] && !failed && /^v[34]\./.test(stdout)) return "helm";
  const built = await execa(join(root, "tools/helm.sh"), ["4"], { stderr: "inherit" });
  return built.stdout;
}
