import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { tokenCommand } from "../../../src/control-plane/auth/token-command.ts";
import type { Credentials } from "../../../src/settings/credentials.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { deadlines } from "../../../src/system/deadlines.ts";
import { type RunProcess, runProcess } from "../../../src/system/process.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { described } from "../../../testing/findings/described.ts";
import { createFakeClock, type FakeClock, failureOf, methods, openSession, shown, targetOf } from "../sessions.ts";

const oauth = { clientId: "registrar", clientSecret: "secret" };
const run: RunProcess = (request, signal) => runProcess(request, signal, { kill: process.kill, clock: systemClock });
const environment = { PATH: process.env["PATH"], TOKEN_OF_TEST: "canary-from-environment" };

/** Credentials whose command runs this script. */
function scripted(script: string): Credentials {
  return { type: "externalCommand", command: [process.execPath, "-e", script] };
}

function sessionWith(plane: { url: string }, script: string, giveUpAfterMilliseconds = 10_000) {
  const runCommand = tokenCommand(run, environment, tmpdir());
  return openSession(targetOf(plane, { credentials: scripted(script) }), { runCommand, giveUpAfterMilliseconds });
}

/** A token that the control plane takes, got as the operator's command would. */
async function newToken(tokenUrl = ""): Promise<string> {
  const authorization = `Basic ${btoa(`${oauth.clientId}:${oauth.clientSecret}`)}`;
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const response = await fetch(tokenUrl, { method: "POST", headers: { authorization }, body });
  const tokens: unknown = await response.json();
  return typeof tokens === "object" && tokens !== null && "access_token" in tokens ? String(tokens.access_token) : "";
}

describe("a token command", () => {
  test("prints the token that is sent, once for the run, in the header that the control plane names", async () => {
    await using plane = await startControlPlane({ oauth: { ...oauth, authorizationHeader: "flyte-authorization" } });
    const token = await newToken(plane.tokenUrl);
    using session = sessionWith(plane, `console.log("  ${token}")`);
    await session.look();
    await session.look();
    const reads = plane.calls.filter(({ method }) => method === "TaskService/ListTasks");
    expect(reads.map(({ identity }) => identity)).toEqual([oauth.clientId, oauth.clientId]);
    expect(session.secrets).toEqual([token]);
  });

  test("is asked once more after a refusal", async () => {
    await using plane = await startControlPlane({ oauth });
    using session = sessionWith(plane, `console.log("made-up")`);
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "credentials-refused", transient: false });
    expect(session.secrets).toEqual(["made-up", "made-up"]);
    expect(methods(plane).filter((method) => method === "TaskService/ListTasks")).toHaveLength(2);
  });

  test("works where the control plane does not say how to log in", async () => {
    await using plane = await startControlPlane();
    using session = sessionWith(plane, `console.log(process.env.TOKEN_OF_TEST)`);
    expect(await session.look()).toBeUndefined();
    expect(session.secrets).toEqual([environment.TOKEN_OF_TEST]);
  });

  test.each([
    ["fails", `console.log("canary"); console.error("no session"); process.exit(3)`, "it ended with 3: no session"],
    ["is killed", `console.log("canary"); process.kill(process.pid, "SIGKILL")`, "it ended with 137"],
    ["says nothing", `console.log(" ")`, "it printed nothing"],
  ])("that %s is reported at once, without what it printed", async (_, script, why) => {
    await using plane = await startControlPlane({ oauth });
    using session = sessionWith(plane, script);
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "external-command-failed", transient: false });
    expect(described(error).what).toContain(process.execPath);
    expect(error.finding.why).toContain(why);
    expect(shown(error)).not.toContain("canary");
    expect(session.clock.pauses).toEqual([]);
  });

  test("that is not there is reported at once", async () => {
    await using plane = await startControlPlane({ oauth });
    const credentials: Credentials = { type: "externalCommand", command: ["no-such-program-of-a-test", "token"] };
    const runCommand = tokenCommand(run, environment, tmpdir());
    using session = openSession(targetOf(plane, { credentials }), { runCommand });
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "external-command-failed", transient: false });
    expect(error.finding.why).toContain("ENOENT");
  });

  test("that hangs is what is reported, and not the control plane that waits for it", async () => {
    await using plane = await startControlPlane({ oauth });
    using session = sessionWith(plane, "setInterval(() => {}, 1000)", 400);
    const error = await failureOf(session.look());
    expect(error).toMatchObject({ code: "external-command-failed", transient: false });
    expect(error.finding.why).toContain("did not end");
  });

  test("that is stopped after its own 30 seconds is reported so", async () => {
    const stopped: RunProcess = async ({ timeoutMilliseconds }) => ({
      exitCode: 143,
      stdout: "",
      stderr: "",
      timedOut: timeoutMilliseconds === 30_000,
    });
    const command = tokenCommand(stopped, {}, tmpdir());
    const error = await failureOf(command(["uctl", "get-token"], new AbortController().signal));
    expect(error.finding).toMatchObject({ code: "external-command-failed", why: "it did not end within 30 s" });
  });

  test("is not ended with an attempt on the network, which has less time, and need not run again", async () => {
    await using plane = await startControlPlane({ oauth });
    const token = await newToken(plane.tokenUrl);
    const giveUpAfterMilliseconds = 90_000;
    const attempts: AbortController[] = [];
    const clock: FakeClock = {
      ...createFakeClock(),
      timeout(milliseconds) {
        if (milliseconds !== deadlines.request.milliseconds) return systemClock.timeout(milliseconds);
        const attempt = new AbortController();
        attempts.push(attempt);
        return attempt.signal;
      },
    };
    let runs = 0;
    const runCommand = async (_: unknown, signal: AbortSignal) => {
      runs += 1;
      for (const attempt of attempts) attempt.abort(new DOMException("too long", "TimeoutError"));
      signal.throwIfAborted();
      return token;
    };
    using session = openSession(targetOf(plane, { credentials: scripted("") }), {
      runCommand,
      giveUpAfterMilliseconds,
      clock,
    });
    expect(await session.look()).toBeUndefined();
    expect([runs, session.clock.pauses.length]).toEqual([1, 1]);
  });

  test("ends with the run", async () => {
    const ending = new AbortController();
    const reason = new Error("ended by SIGTERM");
    const command = tokenCommand(run, environment, tmpdir());
    const waiting = command([process.execPath, "-e", "setInterval(() => {}, 1000)"], ending.signal);
    ending.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
