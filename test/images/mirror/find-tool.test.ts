import { describe, expect, it } from "vitest";
import { copyToolNames } from "../../../src/images/mirror/copy-tools.ts";
import { findTool } from "../../../src/images/mirror/find-tool.ts";
import type { ProcessRequest, ProcessResult } from "../../../src/system/process.ts";

const always = new AbortController().signal;

/** A machine with these tools; each is asked for its version. */
function machineWith(...tools: string[]) {
  const asked: string[] = [];
  const runProcess = async ({ command, args }: ProcessRequest): Promise<ProcessResult> => {
    asked.push([command, ...args].join(" "));
    const output = { stdout: "", stderr: "", timedOut: false };
    if (tools.includes(command)) return { ...output, exitCode: 0 };
    return { ...output, exitCode: undefined, startFailure: `spawn ${command} ENOENT` };
  };
  return { asked, runner: { runProcess, environment: {}, cwd: "/" } };
}

describe("auto", () => {
  it.each(copyToolNames)("is %s if it is the only one", async (name) => {
    expect((await findTool("auto", machineWith(name).runner, always)).name).toBe(name);
  });

  it("is the first of several, and asks no other", async () => {
    const { runner, asked } = machineWith("oras", "regctl", "crane");
    expect((await findTool("auto", runner, always)).name).toBe("crane");
    expect(asked).toEqual(["skopeo --version", "crane version"]);
  });

  it("fails without any, and says why for each", async () => {
    const missing = findTool("auto", machineWith().runner, always);
    await expect(missing).rejects.toMatchObject({
      code: "mirror-tool-missing",
      finding: {
        args: { tools: "skopeo, crane, regctl, oras" },
        why: copyToolNames.map((name) => `spawn ${name} ENOENT`).join("; "),
      },
    });
  });
});

it("a tool by its name is that one or none", async () => {
  const { runner, asked } = machineWith("skopeo", "oras");
  expect((await findTool("oras", runner, always)).name).toBe("oras");
  await expect(findTool("crane", runner, always)).rejects.toMatchObject({ finding: { args: { tools: "crane" } } });
  expect(asked).toEqual(["oras version", "crane version"]);
});
