import { describe, inject, it } from "vitest";
import { nameOf } from "../../src/checks/engine/check.ts";
import {
  type HealthyWorld,
  registeredSpec,
  startHealthyWorld,
  type WorldOptions,
} from "../../testing/healthy-world/healthy-world.ts";

/** One thing that is wrong in a world where all else is right. */
export interface Fault {
  /** In words: "the fault: …". */
  fault: string;
  /** The one code that must be found. */
  code: string;
  /** Built in from the start. */
  world?: WorldOptions;
  /** Done to a healthy world; what is pushed to `stack` lives as long as the test. */
  inject?: (world: HealthyWorld, stack: AsyncDisposableStack) => unknown;
}

let spec: ReturnType<typeof registeredSpec> | undefined;

/** A healthy world for the tests of one file; the definition is registered once. */
export async function openWorld(options?: WorldOptions): Promise<HealthyWorld> {
  spec ??= registeredSpec(inject("program"));
  return startHealthyWorld(await spec, options);
}

/** Injects each fault, and wants its code as the only finding, and every other check passed or skipped because of it. */
export function describeFaults(name: string, faults: readonly Fault[]): void {
  describe(name, () => {
    it.concurrent.for(faults)("$fault: $code", async ({ code, world: options, inject: breakIt }, { expect }) => {
      await using stack = new AsyncDisposableStack();
      await using world = await openWorld(options);
      await breakIt?.(world, stack);
      const { checks } = await world.check(["--fail-on", "warning"]);
      const findings = checks.flatMap(({ finding }) => finding ?? []);
      expect(findings.map((finding) => `${finding.code}: ${finding.what}: ${finding.why}`)).toEqual([
        expect.stringMatching(new RegExp(`^${code}: `)),
      ]);
      const root = checks.find(({ finding }) => finding);
      const skipped = checks.filter(({ status }) => status === "skipped");
      const name = root && nameOf(root);
      const because = new RegExp(`^${name} (failed|could not tell)$`);
      for (const { detail } of skipped) expect(detail).toMatch(because);
    });
  });
}
