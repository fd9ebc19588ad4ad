import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Credentials } from "../../src/settings/credentials.ts";
import { targetOf } from "../control-plane/sessions.ts";
import { openWorkshop } from "./deploys.ts";

const seen = z.object({
  argv: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  folder: z.object({ path: z.string(), mode: z.string() }),
  files: z.record(z.string(), z.string()),
  isLeader: z.boolean(),
});

/** Writes down all that a child can see of itself, and the modes of what lies in its folder. */
const script = `
  const { readdirSync, readFileSync, statSync, writeFileSync } = require("node:fs");
  const modeOf = (path) => (statSync(path).mode & 0o7777).toString(8);
  const path = process.cwd();
  // Fields 5 and 1 of this file: the process group, and the process itself.
  const stat = process.platform === "linux" ? readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ") : [];
  writeFileSync(__dirname + "/seen.json", JSON.stringify({
    argv: process.argv.slice(2),
    environment: process.env,
    folder: { path, mode: modeOf(path) },
    files: Object.fromEntries(readdirSync(path).map((name) => [name, modeOf(name)])),
    isLeader: stat[2] === undefined || Number(stat[2]) === process.pid,
  }));
  process.exitCode = Number(process.env.LC_ALL ?? 0);
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "child-test-"));
  await writeFile(join(folder, "flyte"), `#!${process.execPath}\n${script}`);
  await chmod(join(folder, "flyte"), 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

async function childOf(credentials: Credentials, environment: Record<string, string> = {}) {
  await using workshop = await openWorkshop({ environment: { PATH: process.env["PATH"], ...environment } });
  const certificateAuthorities = "-----BEGIN CERTIFICATE-----";
  const target = targetOf({ url: "https://union.example.com" }, { credentials, certificateAuthorities });
  const outcome = await workshop.deploy({ command: join(folder, "flyte"), target }).catch((error: Error) => error);
  const child = seen.parse(JSON.parse(await readFile(join(folder, "seen.json"), "utf8")));
  return { child, outcome, leftovers: await workshop.leftovers() };
}

const clientSecret = { type: "clientSecret", clientId: "registrar", clientSecret: "canary:secret" } as const;
const secrets = {
  FLYTE_API_KEY: btoa("host:registrar:canary:org"),
  FLYTE_CREDENTIALS_CLIENT_SECRET: "canary",
  REGISTRAR_CONTROL_PLANE_AUTH_CLIENT_SECRET: "canary",
  UNION_API_KEY: "canary",
};

describe("a child", () => {
  test.each([
    ["a client secret", clientSecret],
    ["a token command", { type: "externalCommand", command: ["uctl", "get-token"] }],
  ] as const)("sees no secret in its arguments and its environment, with %s", async (_, credentials) => {
    const { child } = await childOf(credentials, secrets);
    const visible = JSON.stringify([child.argv, child.environment]);
    for (const secret of ["canary", btoa("canary"), btoa("registrar:canary:secret"), secrets.FLYTE_API_KEY]) {
      expect(visible).not.toContain(secret);
    }
  });

  test("works in a folder that nobody else can look into, on files that nobody else can read", async () => {
    const { child } = await childOf(clientSecret);
    expect(child.folder.mode).toBe("700");
    expect(child.files).toEqual({
      "ca.pem": "600",
      "build_image_task.py": "600",
      "client-secret": "600",
      "config.yaml": "600",
    });
    expect(child.environment).toMatchObject({ HOME: child.folder.path, TMPDIR: child.folder.path });
  });

  test("leads a process group of its own, so that it can be ended with all that it starts", async () => {
    expect((await childOf(clientSecret)).child.isLeader).toBe(true);
  });

  test.each([
    ["0", "registered"],
    ["3", expect.objectContaining({ code: "flyte-failed" })],
  ])("that ends with %s leaves nothing behind", async (exitCode, outcome) => {
    const ended = await childOf(clientSecret, { LC_ALL: exitCode });
    expect(ended.outcome).toEqual(outcome);
    expect(ended.leftovers).toEqual([]);
  });
});
