import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, comparison, type Exchange, readRecording } from "../../testing/control-plane/replay.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";

const { exchanges, databaseAway } = readRecording<Record<"exchanges" | "databaseAway", Exchange[]>>("real-server.json");

const answered = ({ status, contentType, answer }: Answer): Answer => ({
  status,
  contentType: contentType ?? null,
  answer,
});
const recorded = [...exchanges, ...databaseAway].map(answered).map(comparison());
let given: Answer[];
beforeAll(async () => {
  await using plane = await startControlPlane({ projects: [] });
  const answers: Answer[] = [];
  for (const exchange of exchanges) answers.push(await ask(plane, exchange));
  await plane.setFault({ kind: "database-away" });
  for (const exchange of databaseAway) answers.push(await ask(plane, exchange));
  given = answers.map(comparison());
});

describe("what the real server was recorded to answer is what the stand-in answers", () => {
  test.each([...exchanges, ...databaseAway].map(({ name }, index) => [name, index] as const))("%s", (_, index) => {
    expect(given[index]).toStrictEqual(recorded[index]);
  });
});
