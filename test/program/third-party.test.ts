import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import * as z from "zod";
import { bundleBillFile, noticesFile } from "../../tools/third-party/write-third-party.ts";

const root = join(import.meta.dirname, "../..");
const textIn = (file: string) => readFileSync(join(dirname(inject("program")), file), "utf8");
const bill = z.object({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.object({
    component: z.object({ name: z.string(), version: z.string() }),
    timestamp: z.undefined().optional(),
  }),
  components: z.array(z.object({ purl: z.string(), version: z.string(), licenses: z.array(z.unknown()).min(1) })),
});

test("the bundle says which packages are in it, and under which licences", () => {
  const { components, metadata } = bill.parse(JSON.parse(textIn(bundleBillFile)));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(metadata.component).toMatchObject({ name: "image-builder-registrar", version });
  const purls = components.map(({ purl }) => purl.replace(/@[^@]*$/, ""));
  // Those that are imported directly, one that only another one imports, and none of development.
  expect(purls).toEqual(expect.arrayContaining(["pkg:npm/zod", "pkg:npm/%40bufbuild/protobuf", "pkg:npm/undici"]));
  expect(purls).toContain("pkg:npm/%40flyteorg/flyteidl2");
  expect(purls.filter((purl) => /esbuild|vitest|typescript/.test(purl))).toEqual([]);
});

test("each of them stands in the notices with a complete text", () => {
  const notices = textIn(noticesFile);
  const { components } = bill.parse(JSON.parse(textIn(bundleBillFile)));
  const sections = notices.split(/^={80}\n/m).slice(1);
  expect(sections).toHaveLength(2 * components.length);
  for (const [index, { purl, version }] of components.entries()) {
    const name = decodeURIComponent(purl.slice("pkg:npm/".length));
    const place = sections.findIndex((title) => title.startsWith(`${name.replace(/@[^@]*$/, "")} ${version} (`));
    expect(place, `${index} ${name}`).toBeGreaterThanOrEqual(0);
    expect(sections[place + 1], name).toMatch(
      /Permission (is hereby granted|to use, copy)|Redistribution and use|Apache License|public domain/i,
    );
  }
});
