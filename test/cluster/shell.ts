import { dirname } from "node:path";
import { execa } from "execa";

/** Runs a script as a person does in a terminal that reaches the cluster. @returns what it prints; throws where it fails */
export async function runInShell(script: string, options: { cwd?: string; input?: string } = {}): Promise<string> {
  const env = { PATH: `${dirname(process.env["KUBECTL"] ?? "")}:${process.env["PATH"]}` };
  const { stdout } = await execa("bash", ["-euo", "pipefail", "-c", script], { ...options, env, timeout: 60_000 });
  return stdout;
}
