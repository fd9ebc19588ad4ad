import { isDeepStrictEqual } from "node:util";
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import fc from "fast-check";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { type LeafDifference, leafDifferences } from "./differences.ts";
import { oursOf } from "./ours.ts";
import { type GivenSettings, randomSettings } from "./random-settings.ts";
import { askSdk, type SdkAnswer } from "./sdk.ts";

/** How the specs of one SDK stand to ours. */
export interface Comparison {
  /** Of the SDK. */
  version: string;
  seed: number;
  cases: number;
  unequal: UnequalCase[];
}

/** Settings of which the SDK makes another spec than we do, or none. */
interface UnequalCase {
  settings: GivenSettings;
  differences: LeafDifference[];
}

/** The seed that `CONFORMANCE_SEED` gives, else a new one. */
export function chosenSeed(): number {
  return Number(process.env["CONFORMANCE_SEED"] || Math.floor(Math.random() * 2 ** 31));
}

/**
 * Compares our specs of random settings with those that the SDK of this Python makes of the rendered files: whole specs,
 * in protobuf's JSON.
 * @throws {ZodError} where the schema refuses settings
 */
export async function compareWithSdk(python: string, count: number, seed: number): Promise<Comparison> {
  const cases = fc
    .sample(randomSettings, { numRuns: count, seed })
    .map((settings) => ({ settings, ...oursOf(settings) }));
  const { version, answers } = await askSdk(python, cases);
  const unequal = cases.flatMap(({ settings, spec }, index) => {
    const differences = differencesFrom(spec, answers[index] ?? { refusal: "no answer" });
    return differences.length === 0 ? [] : [{ settings, differences }];
  });
  return { version, seed, cases: cases.length, unequal };
}

function differencesFrom(ours: JsonValue, answer: SdkAnswer): LeafDifference[] {
  if ("refusal" in answer)
    return [{ field: "(the SDK refuses the file)", expected: undefined, stored: answer.refusal }];
  const { spec, unknownBytes } = answer;
  const theirs = toJson(TaskSpecSchema, spec);
  const known = isDeepStrictEqual(ours, theirs) ? [] : leafDifferences(ours, theirs);
  if (unknownBytes === 0) return known;
  return [...known, { field: "(fields of a newer protobuf)", expected: undefined, stored: `${unknownBytes} bytes` }];
}
