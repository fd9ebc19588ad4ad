import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { categories } from "../../src/checks/categories.ts";
import type { CheckResult } from "../../src/checks/engine/check.ts";
import { runChecks } from "../../src/checks/list.ts";
import { noCluster, type OpenCluster } from "../../src/cluster/cluster.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createFakeWorld } from "../fake-world.ts";

/** How the world of the checks differs from one with a control plane and nothing else. */
interface Surroundings {
  /** PEM of CAs to trust. */
  authorities?: string;
  environment?: Readonly<Record<string, string>>;
  openCluster?: OpenCluster;
}

/** Not those of images, which would ask the public registry of the defaults. */
const chosen = categories.filter((category) => category !== "images");

/**
 * Runs the checks in this process, over the real network of this machine: for tests that need thousands of runs. Pauses
 * between attempts take no time.
 */
export async function checksOf(settings: object, surroundings: Surroundings = {}): Promise<CheckResult[]> {
  const { authorities, environment = {}, openCluster = () => Promise.reject(noCluster()) } = surroundings;
  const file = { appVersion: "2026.3.4", ...settings };
  let slept = 0;
  const world = createFakeWorld({
    clock: {
      ...systemClock,
      now: () => performance.now() + slept,
      async sleep(milliseconds) {
        slept += milliseconds;
      },
      random: () => 0.5,
    },
    readFile: (path) => {
      if (path === "registrar.yaml") return Buffer.from(stringify(file));
      return path === "ca.crt" && authorities !== undefined ? Buffer.from(authorities) : readFileSync(path);
    },
    runProcess: async () => ({ exitCode: 0, stdout: "flyte, version 2.12.1", stderr: "", timedOut: false }),
    openCluster,
    environment,
  });
  const results: CheckResult[] = [];
  const onResult = (result: CheckResult) => void results.push(result);
  const invocation = { configFile: "registrar.yaml", flyteConfigFile: undefined, flags: [], environment };
  const request = { chosen, signal: world.signal, protect: () => {}, onResult, onSettings: () => {} };
  await runChecks(request, invocation, world);
  return results;
}
