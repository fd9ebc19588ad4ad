import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ExecaError, execa } from "execa";
import { describe, expect, test } from "vitest";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";

const program = join(import.meta.dirname, "../../testing/control-plane/main.ts");
const run = (...flags: string[]) => execa(process.execPath, [program, ...flags], { timeout: 30_000 });

/** Starts the program and waits for the line that says it is ready. */
async function start(...flags: string[]) {
  const running = run(...flags);
  const [line] = await once(createInterface(running.stdout), "line");
  return { running, ready: JSON.parse(line) as Record<string, string> & { url: string } };
}

describe("the program for trying manually", () => {
  test("serves until it is interrupted, logs each call, and ends cleanly", async () => {
    const { running, ready } = await start(
      "--registrations",
      "3",
      "--latency",
      "1",
      "--lookup-ms-per-thousand",
      "33333.5",
    );
    const beginning = performance.now();
    const { tasks } = await connectTo(TaskService, ready).listTasks({});
    expect(performance.now() - beginning).toBeGreaterThanOrEqual(99);
    expect(tasks[0]?.taskId?.version).toBe("2020.1.2");
    running.kill("SIGINT");
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^\S+Z TaskService\/ListTasks HTTP\/1\.1 - 200$/);
  });

  test("makes up credentials and a CA, and removes its files at the end", async () => {
    const { running, ready } = await start("--oauth", "--tls");
    expect(ready).toMatchObject({
      clientId: "registrar",
      clientSecret: expect.any(String),
      tokenUrl: expect.any(String),
    });
    const ca = readFileSync(ready["caFile"] ?? "", "utf8");
    const call = connectTo(TaskService, ready, { httpVersion: "2", ca }).listTasks({});
    await expect(call).rejects.toThrow("token is missing or invalid");
    running.kill("SIGTERM");
    expect((await running).exitCode).toBe(0);
    expect(existsSync(ready["caFile"] ?? "")).toBe(false);
  });

  test("starts without the project when told so", async () => {
    const { running, ready } = await start("--project-missing");
    await expect(connectTo(ProjectService, ready).getProject({ id: "system" })).rejects.toThrow(
      "project not found: system",
    );
    running.kill("SIGTERM");
    await running;
  });

  test("explains itself, and refuses what it does not know", async () => {
    expect((await run("--help")).stdout).toContain("--project-missing");
    const { stderr } = (await run("--existing", "nonsense").catch((error: unknown) => error)) as ExecaError;
    expect(stderr).toContain("Allowed choices are replace, refuse");
  });
});
