import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { judgeImage } from "../../src/checks/index/image-index.ts";
import { certificateLines, indexLine } from "../../src/findings/catalog/dockerfile-lines.ts";
import { publicIndex } from "../../src/findings/public-index.ts";
import { missingForUv } from "../../testing/base-image/uv-judge.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import {
  type IndexServer,
  installWithUv,
  makeWheel,
  startIndex,
  startPublicWatch,
} from "../../testing/package-index/index-lab.ts";
import { precedences, surroundings } from "../../testing/package-index/precedence.ts";

const missing = missingForUv();
if (missing !== undefined) process.stderr.write(`SKIPPED: real uv and package indexes: ${missing}\n`);

const uv = inject("uv");
const publicHost = `${publicIndex.host}:443`;

describe.skipIf(missing)("real uv", () => {
  const stack = new AsyncDisposableStack();
  /** The indexes that were asked, in this order. */
  const asked: string[] = [];
  const empty: Record<string, IndexServer> = {};
  let publicWatch: IndexServer;
  let wheel: Buffer;

  beforeAll(async () => {
    for (const letter of "ABCD") {
      empty[letter] = stack.use(await startIndex({ note: () => asked.push(letter) }));
    }
    publicWatch = stack.use(await startPublicWatch(() => asked.push("P")));
    wheel = makeWheel();
  });
  afterAll(() => stack.disposeAsync());

  const filled = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(given).map(([key, text]) => [key, text.replace(/\{(\w)\}/g, (_, name) => empty[name]?.url ?? "")]),
    );

  it.each(precedences)("asks by $rule: $asked", async ({ environment = {}, files = {}, asked: expected, indexUrl }) => {
    asked.length = 0;
    const options = indexUrl === undefined ? [] : ["--index-url", ...Object.values(filled({ indexUrl }))];
    const run = { uv, environment: { ...surroundings, ...filled(environment) }, files: filled(files), publicWatch };
    const { exitCode } = await installWithUv({ ...run, arguments: options });
    expect(exitCode).not.toBe(0);
    expect([...new Set(asked)].join("")).toBe(expected);
    expect(publicWatch.requests.filter((host) => host !== publicHost)).toEqual([]);
  });

  /** The variables of the Dockerfile lines that a finding prints. */
  function variablesOf(...lines: string[]): Record<string, string> {
    const words = lines.flatMap((line) =>
      Array.from(line.matchAll(/`ENV ([^`]*)`/g), ([, pairs = ""]) => pairs.split(" ")),
    );
    return Object.fromEntries(words.flat().map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]));
  }

  const judge = (environment: Readonly<Record<string, string>>, packageIndex: string) => {
    const settings = { environment: new Map(Object.entries(environment)), files: new Map(), isComplete: true };
    return judgeImage({ image: "base:1", ...settings }, packageIndex).fault?.findingOf(["base:1"]);
  };

  it("does not read PIP_INDEX_URL, and we say so; with the lines that we print it installs, and we say nothing", async () => {
    await using index = await startIndex({ wheel });
    const pipAlone = { PIP_INDEX_URL: index.url, PIP_TRUSTED_HOST: "127.0.0.1" };
    const publicBefore = publicWatch.requests.length;
    const refused = await installWithUv({ uv, environment: { ...surroundings, ...pipAlone }, publicWatch });
    expect(refused.exitCode).not.toBe(0);
    expect(index.requests).toEqual([]);
    expect(publicWatch.requests.slice(publicBefore)).toContain(publicHost);
    expect(judge(pipAlone, index.url)?.code).toBe("index-unread-by-uv");

    const lines = variablesOf(indexLine(index.url));
    const installed = await installWithUv({ uv, environment: { ...surroundings, ...lines }, publicWatch });
    expect(installed).toMatchObject({ exitCode: 0 });
    expect(index.requests).toContain("/files/registrar_probe-1.0-py3-none-any.whl");
    expect(judge(lines, index.url)).toBeUndefined();
  });

  it("trusts a private CA by the lines that we print, and not by pip's variables", async () => {
    const authority = await createAuthority("Private CA");
    await using index = await startIndex({ wheel, certificate: await authority.issue() });
    const folder = mkdtempSync(join(tmpdir(), "ca-"));
    stack.defer(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "ca.crt");
    writeFileSync(file, authority.certificatePem);
    const withIndex = { ...surroundings, ...variablesOf(indexLine(index.url)) };

    const ofPip = { ...withIndex, PIP_CERT: file, REQUESTS_CA_BUNDLE: file, PIP_TRUSTED_HOST: "127.0.0.1" };
    const refused = await installWithUv({ uv, environment: ofPip, publicWatch });
    expect(refused.stderr).toContain("UnknownIssuer");
    expect(index.requests).toEqual([]);
    expect(judge(ofPip, index.url)?.code).toBe("index-unread-by-uv");

    const lines = { ...withIndex, ...variablesOf(certificateLines) };
    const here = Object.fromEntries(
      Object.entries(lines).map(([name, value]) => [name, value.replace("/etc/ssl/certs/ca-certificates.crt", file)]),
    );
    expect(await installWithUv({ uv, environment: here, publicWatch })).toMatchObject({ exitCode: 0 });
    expect(index.requests).toContain("/files/registrar_probe-1.0-py3-none-any.whl");
    expect(judge(lines, index.url)).toBeUndefined();
  });
});
