// Records what a real buildkitd says of each row of the lab, however long it takes: 75 s.
// node testing/buildkit/record.ts 0.34.2
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { startAuthSession } from "../../src/buildkit/auth-session.ts";
import { connectToBuildkit } from "../../src/buildkit/buildkit-connection.ts";
import { callUnary } from "../../src/buildkit/grpc.ts";
import { encodeSolve } from "../../src/buildkit/messages.ts";
import { sourceOfUrl } from "../../src/buildkit/url-answer.ts";
import { systemClock } from "../../src/system/clock.ts";
import { openLab } from "./lab/lab.ts";
import { labLogin } from "./lab/registries.ts";
import { labQuestions, labUrls } from "./questions.ts";
import { type Recording, recordedVersions, recordingPath } from "./recording.ts";

const [version = recordedVersions[0]] = process.argv.slice(2);
const longestWait = 75_000;

const { stdout: program } = await execa(join(import.meta.dirname, "../../tools/buildkit.sh"), [`v${version}`], {
  stderr: "inherit",
});
await using lab = await openLab(program);
const { signal } = new AbortController();
const connection = await connectToBuildkit(lab.plain, { clock: systemClock, signal });
startAuthSession(connection, "anonymous", () => undefined);
startAuthSession(connection, "with-login", () => labLogin);

const sources = [
  ...labQuestions.map(({ row, image, architecture, withLogin }) => ({
    row,
    asked: image,
    session: withLogin ? "with-login" : "anonymous",
    source: {
      identifier: `docker-image://${image}`,
      attributes: {},
      platform: architecture && { os: "linux", architecture },
    },
  })),
  ...labUrls.map(({ row, url }) => ({
    row,
    asked: url,
    session: "anonymous",
    source: sourceOfUrl(new URL(url), "nothing"),
  })),
];

const recording: Recording = await Promise.all(
  sources.map(async ({ row, asked, session, source }) => {
    const request = encodeSolve(source, { request: row, session });
    const started = performance.now();
    const message = await callUnary(
      connection,
      "/moby.buildkit.v1.Control/Solve",
      request,
      AbortSignal.timeout(longestWait),
    ).then(
      (answer) => answer.message,
      () => null,
    );
    return { row, asked, message, seconds: Math.round((performance.now() - started) / 100) / 10 };
  }),
);
connection.destroy();
writeFileSync(recordingPath(version), `${JSON.stringify(recording, undefined, 2)}\n`);
