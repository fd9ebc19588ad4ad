import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { TaskDetailsSchema } from "#flyteidl2/task/task_definition_pb.js";
import { lookUp } from "../../src/registration/look-up.ts";
import { createRecorder } from "../../src/report/recorder.ts";

/** What looking up a registration gives, and what its step tells. */
async function lookedUp(details: MessageInitShape<typeof TaskDetailsSchema> | undefined) {
  const recorder = createRecorder(
    () => 0,
    () => {},
  );
  const current = async () => details && create(TaskDetailsSchema, details);
  const found = await lookUp({ current }, undefined, recorder, "look up");
  return { found, steps: recorder.steps.map(({ name, detail }) => ({ name, detail })) };
}

describe("looking up", () => {
  const taskId = { version: "2026.3.4" };

  it("is a step that says that nothing is there", async () => {
    const { found, steps } = await lookedUp(undefined);
    expect(found).toBeUndefined();
    expect(steps).toEqual([{ name: "look up", detail: expect.stringMatching(/no registration/) }]);
  });

  it("is a step that names the version, when it was registered, and by whom", async () => {
    const deployedAt = timestampFromDate(new Date("2026-03-04T05:06:07Z"));
    const deployedBy = { principal: { case: "user" as const, value: { id: { subject: "alice" } } } };
    const { found, steps } = await lookedUp({ taskId, metadata: { deployedAt, deployedBy } });
    expect(found).toMatchObject({ version: "2026.3.4", deployedBy: "alice", isWanted: false });
    expect(steps[0]?.detail).toMatch(/2026\.3\.4.* registered 2026-03-04T05:06:07\.000Z .*alice/);
  });

  it("says nothing of the time where the control plane does not", async () => {
    const { steps } = await lookedUp({ taskId });
    expect(steps[0]?.detail).toMatch(/2026\.3\.4.* registered manually$/);
  });
});
