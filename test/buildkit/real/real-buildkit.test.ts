import { execFileSync } from "node:child_process";
import { arch } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Buildkit, openBuildkit, type PullAnswer } from "../../../src/buildkit/ask-buildkit.ts";
import { connectToBuildkit } from "../../../src/buildkit/buildkit-connection.ts";
import { callUnary } from "../../../src/buildkit/grpc.ts";
import { encodeSolve } from "../../../src/buildkit/messages.ts";
import { pullFaultOf } from "../../../src/buildkit/pull-faults.ts";
import type { UrlAnswer } from "../../../src/buildkit/url-answer.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { deadlines } from "../../../src/system/deadlines.ts";
import { askBrokenQuestion } from "../../../testing/buildkit/broken-question.ts";
import { startBuildSession } from "../../../testing/buildkit/lab/build-session.ts";
import { type Lab, missingForLab, openLab } from "../../../testing/buildkit/lab/lab.ts";
import { labLogin } from "../../../testing/buildkit/lab/registries.ts";
import { findRemains, type Remains } from "../../../testing/buildkit/lab/remains.ts";
import { type LabQuestion, labQuestions, labUrls, referenceOf } from "../../../testing/buildkit/questions.ts";
import { messageOf, withoutPorts } from "../../../testing/buildkit/recording.ts";

const missing = await missingForLab();
if (missing) process.stderr.write(`SKIPPED: the tests of a real buildkitd: ${missing}\n`);

const { signal } = new AbortController();
const options = { clock: systemClock, signal };

describe.skipIf(missing)("a real buildkitd", () => {
  let lab: Lab;
  const answers = new Map<string, PullAnswer>();
  const urlAnswers = new Map<string, UrlAnswer>();
  let before: Remains;

  const remains = async (): Promise<Remains> => {
    const connection = await connectToBuildkit(lab.plain, options);
    try {
      return await findRemains(connection, lab.debug);
    } finally {
      connection.destroy();
    }
  };

  beforeAll(async () => {
    lab = await openLab(`${execFileSync(join(import.meta.dirname, "../../../tools/buildkit.sh"))}`.trim());
    before = await remains();
    const anonymous = await openBuildkit(lab.plain, options);
    const withLogin = await openBuildkit(lab.plain, { ...options, findLogin: () => labLogin });
    const ask = async (buildkit: Buildkit, { row, image, architecture }: LabQuestion) => {
      const platform = architecture && { os: "linux", architecture };
      answers.set(row, await buildkit.ask({ reference: referenceOf(image), platform }, signal));
    };
    await Promise.all([
      ...labQuestions.map((question) => ask(question.withLogin ? withLogin : anonymous, question)),
      ...labUrls.map(async ({ row, url }) => urlAnswers.set(row, await anonymous.askUrl(new URL(url), signal))),
    ]);
    anonymous.close();
    withLogin.close();
  });
  afterAll(async () => await lab[Symbol.asyncDispose]());

  test.each(labQuestions)("$row: $kind", ({ row, kind, isSlow }) => {
    expect(answers.get(row)?.kind).toBe(isSlow ? "no-answer" : kind);
  });

  test.each(labQuestions.filter(({ kind, isSlow }) => kind !== "available" && !isSlow))(
    "$row: the words that are recorded",
    ({ row, image }) => {
      const recorded = { host: referenceOf(image).host, ...pullFaultOf(messageOf(row)) };
      expect(withoutPorts(answers.get(row))).toEqual(withoutPorts(recorded));
    },
  );

  test.each(labUrls)("$row: $answer.kind", ({ row, answer, isSlow }) => {
    expect(urlAnswers.get(row)).toMatchObject(isSlow ? { kind: "no-answer" } : answer);
  });

  test("refuses a definition whose result is not its source", async () => {
    expect((await askBrokenQuestion(lab.plain)).status).not.toBe(0);
  });

  test("lists the platforms for which it can run steps, its own first", async () => {
    const buildkit = await openBuildkit(lab.plain, options);
    const [first] = await buildkit.listPlatforms(signal);
    expect(first).toEqual({ os: "linux", architecture: arch() === "x64" ? "amd64" : arch() });
    buildkit.close();
  });

  test.each(["tls", "mutualTls"] as const)("is recognized where it speaks TLS: %s", async (name) => {
    await expect(openBuildkit(lab[name], options)).rejects.toMatchObject({ code: "buildkit-tls" });
  });

  test("answers fifty questions at once, far before the deadline", async () => {
    const buildkit = await openBuildkit(lab.plain, options);
    const started = performance.now();
    const images = Array.from({ length: 50 }, (_, index) => `images.test/team/app:${index % 2 ? "none" : "1"}`);
    const kinds = await Promise.all(
      images.map(async (image) => (await buildkit.ask({ reference: referenceOf(image) }, signal)).kind),
    );
    expect(performance.now() - started).toBeLessThan(deadlines.buildkitQuestion.milliseconds / 2);
    expect(kinds.filter((kind) => kind === "available")).toHaveLength(25);
    expect(kinds.filter((kind) => kind === "missing")).toHaveLength(25);
    buildkit.close();
  });

  test("asks the pod of a later build for tokens, as if it had not been asked", async () => {
    const image = "tokens-refused.test/team/app:1";
    expect(answers.has("token endpoint refuses connections")).toBe(true);
    const connection = await connectToBuildkit(lab.plain, options);
    const asked = startBuildSession(connection, "build");
    const source = { identifier: `docker-image://${image}`, attributes: {}, platform: undefined };
    const request = encodeSolve(source, { request: "build", session: "build" });
    await callUnary(connection, "/moby.buildkit.v1.Control/Solve", request, signal);
    expect(asked).toContain("GetTokenAuthority");
    connection.destroy();
  });

  test("keeps no bytes, no history and no session of all these questions", async () => {
    expect(before).toEqual({ bytes: 0, history: 0, sessions: 0 });
    // It keeps a page that it was given in place of one that is not there.
    await expect.poll(remains).toEqual({ ...before, bytes: 4_096 });
  });
});
