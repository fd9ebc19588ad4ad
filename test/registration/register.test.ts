import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import type { DefinitionSettings } from "../../src/definition/context.ts";
import { type Definition, define, ownerId, specOf } from "../../src/definition/definition.ts";
import { problem } from "../../src/findings/registrar-error.ts";
import { type RegisterRequest, register } from "../../src/registration/register.ts";
import { createRecorder } from "../../src/report/recorder.ts";
import { type Settings, settingsSchema } from "../../src/settings/schema.ts";
import { taskName } from "../../src/settings/task-scope.ts";
import {
  type InMemoryControlPlane,
  inMemoryControlPlane,
} from "../../testing/control-plane/in-memory-control-plane.ts";

const file = join(import.meta.dirname, "../../templates/build_image_task.yaml.hbs");
const template = { file, text: readFileSync(file, "utf8") };
const scope = { org: "acme", project: "system", domain: "production" };
const us = "prod-us/union/dataplane";

interface Given {
  appVersion: string;
  cluster?: string;
  prefix?: string;
  policy?: object;
  trigger?: Settings["trigger"];
}

function requestFor(
  plane: InMemoryControlPlane,
  { appVersion, cluster = "prod-us", prefix, policy = {}, trigger = "upgrade" }: Given,
  overrides: Partial<RegisterRequest> = {},
): RegisterRequest {
  const settings = settingsSchema.parse({
    appVersion,
    trigger,
    policy,
    release: { cluster, namespace: "union", name: "dataplane" },
    task: prefix ? { imageNamePrefix: prefix } : {},
  });
  const definition = definitionOf({ ...settings, appVersion });
  return {
    wanted: { appVersion, owner: ownerId(settings.release), scope: "system/production" },
    definition,
    settings,
    dryRun: false,
    registrations: plane.registrations,
    remember: async () => {
      throw new Error("the status was read, though nothing depends on it");
    },
    announce: async () => {},
    ensureNotMovedOn: async () => {},
    ensureProject: async () => "active",
    deploy: (version) => plane.registrations.deploy(version, storedAs(version, definition)),
    recorder: createRecorder(
      () => 0,
      () => {},
    ),
    signal: new AbortController().signal,
    ...overrides,
  };
}

const definitions = new Map<string, Definition>();

/** Renders each definition once: many histories are played with the same few. */
function definitionOf({ appVersion, task, release }: DefinitionSettings): Definition {
  const key = JSON.stringify({ appVersion, task, release });
  const definition = definitions.get(key) ?? define({ appVersion, task, release }, template);
  definitions.set(key, definition);
  return definition;
}

function storedAs(version: string, definition: Definition): TaskSpec {
  return specOf(definition, { ...scope, name: taskName, version });
}

/** The definition as a person would have registered it: nothing in it says who. */
function manual(version: string, definition: Definition): TaskSpec {
  const unowned = storedAs(version, definition);
  dropAnnotations(unowned);
  return unowned;
}

function dropAnnotations({ taskTemplate }: TaskSpec): void {
  const target = taskTemplate?.target;
  if (target?.case === "k8sPod" && target.value.metadata) target.value.metadata.annotations = {};
}

function codes({ recorder }: RegisterRequest): string[] {
  return recorder.warnings.map(({ code }) => code);
}

