import { execa } from "execa";

/** Milliseconds that one call may take. */
const callTime = 120_000;

/** Runs kubectl on the cluster of the tests. @returns what it prints; throws where it fails */
export async function kubectl(args: readonly string[], input = ""): Promise<string> {
  const program = process.env["KUBECTL"] ?? "kubectl";
  const { stdout } = await execa(program, args, { input, timeout: callTime });
  return stdout;
}
