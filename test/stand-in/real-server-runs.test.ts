import { beforeAll, describe, expect, test } from "vitest";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { type Answer, ask, comparison, type Exchange, readRecording } from "../../testing/control-plane/replay.ts";
import { BUILD_IMAGE } from "../../testing/control-plane/seeds.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";

const { exchanges } = readRecording<{ exchanges: Exchange[] }>("real-server-runs.json");

/** The recording names the parameters of a signature only. The published protobuf does not have `runStartTime` yet. */
const reduce = ({ status, answer }: Answer): Answer => ({
  status,
  answer: JSON.parse(JSON.stringify(answer), (key, value) => {
    if (key === "signedUrl")
      return value.replace(/^http:\/\/[A-Z_]+\//, "http://HOST/").replaceAll(/=[^&=]+(?=&|$)/g, "=…");
    return key === "runStartTime" ? undefined : value;
  }),
});

const recorded = exchanges.map(reduce).map(comparison());
let given: Answer[];
beforeAll(async () => {
  const builds = { end: "never", stuckIn: "queued", absent: ["image-service"] } as const;
  await using plane = await startControlPlane({ projects: [{ id: "flytesnacks" }], builds });
  plane.store({ version: "2026.3.5" });
  await connectTo(RunService, plane).createRun({
    id: { case: "runId", value: { project: "flytesnacks", domain: "development", name: "smoke-byid" } },
    task: { case: "taskId", value: { ...BUILD_IMAGE, version: "2026.3.5" } },
  });
  const answers: Answer[] = [];
  for (const exchange of exchanges) answers.push(await ask(plane, exchange));
  given = answers.map(reduce).map(comparison());
});

describe("what the real server was recorded to answer of runs is what the stand-in answers", () => {
  test.each(exchanges.map(({ name }, index) => [name, index] as const))("%s", (_, index) => {
    expect(given[index]).toStrictEqual(recorded[index]);
  });
});
