import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeChecksums } from "../../tools/publishing/checksums.ts";
import { archiveFolder } from "../../tools/publishing/folder-archive.ts";
import { partsIn } from "../../tools/publishing/image-parts.ts";
import { digestsOfBake } from "../../tools/publishing/push-images.ts";
import { billOfMaterials, type Part } from "../../tools/third-party/bill-of-materials.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "publishing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The bundle as it might be built at another time by somebody with another umask. */
async function archived(name: string, seconds: number, mode: number): Promise<Buffer> {
  const dist = join(folder, name);
  mkdirSync(join(dist, "templates"), { recursive: true });
  for (const file of ["templates/task.hbs", "registrar.mjs", "main-v26.compiled"]) {
    writeFileSync(join(dist, file), file);
    utimesSync(join(dist, file), seconds, seconds);
  }
  chmodSync(join(dist, "registrar.mjs"), mode);
  const archive = join(folder, `${name}.tar.gz`);
  await archiveFolder(dist, archive, "registrar-1.0.0", (path) => !path.endsWith(".compiled"));
  return readFileSync(archive);
}

test("an archive follows from names, contents and modes alone", async () => {
  const first = await archived("first", 1_000_000_000, 0o755);
  expect(first.equals(await archived("second", 1_700_000_000, 0o700))).toBe(true);
  expect(first.equals(await archived("third", 1_000_000_000, 0o644))).toBe(false);
  const { stdout } = await execa("tar", ["--list", "--file", join(folder, "first.tar.gz")]);
  expect(stdout.split("\n")).toEqual(["registrar-1.0.0/registrar.mjs", "registrar-1.0.0/templates/task.hbs"]);
});

test("checksums are those that sha256sum takes", async () => {
  writeFileSync(join(folder, "b.tgz"), "b");
  writeFileSync(join(folder, "a.tgz"), "a");
  writeChecksums(folder);
  // Once more, with the file of the checksums there.
  writeChecksums(folder);
  const { stdout } = await execa("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
  expect(stdout).toBe("a.tgz: OK\nb.tgz: OK");
});

const installed =
  "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.41-12)\nVersion: 2.41-12\n";
const removed = "Package: apt\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 3.0\n";
const libc: Part = {
  kind: "deb",
  name: "libc6",
  version: "2.41-12",
  qualifiers: { arch: "amd64", distro: "debian-13", upstream: "glibc" },
};

test.each<[string, string, Part[]]>([
  ["var/lib/dpkg/status.d/libc6", installed, [libc]],
  ["var/lib/dpkg/status", `${removed}\n${installed}`, [libc]],
  [
    "opt/flyte/lib/python3.13/site-packages/a_b-1.dist-info/METADATA",
    "Metadata-Version: 2.1\nName: A_b\nVersion: 1.0\nLicense-Expression: MIT\n\nName: in the text\n",
    [{ kind: "pypi", name: "a-b", version: "1.0", license: "MIT" }],
  ],
])("%s tells of packages", (path, text, parts) => {
  expect(partsIn(path, text, "13")).toEqual(parts);
});

test("what the bundle says of itself is read back", () => {
  const packages: Part[] = [
    { kind: "npm", name: "@bufbuild/protobuf", version: "2.0.0", license: "(Apache-2.0 AND BSD-3-Clause)" },
    { kind: "npm", name: "zod", version: "4.0.0", license: "MIT" },
  ];
  const bill = billOfMaterials({ type: "application", name: "a", version: "1" }, packages);
  expect(partsIn("opt/registrar/registrar.cdx.json", bill, "13")).toEqual(packages);
});

test("a bill of materials names parts by package URL, whatever their order", () => {
  const whole = { type: "container", name: "image", version: "1.0.0" } as const;
  const parts: Part[] = [libc, { kind: "npm", name: "@a/b", version: "1.0.0", license: "MIT" }];
  const bill = billOfMaterials(whole, parts);
  expect(billOfMaterials(whole, parts.toReversed())).toBe(bill);
  const { components } = JSON.parse(bill);
  expect(components.map(({ purl }: { purl: string }) => purl).sort()).toEqual([
    "pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc",
    "pkg:npm/%40a/b@1.0.0",
  ]);
});

test("the digests of a bake are read next to what else it tells", () => {
  const [one, two] = [`sha256:${"1".repeat(64)}`, `sha256:${"2".repeat(64)}`];
  const metadata = {
    "buildx.build.warnings": [],
    "default-image": { "buildx.build.ref": "a/b", "containerimage.digest": one, "image.name": "a" },
    "flyte-image": { "containerimage.digest": two },
  };
  expect(digestsOfBake(JSON.stringify(metadata))).toEqual({ default: one, flyte: two });
  expect(digestsOfBake(JSON.stringify({ "default-image": { "containerimage.digest": one } }))).toEqual({
    default: one,
  });
  expect(() => digestsOfBake(JSON.stringify({ "default-image": {} }))).toThrow("containerimage.digest");
});