describe.each(["replace", "refuse"] as const)("register on a server that would %s an existing version", (existing) => {
  it("writes once, and then nothing", async () => {
    const plane = inMemoryControlPlane(existing);
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({
      state: "registered",
      summary: "2026.3.4 is current in system/production",
      previous: undefined,
    });
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({
      state: "up-to-date",
      summary: "2026.3.4 is current in system/production",
    });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("takes a name that is free, where that of the appVersion and its first revisions are taken", async () => {
    const plane = inMemoryControlPlane(existing);
    for (const prefix of ["a.example", "b.example", "c.example"]) {
      await register(requestFor(plane, { appVersion: "2026.3.4", prefix }));
    }
    await register(requestFor(plane, { appVersion: "2026.3.5" }));
    const result = await register(requestFor(plane, { appVersion: "2026.3.4", prefix: "d.example" }));
    expect(result).toMatchObject({ current: { version: "2026.3.4-r3", isWanted: true } });
    expect(result.summary).toBe("2026.3.4-r3 is current in system/production (before: 2026.3.5)");
    expect(plane.versions()).toEqual(["2026.3.4", "2026.3.4-r1", "2026.3.4-r2", "2026.3.5", "2026.3.4-r3"]);
  });

  it.each([
    { who: "another Helm release", cluster: "prod-eu", stored: storedAs },
    { who: "an earlier run of the same Helm release, with other settings", cluster: "prod-us", stored: storedAs },
    { who: "a person", cluster: "prod-us", stored: manual },
  ])("goes on where $who took the name first", async ({ cluster, stored }) => {
    const plane = inMemoryControlPlane(existing);
    const rival = requestFor(plane, { appVersion: "2026.3.4", cluster, prefix: "rival.example" });
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    let isFirst = true;
    const deploy = async (version: string) => {
      if (isFirst) plane.store(version, stored(version, rival.definition));
      isFirst = false;
      return request.deploy(version);
    };
    const result = await register({ ...request, deploy });
    expect(result).toMatchObject({ state: "registered", current: { isWanted: true, ownership: { owner: us } } });
  });

  it("goes on where another Helm release replaced what it had just written", async () => {
    const plane = inMemoryControlPlane(existing);
    const rival = requestFor(plane, { appVersion: "2026.3.4", cluster: "prod-eu", prefix: "rival.example" });
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const deploy = async (version: string) => {
      const outcome = await request.deploy(version);
      if (version === "2026.3.4") await rival.deploy(version);
      return outcome;
    };
    const result = await register({ ...request, deploy });
    expect(result).toMatchObject({ state: "registered", current: { isWanted: true, ownership: { owner: us } } });
  });

  it("lets two runs that interleave in any way end with one definition current and both told so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), fc.boolean(), async (scheduler, sameDefinition, afterAnOlder) => {
        const plane = inMemoryControlPlane(existing);
        if (afterAnOlder) await register(requestFor(plane, { appVersion: "2026.3.3" }));
        const run = (cluster: string, prefix: string) => {
          const request = requestFor(plane, { appVersion: "2026.3.4", cluster, prefix });
          return register({
            ...request,
            registrations: {
              current: scheduler.scheduleFunction(plane.registrations.current),
              isTaken: scheduler.scheduleFunction(plane.registrations.isTaken),
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

describe("a control plane that calls every name taken", () => {
  it("is not asked for ever, and gets nothing written", async () => {
    const plane = inMemoryControlPlane("refuse");
    await register(requestFor(plane, { appVersion: "2026.3.4", prefix: "a" }));
    const registrations = { ...plane.registrations, isTaken: async () => true };
    const request = requestFor(plane, { appVersion: "2026.3.4", prefix: "b" }, { registrations });
    await expect(register(request)).rejects.toMatchObject({ code: "lookup-contradicts" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });
});

describe("register", () => {
  it("tells of each step, what it led to and why", async () => {
    const plane = inMemoryControlPlane("replace");
    const steps = async (given: Given, overrides: Partial<RegisterRequest> = {}) => {
      const request = requestFor(plane, given, overrides);
      await register(request).catch(() => undefined);
      return request.recorder.steps.map(({ name, status, detail }) => [name, status, detail]);
    };
    const saying = (...words: string[]) => expect.toSatisfy((text) => words.every((word) => text.includes(word)));
    expect(await steps({ appVersion: "2026.3.4" })).toEqual([
      ["look up", "ok", saying("no registration found")],
      ["plan", "ok", saying("register", "because nothing is registered yet")],
      ["project", "ok", saying("active")],
      ["deploy", "ok", saying("2026.3.4", "registered")],
      ["verify", "ok", saying("2026.3.4", us, new Date(1).toISOString())],
    ]);
    // The name is free, so nothing is looked up twice.
    expect((await steps({ appVersion: "2026.3.5" })).map(([name]) => name)).toEqual([
      "look up",
      "plan",
      "project",
      "deploy",
      "verify",
    ]);
    expect(await steps({ appVersion: "2026.3.5" })).toEqual([
      ["look up", "ok", saying("2026.3.5", us, new Date(2).toISOString())],
      ["plan", "ok", saying("nothing", "because this definition is already current")],
    ]);
    const remember = async () => ({});
    const other = { appVersion: "2026.3.4", cluster: "prod-eu" };
    expect(await steps(other, { remember })).toEqual([
      ["look up", "ok", saying("2026.3.5")],
      ["plan", "warning", saying("keep", "because policy.whenNewer is keep")],
    ]);
    expect(await steps({ ...other, policy: { whenNewer: "fail" } }, { remember })).toEqual([
      ["look up", "ok", saying("2026.3.5")],
      ["plan", "warning", saying("stop", "because policy.whenNewer is fail")],
    ]);
  });

  it("looks once more where the name of a revision was taken meanwhile, and says so", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.3.4", prefix: "a.example" }));
    const request = requestFor(plane, { appVersion: "2026.3.4", prefix: "b.example" });
    plane.store("2026.3.4-r1", storedAs("2026.3.4-r1", request.definition));
    plane.store("2026.3.5", storedAs("2026.3.5", requestFor(plane, { appVersion: "2026.3.5" }).definition));
    const rollback = requestFor(plane, { appVersion: "2026.3.4", prefix: "c.example", trigger: "rollback" });
    expect(await register(rollback)).toMatchObject({ current: { version: "2026.3.4-r2" } });
    expect(rollback.recorder.steps.map(({ name }) => name)).toEqual([
      "look up",
      "plan",
      "look up",
      "project",
      "deploy",
      "verify",
    ]);
  });

  it("warns of what it replaces all the same", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.9.1", cluster: "prod-eu" }));
    const remember = async () => ({});
    const request = requestFor(plane, { appVersion: "2026.3.4", policy: { force: true } }, { remember });
    expect(await register(request)).toMatchObject({ state: "registered" });
    expect(codes(request)).toEqual(["registration-newer"]);
  });

  it("writes nothing in a dry run, and says what it would write", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.3.4" }));
    const result = await register(requestFor(plane, { appVersion: "2026.3.5" }, { dryRun: true }));
    expect(result).toMatchObject({ state: "planned", summary: "2026.3.5 would be registered in system/production" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("keeps or refuses a newer appVersion of another, by policy, and writes nothing", async () => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, { appVersion: "2026.9.1", cluster: "prod-eu" }));
    const remember = async () => ({});
    const ask = (policy: object) => register(requestFor(plane, { appVersion: "2026.3.4", policy }, { remember }));
    expect(await ask({})).toMatchObject({
      state: "kept",
      current: { version: "2026.9.1" },
      summary: expect.stringMatching(/2026\.9\.1 .*system\/production$/),
    });
    await expect(ask({ whenNewer: "fail" })).rejects.toMatchObject({ code: "registration-newer", exit: 1 });
    expect(plane.writes).toEqual(["2026.9.1"]);
  });

  it("asks whether it has moved on, ensures the project and announces its version only where it writes, right before", async () => {
    const plane = inMemoryControlPlane("replace");
    const done: string[] = [];
    const run = (overrides: Partial<RegisterRequest> = {}) => {
      const request = requestFor(plane, { appVersion: "2026.3.4" }, overrides);
      return register({
        ...request,
        ensureNotMovedOn: async () => void done.push("moved on?"),
        ensureProject: async () => {
          done.push("project");
          return "active";
        },
        announce: async (version) => void done.push(`announce ${version}`),
        deploy: async (version) => {
          done.push(`deploy ${version}`);
          return request.deploy(version);
        },
      });
    };
    await run({ dryRun: true });
    expect(done).toEqual([]);
    await run();
    expect(done.splice(0)).toEqual(["moved on?", "project", "announce 2026.3.4", "deploy 2026.3.4"]);
    await run();
    expect(done).toEqual([]);
  });

  it("announces each version that it writes", async () => {
    const plane = inMemoryControlPlane("refuse");
    const rival = requestFor(plane, { appVersion: "2026.3.4", cluster: "prod-eu", prefix: "rival.example" });
    const announced: string[] = [];
    const announce = async (version: string) => {
      if (announced.push(version) === 1) plane.store(version, storedAs(version, rival.definition));
    };
    await register(requestFor(plane, { appVersion: "2026.3.4" }, { announce }));
    expect(announced).toEqual(["2026.3.4", "2026.3.4-r1"]);
  });

  it("asks before each of its writes whether it has moved on, and writes no more once it has", async () => {
    const plane = inMemoryControlPlane("refuse");
    const rival = requestFor(plane, { appVersion: "2026.3.4", cluster: "prod-eu", prefix: "rival.example" });
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const done: string[] = [];
    const run = register({
      ...request,
      ensureNotMovedOn: async () => {
        done.push("moved on?");
        if (done.length > 2) throw problem("release-moved-on", { source: "deployment/operator" });
      },
      deploy: async (version) => {
        done.push(version);
        plane.store(version, storedAs(version, rival.definition));
        return request.deploy(version);
      },
    });
    await expect(run).rejects.toMatchObject({ code: "release-moved-on" });
    expect(done).toEqual(["moved on?", "2026.3.4", "moved on?"]);
  });

  it.each([
    { outcome: "active", status: "ok" },
    { outcome: "created", status: "ok" },
    { outcome: "made active again", status: "ok" },
    { outcome: "not readable for us", status: "warning" },
  ] as const)("tells of a project that is $outcome as a step with status $status", async ({ outcome, status }) => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" }, { ensureProject: async () => outcome });
    await register(request);
    const step = request.recorder.steps.find(({ name }) => name === "project");
    expect(step).toMatchObject({ status, detail: expect.stringContaining(outcome) });
  });

  it("writes nothing where it was ended before it could announce it", async () => {
    const plane = inMemoryControlPlane("replace");
    const announce = () => Promise.reject(new Error("ended"));
    await expect(register(requestFor(plane, { appVersion: "2026.3.4" }, { announce }))).rejects.toThrow("ended");
    expect(plane.writes).toEqual([]);
  });

  it("knows what is current where a write is refused, and not where nothing answers after a write", async () => {
    const plane = inMemoryControlPlane("replace");
    const refused = async () => {
      throw problem("control-plane-refused", { endpoint: "https://a" });
    };
    const knownAfter = async (overrides: Partial<RegisterRequest>) => {
      const request = requestFor(plane, { appVersion: "2026.3.5" }, overrides);
      await expect(register(request)).rejects.toMatchObject({ code: "control-plane-refused" });
      return request.recorder.known.current;
    };
    expect(await knownAfter({ deploy: refused })).toBeNull();
    await register(requestFor(plane, { appVersion: "2026.3.4" }));
    expect(await knownAfter({ deploy: refused })).toMatchObject({ version: "2026.3.4", isWanted: false });
    let looks = 0;
    const current = () => (looks++ === 0 ? plane.registrations.current() : refused());
    const registrations = { ...plane.registrations, current };
    expect(await knownAfter({ deploy: refused, registrations })).toBeUndefined();
  });

  it("no longer knows what is current where it is ended while it writes", async () => {
    const plane = inMemoryControlPlane("replace");
    const end = new AbortController();
    const deploy = async () => {
      end.abort(new Error("ended"));
      throw new Error("cut off");
    };
    const request = requestFor(plane, { appVersion: "2026.3.4" }, { deploy, signal: end.signal });
    await expect(register(request)).rejects.toThrow("ended");
    expect(request.recorder.known.current).toBeUndefined();
  });

  it("writes nothing where the Helm release has moved on", async () => {
    const plane = inMemoryControlPlane("replace");
    const ensureNotMovedOn = async () => {
      throw problem("release-moved-on", { source: "deployment/operator" });
    };
    const moved = register(requestFor(plane, { appVersion: "2026.3.4" }, { ensureNotMovedOn }));
    await expect(moved).rejects.toMatchObject({ code: "release-moved-on" });
    expect(plane.writes).toEqual([]);
  });
});

describe("register of what was registered manually", () => {
  it("is the next revision, owned by us, on an upgrade; after that there is nothing to do", async () => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    plane.store("2026.3.4", manual("2026.3.4", request.definition));
    expect(await register(request)).toMatchObject({
      state: "registered",
      summary: "2026.3.4-r1 is current in system/production (before: 2026.3.4)",
      previous: { version: "2026.3.4", isWanted: true, ownership: undefined },
      current: { version: "2026.3.4-r1", isWanted: true, ownership: { owner: us, appVersion: "2026.3.4" } },
    });
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({ state: "up-to-date" });
    expect(plane.writes).toEqual(["2026.3.4", "2026.3.4-r1"]);
  });

  it.each(["schedule", "test"] as const)("is nothing on a %s", async (trigger) => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4", trigger });
    plane.store("2026.3.4", manual("2026.3.4", request.definition));
    expect(await register(request)).toMatchObject({ state: "up-to-date", current: { ownership: undefined } });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });
});

describe("a read-back of the wanted definition that names no owner", () => {
  it("is a success on a server that drops annotations, and scheduled runs leave it", async () => {
    const plane = inMemoryControlPlane("replace", { alter: dropAnnotations });
    expect(await register(requestFor(plane, { appVersion: "2026.3.4" }))).toMatchObject({
      state: "registered",
      current: { version: "2026.3.4", isWanted: true, ownership: undefined },
    });
    const scheduled = await register(requestFor(plane, { appVersion: "2026.3.4", trigger: "schedule" }));
    expect(scheduled.state).toBe("up-to-date");
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("is a success where a person registered it under that name meanwhile", async () => {
    const plane = inMemoryControlPlane("refuse");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const deploy = async (version: string) => {
      plane.store(version, manual(version, request.definition));
      return request.deploy(version);
    };
    const result = await register({ ...request, deploy });
    expect(result).toMatchObject({ state: "registered", current: { version: "2026.3.4", ownership: undefined } });
  });
});

describe("what register asks the status for", () => {
  const planeWith = async (given: Given) => {
    const plane = inMemoryControlPlane("replace");
    await register(requestFor(plane, given));
    return plane;
  };

  it("is nothing where nothing, the wanted or an older one is current, nor on a deliberate trigger what has our name", async () => {
    const plane = inMemoryControlPlane("replace");
    const states = [];
    // Each of these throws where it asks.
    for (const given of [
      { appVersion: "2026.3.4", trigger: "schedule" as const },
      { appVersion: "2026.3.4", trigger: "schedule" as const },
      { appVersion: "2026.3.5", trigger: "schedule" as const },
      { appVersion: "2026.3.5", prefix: "b.example" },
      { appVersion: "2026.3.5", prefix: "c.example", cluster: "prod-eu" },
      { appVersion: "2026.3.4", trigger: "rollback" as const, cluster: "prod-eu" },
    ]) {
      states.push((await register(requestFor(plane, given))).state);
    }
    expect(states).toEqual(["registered", "up-to-date", "registered", "registered", "registered", "registered"]);
  });

  it.each([
    { whose: "its name", cluster: "prod-us", trigger: "schedule" as const },
    { whose: "the name that it had before", cluster: "", trigger: "schedule" as const },
    { whose: "the name that it had before", cluster: "", trigger: "upgrade" as const },
  ])(
    "is whether this installation registered what is newer, under $whose: then a run (trigger $trigger) goes back from it",
    async ({ cluster, trigger }) => {
      const plane = await planeWith({ appVersion: "2026.9.1", cluster });
      const owner = cluster === "" ? "union/dataplane" : us;
      let asked = 0;
      const remember = async () => {
        asked++;
        return { own: [{ version: "2026.9.1", owner }] };
      };
      expect(await register(requestFor(plane, { appVersion: "2026.3.4", trigger }, { remember }))).toMatchObject({
        state: "registered",
        current: { version: "2026.3.4", ownership: { owner: us } },
      });
      expect(asked).toBe(1);
    },
  );

  it.each([
    { which: "newer", given: { appVersion: "2026.3.4" } },
    { which: "not comparable", given: { appVersion: "nightly-7" } },
    { which: "of other settings", given: { appVersion: "2026.9.1", prefix: "b.example" } },
  ])("is the reason why a schedule stops, where another of this name registered what is $which", async ({ given }) => {
    const plane = await planeWith({ appVersion: "2026.9.1" });
    const remember = async () => ({ own: [{ version: "2026.3.4", owner: us }] });
    const stopped = register(requestFor(plane, { ...given, trigger: "schedule" }, { remember }));
    await expect(stopped).rejects.toMatchObject({
      code: "owner-not-unique",
      exit: 1,
      finding: {
        args: { current: "2026.9.1", owner: us, wanted: given.appVersion },
        why: "its status ConfigMap names 2026.3.4 as the last that it registered",
      },
    });
    expect(plane.writes).toEqual(["2026.9.1"]);
  });

  it("is whether another's newer one was reported before", async () => {
    const plane = await planeWith({ appVersion: "2026.9.1", cluster: "prod-eu" });
    const given = { appVersion: "2026.3.4", trigger: "schedule" as const };
    const first = requestFor(plane, given, { remember: async () => ({ seen: "2026.9.0" }) });
    const next = requestFor(plane, given, { remember: async () => ({ seen: "2026.9.1" }) });
    expect([await register(first), await register(next)]).toMatchObject([{ state: "kept" }, { state: "kept" }]);
    expect([codes(first), codes(next)]).toEqual([["registration-newer"], []]);
  });
});

describe("a missing cluster name", () => {
  it("is warned of with each write, and with nothing else", async () => {
    const plane = inMemoryControlPlane("replace");
    const runs = [
      requestFor(plane, { appVersion: "2026.3.4", cluster: "" }, { dryRun: true }),
      requestFor(plane, { appVersion: "2026.3.4", cluster: "" }),
      requestFor(plane, { appVersion: "2026.3.4", cluster: "" }),
      requestFor(plane, { appVersion: "2026.3.5", cluster: "prod-us" }),
    ];
    const warned = [];
    for (const run of runs) {
      await register(run);
      warned.push(codes(run));
    }
    expect(warned).toEqual([[], ["cluster-name-missing"], [], []]);
    expect(runs[1]?.recorder.warnings[0]).toMatchObject({ severity: "warning", args: { owner: "union/dataplane" } });
  });
});

describe("a write that fails", () => {
  it("is a success where its work was stored all the same", async () => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const deploy = async (version: string) => {
      await request.deploy(version);
      throw problem("flyte-timeout", { seconds: 60 });
    };
    expect(await register({ ...request, deploy })).toMatchObject({ state: "registered" });
  });

  it("is the run's own error where nothing was stored", async () => {
    const plane = inMemoryControlPlane("replace");
    const deploy = async () => {
      throw problem("flyte-failed", { exitCode: "exit code 1" }, "its own words");
    };
    const failed = register(requestFor(plane, { appVersion: "2026.3.4" }, { deploy }));
    await expect(failed).rejects.toMatchObject({ code: "flyte-failed", finding: { why: "its own words" } });
  });

  it("is the run's own error where the read-back fails too", async () => {
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

  it("is not looked after when a signal ended it", async () => {
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

describe("register stops", () => {
  it.each([
    { who: "another Helm release", stored: storedAs },
    { who: "a person", stored: manual },
  ])("after three writes against $who who always comes after it", async ({ stored }) => {
    const plane = inMemoryControlPlane("replace");
    const rival = requestFor(plane, { appVersion: "2026.3.4", cluster: "rival", prefix: "rival.example" });
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    let writes = 0;
    const deploy = async (version: string) => {
      writes++;
      const outcome = await request.deploy(version);
      const later = `2026.3.4-r${100 * writes}`;
      plane.store(later, stored(later, rival.definition));
      return outcome;
    };
    await expect(register({ ...request, deploy })).rejects.toMatchObject({
      code: "registration-unsettled",
      finding: { args: { wanted: "2026.3.4", scope: "system/production" } },
    });
    expect(writes).toBe(3);
  });

  it("after three writes to a server that never shows them", async () => {
    const plane = inMemoryControlPlane("replace");
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const registrations = { ...plane.registrations, current: async () => undefined };
    const lost = register({ ...request, registrations });
    await expect(lost).rejects.toMatchObject({ code: "registration-unsettled" });
    expect(plane.writes).toEqual(["2026.3.4", "2026.3.4", "2026.3.4"]);
  });

  it("with the read-back's own error after a write that went well", async () => {
    const plane = inMemoryControlPlane("replace");
    let looks = 0;
    const current = async () => {
      if (++looks > 1) throw problem("control-plane-refused", { endpoint: "http://localhost" });
      return undefined;
    };
    const request = requestFor(plane, { appVersion: "2026.3.4" });
    const unproven = register({ ...request, registrations: { ...plane.registrations, current } });
    await expect(unproven).rejects.toMatchObject({ code: "control-plane-refused" });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  const uncached = ({ taskTemplate }: TaskSpec) => {
    if (taskTemplate?.metadata) taskTemplate.metadata.discoverable = false;
  };
  const whyUncached = "taskTemplate.metadata.discoverable: registered not set, expected true";
  const altering: { server: string; alter: (spec: TaskSpec) => void; why: string }[] = [
    { server: "stores another field", alter: uncached, why: whyUncached },
    {
      server: "adds a field",
      alter: ({ taskTemplate }) => {
        const target = taskTemplate?.target;
        if (target?.case === "k8sPod") target.value.podSpec = { ...target.value.podSpec, hostNetwork: true };
      },
      why: "taskTemplate.k8sPod.podSpec.hostNetwork: registered true, expected not set",
    },
    {
      server: "drops the annotations and stores another field",
      alter: (spec) => {
        dropAnnotations(spec);
        uncached(spec);
      },
      why: whyUncached,
    },
  ];

  it.each(altering)("after one write where the server $server", async ({ alter, why }) => {
    const plane = inMemoryControlPlane("replace", { alter });
    await expect(register(requestFor(plane, { appVersion: "2026.3.4" }))).rejects.toMatchObject({
      code: "registration-altered",
      exit: 1,
      finding: { why, args: { current: "2026.3.4", scope: "system/production" } },
    });
    expect(plane.writes).toEqual(["2026.3.4"]);
  });

  it("before it writes a name that is longer than a control plane stores", async () => {
    const longest = `2026.3.4-${"x".repeat(47)}`;
    const plane = inMemoryControlPlane("replace");
    const current = `${longest}-r99998`;
    plane.store(
      current,
      manual(current, requestFor(plane, { appVersion: longest, prefix: "by-alice.example" }).definition),
    );
    expect(await register(requestFor(plane, { appVersion: longest }))).toMatchObject({
      current: { version: `${longest}-r99999` },
    });
    await expect(register(requestFor(plane, { appVersion: longest, prefix: "b.example" }))).rejects.toMatchObject({
      code: "version-too-long",
      finding: { args: { version: `${longest}-r100000`, longest: 63 } },
    });
    expect(plane.writes).toEqual([current, `${longest}-r99999`]);
  });
});
