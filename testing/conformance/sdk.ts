import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { execa } from "execa";
import * as z from "zod";
import { type TaskSpec, TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { TaskId } from "../../src/definition/definition.ts";

/** A rendered `build_image_task.py`, and the id to store its task under. */
export interface SdkQuestion {
  source: string;
  id: TaskId;
}

/** What the SDK makes of a file, or why it makes nothing. */
export type SdkAnswer = { spec: TaskSpec; unknownBytes: number } | { refusal: string };

const answersSchema = z.strictObject({
  version: z.string(),
  answers: z.array(z.union([z.strictObject({ spec: z.base64() }), z.strictObject({ refusal: z.string() })])),
});

/** The version of the SDK that this Python has, and what that makes of the files, by one run of Python. */
export async function askSdk(
  python: string,
  questions: readonly SdkQuestion[],
): Promise<{ version: string; answers: SdkAnswer[] }> {
  const input = questions.map(({ source, id: { name: _, ...task_id } }) => ({ source, task_id }));
  const { stdout } = await execa(python, ["-I", join(import.meta.dirname, "sdk-spec.py")], {
    input: JSON.stringify(input),
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), FLYTE_DISABLE_SENTRY: "true" },
    extendEnv: false,
    maxBuffer: 2 ** 28,
  });
  const { version, answers } = answersSchema.parse(JSON.parse(stdout));
  return { version, answers: answers.map((answer) => ("refusal" in answer ? answer : decoded(answer.spec))) };
}

/** Protobuf and not JSON: `JSON.parse` of Node 26.10 takes `{"a":0,"\n":0}` for `{"a":0,"\\":0}` once it has seen that. */
function decoded(base64: string): SdkAnswer {
  const bytes = Buffer.from(base64, "base64");
  const spec = fromBinary(TaskSpecSchema, bytes);
  const knownBytes = toBinary(TaskSpecSchema, spec, { writeUnknownFields: false }).length;
  return { spec, unknownBytes: bytes.length - knownBytes };
}
