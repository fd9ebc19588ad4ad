import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ControlPlane } from "./start.ts";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string | null;
  /** Parsed, where it is JSON. */
  readonly answer: unknown;
}

/** A request that a real server was sent, and its answer. */
export interface Exchange extends Answer {
  readonly name: string;
  readonly path: string;
  readonly request: unknown;
}

const folder = join(import.meta.dirname, "../recordings");
const deployTask = "DeployTask-2.12.1-copy-style-none.json";
const { spec }: { spec: unknown } = JSON.parse(readFileSync(join(folder, deployTask), "utf8"));
const references = [`@${deployTask}#spec`, "@stored spec", "@the stored spec", "$registeredTaskSpec"];

/** A recording, with the spec in place of what refers to it. */
export function readRecording<Recording>(name: string): Recording {
  return JSON.parse(readFileSync(join(folder, name), "utf8"), (_, value) =>
    references.includes(value) ? spec : value,
  );
}

/** Sends a recorded request again. */
export async function ask(plane: ControlPlane, { path, request }: Exchange): Promise<Answer> {
  const response = await fetch(`${plane.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const text = (await response.text())
    .replaceAll(new URL(plane.url).host, "CONTROL_PLANE")
    .replaceAll("127.0.0.1:5432", "DATABASE");
  const contentType = response.headers.get("content-type");
  return {
    status: response.status,
    contentType,
    answer: contentType === "application/json" ? JSON.parse(text) : text,
  };
}

const fractionDigits = (time: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d+)Z$/.exec(time)?.[1]?.length;

const withoutSignature = (url: string) =>
  url
    .replace(/^http:\/\/[A-Z_]+\//, "http://HOST/")
    .replace(/(?<=X-Amz-Credential=stand%2F)\d{8}/, "DATE")
    .replace(/(?<=X-Amz-Date=)\d{8}T\d{6}Z/, "TIME")
    .replace(/(?<=X-Amz-Signature=)[0-9a-f]{64}$/, "SIGNATURE");

/** Times that come again, of which one must be the other. */
const timesOfEvents = ["deployedAt", "startTime", "endTime"];

/** Replaces what differs from run to run. A time that comes again gives way to its place among them. */
export function comparison(): (answer: Answer) => Answer {
  const times: string[] = [];
  const comparable = (key: string, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    if (key === "signedUrl") return withoutSignature(value);
    if (key === "expiresAt") return `a time with ${fractionDigits(value)} digits`;
    if (key === "durationMs") return "milliseconds";
    if (!timesOfEvents.includes(key)) return value;
    if (!times.includes(value)) times.push(value);
    return `time ${times.indexOf(value)} with ${fractionDigits(value)} digits`;
  };
  return (given) => ({ ...given, answer: JSON.parse(JSON.stringify(given.answer), comparable) });
}
