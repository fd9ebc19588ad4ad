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
  return { found, known: recorder.known.current, steps: recorder.steps.map(({ name, detail }) => ({ name, detail })) };
}

describe("looking up", () => {
  const taskId = { version: "2026.3.4" };

  it("is a step that says that nothing is there", async () => {
    const { found, known, steps } = await lookedUp(undefined);
    expect(found).toBeUndefined();
    expect(known).toBeNull();
    expect(steps).toEqual([{ name: "look up", detail: expect.stringMatching(/no registration/) }]);
  });

  it("is a step that names the version, when it was registered, and by whom", async () => {
    const deployedAt = timestampFromDate(new Date("2026-03-04T05:06:07Z"));
    const deployedBy = { principal: { case: "user" as const, value: { id: { subject: "alice" } } } };
    const { found, known, steps } = await lookedUp({ taskId, metadata: { deployedAt, deployedBy } });
    expect(known).toEqual({
      version: "2026.3.4",
      appVersion: "2026.3.4",
      registeredAt: "2026-03-04T05:06:07.000Z",
      isWanted: false,
    });
    expect(found).toMatchObject({ version: "2026.3.4", deployedBy: "alice", isWanted: false });
    expect(steps[0]?.detail).toMatch(/2026\.3\.4.* registered 2026-03-04T05:06:07\.000Z .*alice/);
  });

  it("without an answer leaves nothing known, whatever was known before", async () => {
    const recorder = createRecorder(
      () => 0,
      () => {},
    );
    recorder.learn({ current: null });
    const current = () => Promise.reject(new Error("no answer"));
    await expect(lookUp({ current }, undefined, recorder, "verify")).rejects.toThrow("no answer");
    expect(recorder.known.current).toBeUndefined();
  });

  it("says nothing of the time where the control plane does not", async () => {
    const { steps } = await lookedUp({ taskId });
    expect(steps[0]?.detail).toMatch(/2026\.3\.4.* registered manually$/);
  });
});
