import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Definition, define, releaseId } from "../src/definition/definition.ts";
import { problem } from "../src/errors/registrar-error.ts";
import { type RegisterRequest, register } from "../src/register.ts";
import { createRecorder } from "../src/report/recorder.ts";
import { type Settings, settingsSchema } from "../src/settings/schema.ts";
import { type InMemoryControlPlane, inMemoryControlPlane } from "./in-memory-control-plane.ts";

const file = join(import.meta.dirname, "../templates/build_image_task.py.hbs");
const template = { file, text: readFileSync(file, "utf8"), own: true };
const settle = () => Promise.resolve();

function requestFor(
  plane: InMemoryControlPlane,
  given: { appVersion: string; release?: string; prefix?: string; policy?: object; trigger?: Settings["trigger"] },
  overrides: Partial<RegisterRequest> = {},
): RegisterRequest & { definition: Definition } {
  const settings = settingsSchema.parse({
    appVersion: given.appVersion,
    trigger: given.trigger ?? "upgrade",
    release: { name: given.release ?? "us" },
    task: given.prefix ? { imageNamePrefix: given.prefix } : {},
    policy: given.policy ?? {},
  });
  const definition = define({ ...settings, appVersion: given.appVersion }, template);
  return {
    wanted: { appVersion: given.appVersion, release: releaseId(settings.release), scope: "system/production" },
    definition,
    settings,
    dryRun: false,
    registrations: plane.registrations,
    ensureNotMovedOn: async () => {},
    ensureProject: async () => "active",
    deploy: async (version) => plane.deploy(version, definition),
    recorder: createRecorder({ now: () => 0, sleep: settle, random: () => 0 }, () => {}),
    signal: new AbortController().signal,
    ...overrides,
  };
}

describe.each(["replace", "refuse"] as const)("register on a server that would %s an existing version", (existing) => {
  it("writes once, and then nothing", async () => {
    const plane = inMemoryControlPlane(existing);
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({ state: "registered" });
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({ state: "up-to-date" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("takes a name that is free, where the release's own and its first revisions are taken", async () => {
    const plane = inMemoryControlPlane(existing);
    for (const prefix of ["a.example", "b.example", "c.example"]) {
      await register(requestFor(plane, { appVersion: "2026.3.4", prefix }));
    }
    await register(requestFor(plane, { appVersion: "2026.3.5" }));
    const result = await register(requestFor(plane, { appVersion: "2026.3.4", prefix: "d.example" }));
    expect(result).toMatchObject({ current: { version: "2026.3.4-r3", isWanted: true } });
  });

  it("lets two runs that interleave in any way end with one definition current and both told so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), fc.boolean(), async (scheduler, sameDefinition, afterAnOlder) => {
        const plane = inMemoryControlPlane(existing);
        if (afterAnOlder) await register(requestFor(plane, { appVersion: "2026.3.3" }));
        const run = (release: string, prefix: string) => {
          const request = requestFor(plane, { appVersion: "2026.3.4", release, prefix });
          return register({
            ...request,
            registrations: {
              ...plane.registrations,
              current: scheduler.scheduleFunction(plane.registrations.current),
              version: scheduler.scheduleFunction(plane.registrations.version),
            },
            deploy: scheduler.scheduleFunction(request.deploy),
          });
        };
        const runs = [run("one", "a.example"), run("two", sameDefinition ? "a.example" : "b.example")];
        const ended = Promise.allSettled(runs);
        await scheduler.waitFor(ended);
        const results = await ended;
        const told = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
        const current = (await plane.registrations.current())?.taskId?.version;
        if (sameDefinition) {
          expect(told.map((result) => result.current?.version)).toEqual([current, current]);
          expect(plane.versions().filter((version) => version !== "2026.3.3")).toEqual([current]);
        } else {
          // Whoever was told to be current was so at its last look; at most one of the two can still be.
          expect(told.length).toBeGreaterThan(0);
          expect(told.every((result) => result.current?.isWanted)).toBe(true);
          expect(told.map((result) => result.current?.version)).toContain(current);
        }
      }),
    );
  });
});

describe("register", () => {
  it("writes nothing in a dry run, and says what it would write", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.3.4" }));
    const result = await register(requestFor(plane, { appVersion: "2026.3.5" }, { dryRun: true }));
    expect(result).toMatchObject({ state: "planned", summary: "2026.3.5 would be registered in system/production" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("keeps or refuses a newer release of somebody else, by policy, and writes nothing", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.9.1", release: "others" }));
    const ask = (policy: object) => register(requestFor(plane, { appVersion: "2026.3.4", policy }));
    expect(await ask({})).toMatchObject({ state: "kept", current: { version: "2026.9.1" } });
    await expect(ask({ whenNewer: "fail" })).rejects.toMatchObject({ code: "registration-newer", exit: 1 });
    expect(plane.writes).toEqual(["2026.9.1"]);
  });

  it("succeeds where the deploy failed after its work was stored", async () => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const deploy = async (version: string) => {
      plane.deploy(version, request.definition);
      throw problem("flyte-timeout", { seconds: 60 });
    };
    expect(await register({ ...request, deploy })).toMatchObject({ state: "registered" });
  });

  it("fails with the deploy's own error where nothing was stored", async () => {
    const plane = inMemoryControlPlane("replace");
    const deploy = async () => {
      throw problem("flyte-failed", { exitCode: "exit code 1" }, "its own words");
    };
    const failed = register(requestFor(plane, { appVersion: "2026.3.4" }, { deploy }));
    await expect(failed).rejects.toMatchObject({ code: "flyte-failed", finding: { why: "its own words" } });
  });

  it("fails with the deploy's own error where the read-back fails too", async () => {
    const plane = inMemoryControlPlane("replace");
    let looks = 0;
    const current = async () => {
      if (++looks > 1) throw problem("control-plane-refused", { endpoint: "http://localhost" });
      return undefined;
    };
    const deploy = async () => {
      throw problem("flyte-failed", { exitCode: "exit code 1" });
    };
    const request = requestFor(plane, { appVersion: "2026.3.4" }, { deploy });
    const failed = register({ ...request, registrations: { ...plane.registrations, current } });
    await expect(failed).rejects.toMatchObject({ code: "flyte-failed" });
  });

  it("gives up after three writes against a writer that always comes after it", async () => {
    const plane = inMemoryControlPlane("replace");
    const rival = requestFor(plane, { appVersion: "2026.3.4", release: "rival", prefix: "rival.example" });
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    let writes = 0;
    const deploy = async (version: string) => {
      writes++;
      plane.deploy(version, request.definition);
      plane.deploy(`2026.3.4-r${100 + writes}`, rival.definition);
      return "registered" as const;
    };
    await expect(register({ ...request, deploy })).rejects.toMatchObject({ code: "registration-unsettled" });
    expect(writes).toBe(3);
  });

  it("stops at once where what it wrote came back without a signature, and does not write again", async () => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const { context } = request.definition;
    const deploy = async (version: string) =>
      plane.deploy(version, { ...request.definition, context: { ...context, annotations: null } });
    await expect(register({ ...request, deploy })).rejects.toMatchObject({ code: "registration-unsigned" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("does not look again after a signal", async () => {
    const plane = inMemoryControlPlane("replace");
    const controller = new AbortController();
    const deploy = async () => {
      controller.abort(new Error("ended"));
      throw problem("flyte-timeout", { seconds: 60 });
    };
    const request = requestFor(plane, { appVersion: "2026.3.4" }, { deploy, signal: controller.signal });
    await expect(register(request)).rejects.toThrow("ended");
  });
});
