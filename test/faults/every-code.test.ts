import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Code, catalog } from "../../src/findings/catalog/catalog.ts";
import { baseImageFaults } from "./base-image-faults.ts";
import { buildFaults } from "./build-faults.ts";
import { controlPlaneFaults } from "./control-plane-faults.ts";
import { dataPlaneFaults } from "./data-plane-faults.ts";
import type { Fault } from "./fault.ts";
import { flyteFaults } from "./flyte-faults.ts";
import { identityFaults } from "./identity-faults.ts";
import { indexFaults } from "./index-faults.ts";
import { mirrorFaults } from "./mirror-faults.ts";
import { networkFaults } from "./network-faults.ts";
import { pullFaults } from "./pull-faults.ts";
import { registerFaults } from "./register-faults.ts";
import { registrationFaults } from "./registration-faults.ts";
import { registryFaults } from "./registry-faults.ts";
import { runFaults } from "./run-faults.ts";
import { settingsFaults } from "./settings-faults.ts";

const root = join(import.meta.dirname, "../..");

/** By the file of this folder, without its ending. */
const tables: Readonly<Record<string, readonly Fault[]>> = {
  "base-image-faults": baseImageFaults,
  "build-faults": buildFaults,
  "control-plane-faults": controlPlaneFaults,
  "data-plane-faults": dataPlaneFaults,
  "flyte-faults": flyteFaults("flyte"),
  "identity-faults": identityFaults,
  "index-faults": indexFaults,
  "mirror-faults": mirrorFaults,
  "network-faults": networkFaults,
  "pull-faults": pullFaults,
  "register-faults": registerFaults,
  "registration-faults": registrationFaults,
  "registry-faults": registryFaults,
  "run-faults": runFaults,
  "settings-faults": settingsFaults,
};

/** Codes that no row can show, why not, and the test that meets each. */
const exceptions: { code: Code; reason: string; metBy: string }[] = [
  {
    code: "memory-too-low",
    reason: "only a container has a memory limit of its own, and these tests start programs, not containers",
    metBy: "test/image/image.test.ts",
  },
  {
    code: "internal-error",
    reason: "it is a bug by definition: nothing that is wrong in the world of a run may cause it",
    metBy: "test/checks/engine/suite.test.ts",
  },
  {
    code: "build-run-left",
    reason: "the cause for which the run was to be aborted is always found with it",
    metBy: "test/program/build.test.ts",
  },
];

describe("the tables of faults", () => {
  it("have a row for every code, but for those that no row can show", () => {
    const shown = new Set<string>(
      Object.values(tables)
        .flat()
        .map(({ code }) => code),
    );
    const missing = Object.keys(catalog).filter((code) => !shown.has(code));
    expect(missing.sort()).toEqual(exceptions.map(({ code }) => code).sort());
  });

  it.each(exceptions)("leave $code to $metBy, because $reason", ({ code, metBy }) => {
    expect(existsSync(join(root, metBy))).toBe(true);
    expect(readFileSync(join(root, metBy), "utf8")).toContain(code);
  });

  it("are all known here, and each has its test", () => {
    const endings = (ending: string) =>
      globSync(`test/faults/*-faults${ending}`, { cwd: root })
        .map((file) => file.slice("test/faults/".length, -ending.length))
        .sort();
    expect(endings(".ts")).toEqual(Object.keys(tables));
    expect(endings(".test.ts")).toEqual(Object.keys(tables));
  });

  it("name each fault once", () => {
    for (const faults of Object.values(tables)) {
      const names = faults.map(({ fault, code }) => `${fault}: ${code}`);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });
});
