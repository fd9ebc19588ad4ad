import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { InputsSchema } from "#flyteidl2/task/common_pb.js";
import { CreateRunRequestSchema } from "#flyteidl2/workflow/run_service_pb.js";
import { actionDetailsOf } from "../../testing/control-plane/action-details.ts";
import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import { createRuns } from "../../testing/control-plane/run-store.ts";
import { unsignedSpec } from "../../testing/control-plane/seeds.ts";

/** A run whose last phase begins at four milliseconds, which the clock shows from its n-th reading on. */
function runEndingAtReading(n: number, behavior: BuildBehavior = {}) {
  let readings = 0;
  const milliseconds = () => {
    readings += 1;
    if (readings === 1) return 0;
    return readings < n ? 3.9 : 4;
  };
  return createRuns(() => new Date(), milliseconds).add({
    id: { project: "system", domain: "development", name: "smoke-1" },
    request: create(CreateRunRequestSchema),
    spec: unsignedSpec({ version: "2026.3.4" }),
    inputs: create(InputsSchema),
    behavior: { phaseMilliseconds: 1, ...behavior },
  });
}

// A phase begins between any two readings of the clock: nothing may depend on their number.
describe.each([2, 3, 4, 5, 6, 7, 8, 9, 10])("a run that ends at reading %i of the clock", (n) => {
  test("wakes who waits for its end", async () => {
    const run = runEndingAtReading(n);
    const whileRunning = 4;
    const deadline = AbortSignal.timeout(2_000);
    await run.changed(whileRunning, deadline);
    expect(deadline.aborted).toBe(false);
    expect(run.version()).toBe(whileRunning + 1);
  });

  test("has one phase in an answer, with its error", () => {
    const { status, attempts, result } = actionDetailsOf(runEndingAtReading(n, { end: "failed" }));
    const phase = status?.phase ?? ActionPhase.UNSPECIFIED;
    expect(attempts.map((attempt) => attempt.phase)).toEqual([phase]);
    expect(attempts.flatMap(({ phaseTransitions }) => phaseTransitions).at(-1)?.phase).toBe(phase);
    expect(result.case).toBe(phase === ActionPhase.FAILED ? "errorInfo" : undefined);
  });

  test("ends once", () => {
    const run = runEndingAtReading(n);
    run.end(ActionPhase.ABORTED);
    expect(run.reached().filter(({ phase }) => phase >= ActionPhase.SUCCEEDED)).toHaveLength(1);
  });
});
