import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDockerConfig } from "../../src/registry/docker-config.ts";
import { parseImageReference } from "../../src/registry/image-reference.ts";
import { createLogins } from "../../src/registry/logins.ts";
import { systemClock } from "../../src/system/clock.ts";
import { type RunProcess, runProcess } from "../../src/system/process.ts";
import { always, failureOf } from "./clients.ts";

const run: RunProcess = (request, signal) => runProcess(request, signal, { kill: process.kill, clock: systemClock });

/** The login for an image, from a helper with this shell script. */
async function ask(script: string | undefined, image: string) {
  const folder = mkdtempSync(join(tmpdir(), "registrar-helper-"));
  if (script !== undefined) {
    const file = join(folder, "docker-credential-test");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  const config = parseDockerConfig(`{"credsStore":"test"}`, "/auth/config.json");
  const runner = { runProcess: run, environment: { PATH: `${folder}:${process.env["PATH"]}` }, cwd: folder };
  try {
    return await createLogins(config, "/auth/config.json", runner).find(parseImageReference(image), always);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const echo = `read host; echo '{"ServerURL":"'$host'","Username":"'$1'","Secret":"of '$host'"}'`;

describe("a credential helper", () => {
  test.each([
    ["ghcr.io/acme/base", "of ghcr.io"],
    ["python:3.12", "of https://index.docker.io/v1/"],
    ["registry.test:5000/base", "of registry.test:5000"],
  ])("is asked for the host of %s", async (image, password) => {
    expect(await ask(echo, image)).toMatchObject({ secret: { kind: "password", username: "get", password } });
  });

  test("may give an identity token", async () => {
    const script = `echo '{"Username":"<token>","Secret":"t"}'`;
    expect(await ask(script, "ghcr.io/x")).toMatchObject({ secret: { kind: "identity-token", token: "t" } });
  });

  test("may have no login", async () => {
    expect(await ask("echo credentials not found in native keychain; exit 1", "ghcr.io/x")).toBeUndefined();
  });

  test.each([
    [undefined, "registry-login-helper-missing", /ENOENT/],
    ["echo no region; exit 2", "registry-login-helper-failed", /^it ended with 2: no region$/],
    ["echo canary", "registry-login-helper-failed", /^it printed no JSON with Username and Secret$/],
  ])("with the script %j is %s", async (script, code, why) => {
    const failure = await failureOf(ask(script, "ghcr.io/x"));
    expect(failure).toMatchObject({ code, why: expect.stringMatching(why) });
    expect(failure.what).toContain("docker-credential-test");
  });
});
