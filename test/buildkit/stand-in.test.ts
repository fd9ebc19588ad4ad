import { expect, test } from "vitest";
import { askBuildkit } from "../../src/buildkit/ask-buildkit.ts";
import { systemClock } from "../../src/system/clock.ts";
import { askBrokenQuestion } from "../../testing/buildkit/broken-question.ts";
import { labQuestions, referenceOf } from "../../testing/buildkit/questions.ts";
import { messageOf } from "../../testing/buildkit/recording.ts";
import { startBuildkit } from "../../testing/buildkit/stand-in/stand-in.ts";

// test/buildkit/real/ requires the same of a real buildkitd.
test("the stand-in refuses a definition whose result is not its source", async () => {
  await using buildkit = await startBuildkit();
  expect((await askBrokenQuestion(buildkit.address)).status).not.toBe(0);
  expect(buildkit.asked).toEqual([]);
});

test("the stand-in says of each row of the lab what a real buildkitd has said", async () => {
  const said = labQuestions.filter(({ kind }) => kind !== "available" && kind !== "no-answer");
  await using buildkit = await startBuildkit({
    reply: ({ identifier }) => {
      const row = said.find(({ row: name }) => identifier.endsWith(`:${tagOf(name)}`))?.row ?? "";
      return { message: messageOf(row) };
    },
  });
  const { signal } = new AbortController();
  const kinds = await Promise.all(
    said.map(async ({ row, image }) => {
      const reference = { ...referenceOf(image), tag: tagOf(row) };
      return (await askBuildkit(buildkit.address, { reference }, { clock: systemClock, signal })).kind;
    }),
  );
  expect(kinds).toEqual(said.map(({ kind }) => kind));
});

/** A tag that names a row. */
function tagOf(row: string): string {
  return row.replaceAll(/\W+/g, "-");
}
