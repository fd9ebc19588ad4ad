import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseProxy } from "../../src/network/route.ts";
import type { ControlPlaneTarget } from "../../src/settings/load.ts";
import type { ProcessRequest, ProcessResult, RunProcess } from "../../src/system/process.ts";
import { described } from "../../testing/findings/described.ts";
import { failureOf, targetOf } from "../control-plane/sessions.ts";
import { openWorkshop, sourceOf, version } from "./deploys.ts";

const command = "/opt/flyte/bin/flyte";
const credentials = { type: "clientSecret", clientId: "registrar", clientSecret: "canary:secret" } as const;
const target = (more: Partial<ControlPlaneTarget> = {}) => targetOf({ url: "https://union.example.com" }, more);
const ended: ProcessResult = { exitCode: 0, stdout: "", stderr: "", timedOut: false };

/** Stands in for the CLI: takes note of what it was given, down to the files of its folder. */
function recordingRun(result: Partial<ProcessResult> = {}) {
  const requests: ProcessRequest[] = [];
  const files: Record<string, { mode: string; content: string }> = {};
  const run: RunProcess = async (request) => {
    requests.push(request);
    for (const name of readdirSync(request.cwd)) {
      const path = join(request.cwd, name);
      files[name] = { mode: (statSync(path).mode & 0o777).toString(8), content: readFileSync(path, "utf8") };
    }
    return { ...ended, ...result };
  };
  return { run, requests, files };
}

describe("flyte deploy", () => {
  test("is called with what does not depend on where it is called, and nothing to upload", async () => {
    const { run, requests } = recordingRun();
    await using workshop = await openWorkshop({ run });
    expect(await workshop.deploy({ command, target: target(), timeoutMilliseconds: 7_000 })).toBe("registered");
    const [request] = requests;
    expect(request).toMatchObject({ command, timeoutMilliseconds: 7_000 });
    expect(request?.args).toEqual([
      "--config",
      join(request?.cwd ?? "", "config.yaml"),
      "deploy",
      "--copy-style",
      "none",
      "--no-sync-local-sys-paths",
      "--version",
      version,
      "--project",
      "system",
      "--domain",
      "production",
      "build_image_task.py",
      "build_image_task_env",
    ]);
  });

  test("finds everything in a private folder, the secret in a file of its own", async () => {
    const { run, requests, files } = recordingRun();
    await using workshop = await openWorkshop({ run });
    const certificateAuthorities = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n";
    await workshop.deploy({ command, target: target({ credentials, certificateAuthorities }) });
    expect(Object.keys(files).sort()).toEqual(["build_image_task.py", "ca.pem", "client-secret", "config.yaml"]);
    expect(new Set(Object.values(files).map(({ mode }) => mode))).toEqual(new Set(["600"]));
    expect(files["build_image_task.py"]?.content).toBe(sourceOf());
    expect(files["client-secret"]?.content).toBe(credentials.clientSecret);
    expect(parse(files["config.yaml"]?.content ?? "").admin).toMatchObject({
      clientSecretLocation: join(requests[0]?.cwd ?? "", "client-secret"),
      caCertFilePath: join(requests[0]?.cwd ?? "", "ca.pem"),
    });
    expect(files["config.yaml"]?.content).not.toContain("canary");
    expect(JSON.stringify(requests)).not.toContain("canary");
  });

  test("trusts the given CAs in addition to the public ones", async () => {
    const { run, files } = recordingRun();
    await using workshop = await openWorkshop({ run });
    await workshop.deploy({ command, target: target({ certificateAuthorities: "-----BEGIN ours" }) });
    const blocks = files["ca.pem"]?.content.match(/-----BEGIN /g) ?? [];
    expect(blocks.length).toBeGreaterThan(50);
    expect(files["ca.pem"]?.content).toContain("-----BEGIN ours");
  });

  test("says whether the version was there already", async () => {
    const stderr = "  i Task build-image already exists, skipping\n";
    await using workshop = await openWorkshop({ run: recordingRun({ stderr }).run });
    expect(await workshop.deploy({ command, target: target() })).toBe("already there");
  });

  test("does not take an image that is there already for the task", async () => {
    const stderr = "    i Image example.com/build-image:2026.3.4 already exists, skipping build\n";
    await using workshop = await openWorkshop({ run: recordingRun({ stderr }).run });
    expect(await workshop.deploy({ command, target: target() })).toBe("registered");
  });

  test("shows its output as plain text, also where it failed", async () => {
    const { run } = recordingRun({ exitCode: 1, stdout: "\u001b[33mDeploying\u001b[0m...\r\n", stderr: "no idea  \n" });
    await using workshop = await openWorkshop({ run });
    await failureOf(workshop.deploy({ command, target: target() }));
    expect(workshop.output).toEqual(["Deploying...\n\nno idea"]);
  });
});

describe("a deploy that did not end well", () => {
  test.each<[string, Partial<ProcessResult>, string, string]>([
    ["could not start", { exitCode: undefined, startFailure: "spawn flyte ENOENT" }, "flyte-missing", "ENOENT"],
    ["failed", { exitCode: 1, stderr: "Permission denied." }, "permission-denied", "Permission denied."],
    ["was stopped", { exitCode: 143, timedOut: true }, "flyte-timeout", ""],
    ["was stopped, though it calls that a good end", { exitCode: 0, timedOut: true }, "flyte-timeout", ""],
  ])("because the CLI %s leaves nothing behind", async (_, result, code, why) => {
    await using workshop = await openWorkshop({ run: recordingRun(result).run });
    const error = await failureOf(workshop.deploy({ command, target: target({ credentials }) }));
    expect(error).toMatchObject({ code, finding: { why: expect.stringContaining(why) } });
    expect(await workshop.leftovers()).toEqual([]);
  });

  test("because the run was ended leaves nothing behind", async () => {
    const reason = new Error("ended by SIGTERM");
    await using workshop = await openWorkshop({ run: () => Promise.reject(reason) });
    await expect(workshop.deploy({ command, target: target({ credentials }) })).rejects.toBe(reason);
    expect(await workshop.leftovers()).toEqual([]);
  });

  test("names the proxy that does not let it through", async () => {
    const { run } = recordingRun({ exitCode: 1, stderr: "tunnel error: unsuccessful" });
    await using workshop = await openWorkshop({ run });
    const proxy = parseProxy("http://user:canary@proxy:3128");
    const error = await failureOf(workshop.deploy({ command, target: target({ proxy }) }));
    expect(described(error).what).toBe("the proxy http://proxy:3128 does not connect to https://union.example.com");
  });
});

test("a deploy that ended well leaves nothing behind", async () => {
  await using workshop = await openWorkshop({ run: recordingRun().run });
  await workshop.deploy({ command, target: target({ credentials }) });
  expect(await workshop.leftovers()).toEqual([]);
});
