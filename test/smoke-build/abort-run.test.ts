import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { abortRun } from "../../src/smoke-build/abort-run.ts";
import { systemClock } from "../../src/system/clock.ts";
import { sessionOver } from "../control-plane/sessions.ts";

const run = { org: "acme", project: "flytesnacks", domain: "development", name: "smoke-1" };

/** A control plane that has the run after a number of questions. @returns a session, and how often it was asked */
function appearing(after: number) {
  let asked = 0;
  const session = sessionOver(({ service }) =>
    service(RunService, {
      abortRun() {
        if (asked++ < after) throw new ConnectError("run not found", Code.NotFound);
        return {};
      },
    }),
  );
  return { session, asked: () => asked };
}

test.each([
  { why: "whose creation was answered is not looked for again", after: 2, mayBeUnknown: false, found: false, asked: 1 },
  { why: "that may yet appear is looked for", after: 2, mayBeUnknown: true, found: true, asked: 3 },
  { why: "that is there is aborted", after: 0, mayBeUnknown: true, found: true, asked: 1 },
])("a run $why", async ({ after, mayBeUnknown, found, asked }) => {
  const plane = appearing(after);
  expect(await abortRun(plane.session, run, "SIGTERM", systemClock, mayBeUnknown)).toBe(found);
  expect(plane.asked()).toBe(asked);
});

test("a run that does not appear is given up", async () => {
  const { session, asked } = appearing(Number.POSITIVE_INFINITY);
  expect(await abortRun(session, run, "SIGTERM", systemClock, true)).toBe(false);
  expect(asked()).toBeGreaterThan(3);
});
