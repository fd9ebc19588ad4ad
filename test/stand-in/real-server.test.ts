import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";

interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  /** Parsed, where it is JSON. */
  readonly answer: unknown;
}

interface Exchange extends Answer {
  readonly name: string;
  readonly path: string;
  readonly request: unknown;
}

const folder = join(import.meta.dirname, "../../testing/recordings");
const deployTask = "DeployTask-2.12.1-copy-style-none.json";
const { spec }: { spec: unknown } = JSON.parse(readFileSync(join(folder, deployTask), "utf8"));
const references = [`@${deployTask}#spec`, "@stored spec"];

const { exchanges, databaseAway }: Record<"exchanges" | "databaseAway", Exchange[]> = JSON.parse(
  readFileSync(join(folder, "real-server.json"), "utf8"),
  (_, value) => (references.includes(value) ? spec : value),
);

async function ask(plane: ControlPlane, { path, request }: Exchange): Promise<Answer> {
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

/** Replaces what differs from run to run. A time of creation, which comes again, gives way to its place among them. */
function comparison(): ({ status, contentType, answer }: Answer) => Answer {
  const timesOfCreation: string[] = [];
  const comparable = (key: string, value: unknown): unknown => {
    if (typeof value !== "string") return value;
    if (key === "signedUrl") return withoutSignature(value);
    if (key === "expiresAt") return `a time with ${fractionDigits(value)} digits`;
    if (key !== "deployedAt") return value;
    if (!timesOfCreation.includes(value)) timesOfCreation.push(value);
    return `time ${timesOfCreation.indexOf(value)} with ${fractionDigits(value)} digits`;
  };
  return ({ status, contentType, answer }) => ({
    status,
    contentType,
    answer: JSON.parse(JSON.stringify(answer), comparable),
  });
}

const recorded = [...exchanges, ...databaseAway].map(comparison());
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
