import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** The versions of buildkit whose words are recorded: the newest when this was made, and one that is two years older. */
export const recordedVersions = ["0.34.2", "0.16.0"] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

/** What a real buildkitd has answered to the questions of the lab; see record.ts. */
const recordingSchema = z.array(
  z.strictObject({
    row: z.string(),
    /** The image or the URL. */
    asked: z.string(),
    /** What it said of a failure, empty after success; null: nothing within 75 s. */
    message: z.string().nullable(),
    /** Until the answer. */
    seconds: z.number(),
  }),
);
export type Recording = z.output<typeof recordingSchema>;

/** Path of a version's recording. */
export function recordingPath(version: string): string {
  return join(import.meta.dirname, `../recordings/buildkit-${version}.json`);
}

/** What buildkitd of that version has answered. */
export function readRecording(version: RecordedVersion): Recording {
  return recordingSchema.parse(JSON.parse(readFileSync(recordingPath(version), "utf8")));
}

/** An answer without what is different each time: the ports from which buildkit connects, and the time of day. */
export function withoutPorts(answer: object | undefined): object {
  const text = JSON.stringify(answer ?? {});
  return JSON.parse(text.replaceAll(/:\d+->/g, ":0->").replaceAll(/current time [^ ]+/g, "current time 0"));
}

/** What it said about a row: the message of a reply of the stand-in. */
export function messageOf(row: string, version: RecordedVersion = "0.34.2"): string {
  const found = readRecording(version).find((each) => each.row === row);
  if (typeof found?.message !== "string") throw new Error(`buildkit ${version} has said nothing about "${row}"`);
  return found.message;
}
