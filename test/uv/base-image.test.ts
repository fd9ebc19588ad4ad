import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parseImageEnvironment } from "../../src/base-image/image-environment.ts";
import { pythonPreference, uvRefusal } from "../../src/base-image/uv-python.ts";
import { imagesOf } from "../../testing/base-image/images.ts";
import { placeholder } from "../../testing/base-image/parts.ts";
import { readSystemPython } from "../../testing/base-image/system-python.ts";
import { missingForUv, openUvJudge, type UvJudge } from "../../testing/base-image/uv-judge.ts";

const missing = missingForUv();
if (missing !== undefined) process.stderr.write(`SKIPPED: real uv in base images: ${missing}\n`);

const parts = missing === undefined ? readSystemPython() : placeholder;
const asked = imagesOf(parts).filter(({ notForUv }) => notForUv === undefined);

describe.skipIf(missing)("real uv in an image", () => {
  let judge: UvJudge;
  beforeAll(async () => {
    judge = await openUvJudge(inject("uv"));
  });
  afterAll(() => judge[Symbol.asyncDispose]());

  it.concurrent.each(asked)("$name: $verdict", async (image) => {
    const { found, words } = await judge.ask(image);
    expect({ found, words }).toEqual({ found: image.verdict === "found", words });
    // The finding quotes it.
    const refusal = uvRefusal(image.wanted, pythonPreference(parseImageEnvironment(image.env)));
    if (!found) expect(words.trim().replace(/\n+/, "; ")).toBe(refusal);
  });
});
