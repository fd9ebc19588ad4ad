import { describe, expect, it } from "vitest";
import { fault, judge, outcomeOf, survey, unlessUnreadable } from "../../../src/checks/data-plane/each-namespace.ts";
import { RegistrarError } from "../../../src/findings/registrar-error.ts";

const { signal } = new AbortController();
const name = "settings";
const missing = fault("error", "build-config-not-copied", { name });
const padded = fault("warning", "build-config-whitespace", { name, key: "k" }, 'the value is "v "');
const places = (...names: string[]) => names.map((namespace) => ({ namespace, of: namespace }));
const at = (namespace: string, of: typeof missing) => ({ namespace, of });

describe("a check for all namespaces", () => {
  it("passes with what it found where all are sound", () => {
    const outcome = outcomeOf({ sound: places("a", "b"), faults: [] }, (sound) => `${sound.length} sound`);
    expect(outcome).toEqual({ value: places("a", "b"), detail: "2 sound" });
  });

  it("has one finding for all namespaces with the same fault, and goes on with the sound ones", () => {
    const outcome = outcomeOf({ sound: places("a"), faults: [at("b", missing), at("c", missing)] }, String);
    expect(outcome).toMatchObject({
      value: places("a"),
      finding: { code: "build-config-not-copied", args: { namespaces: ["b", "c"], name } },
    });
  });

  it("shows an error before a warning, and mentions the other", () => {
    const outcome = outcomeOf({ sound: places("a"), faults: [at("a", padded), at("b", missing)] }, String);
    expect(outcome).toMatchObject({
      finding: { severity: "error", args: { namespaces: ["b"] }, why: "also build-config-whitespace in namespace a" },
    });
  });

  it("fails where nothing is sound", () => {
    const failing = () => outcomeOf({ sound: [], faults: [at("a", missing)] }, String);
    expect(failing).toThrow(RegistrarError);
  });

  it("cannot tell where there are only warnings and nothing to go on with", () => {
    const outcome = outcomeOf({ sound: [], faults: [at("a", padded)] }, String);
    expect(outcome).toMatchObject({ unknown: { severity: "warning", why: 'the value is "v "' } });
  });

  it("keeps a namespace with a warning, and drops one with an error", () => {
    const { sound, faults } = judge(places("a", "b", "c"), (of) => ({ a: [padded], b: [padded, missing] })[of] ?? []);
    expect(sound).toEqual(places("a", "c"));
    expect(faults.map(({ namespace }) => namespace)).toEqual(["a", "b", "b"]);
  });

  it("looks into every namespace, and warns of what it cannot read", async () => {
    const found = await survey(["a", "b", "c"], (namespace) =>
      unlessUnreadable({ kind: "ConfigMap", name }, signal, async () => {
        if (namespace !== "b") throw new Error(`${namespace} is forbidden`);
        return { value: 1 };
      }),
    );
    expect(found.sound).toEqual([{ namespace: "b", of: 1 }]);
    expect(outcomeOf(found, String)).toMatchObject({
      finding: {
        severity: "warning",
        code: "cluster-unreadable",
        args: { subject: "ConfigMap settings in namespaces a and c" },
        why: "a is forbidden",
      },
    });
  });

  it("says that no answer came in time", async () => {
    const looked = await unlessUnreadable({ kind: "ConfigMap", name }, AbortSignal.abort(), () =>
      Promise.reject(new Error("aborted")),
    );
    expect("fault" in looked && looked.fault.finding(["a"]).why).toBe("no answer in time");
  });
});
