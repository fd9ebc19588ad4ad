import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { imagesOfBake, pushByBuildx } from "../../tools/publishing/push-images.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const bakeFile = textOf("docker-bake.hcl");
const variables = Array.from(bakeFile.matchAll(/^variable "(\w+)"/gm), ([, name]) => name);
const digest = `sha256:${"1".repeat(64)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "push-images-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A docker whose buildx writes down its arguments and the variables of docker-bake.hcl, and then does what it is told. */
function standInForDocker(afterwards: string): void {
  const script = `#!/bin/sh
[ "$2" != inspect ] || exit 0
echo "$*" >${folder}/arguments
env >${folder}/variables
${afterwards}
`;
  writeFileSync(join(folder, "docker"), script);
  chmodSync(join(folder, "docker"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
}

test.each([
  [true, "1"],
  [false, ""],
])("buildx is told what to build, and for a registry whose plain HTTP is %s", async (isPlainHttp, told) => {
  const printed = JSON.stringify({ target: { "flyte-image": { platforms: ["linux/amd64"] } } });
  const metadata = JSON.stringify({ "flyte-image": { "containerimage.digest": digest } });
  standInForDocker(
    `[ "$3" != --print ] || { echo '${printed}'; exit; }\nwhile [ "$1" != --metadata-file ]; do shift; done\nprintf '%s' '${metadata}' >"$2"`,
  );
  const registry = "registry.example.com/union";
  const destination = { root, registry, version: "1.2.3", isPlainHttp };
  expect(await pushByBuildx(destination, ["flyte"])).toEqual({
    digests: { flyte: digest },
    platforms: ["linux/amd64"],
  });
  expect(readFileSync(join(folder, "arguments"), "utf8")).toMatch(
    /^buildx bake --push --metadata-file \S+ flyte-image\n$/,
  );
  const lines = readFileSync(join(folder, "variables"), "utf8").split("\n");
  const expected = [`REGISTRY=${registry}`, "VERSION=1.2.3", `PLAIN_HTTP=${told}`];
  expect(lines).toEqual(expect.arrayContaining(expected));
  expect(variables).toEqual(expect.arrayContaining(expected.map((line) => line.split("=")[0])));
});

test("what buildx reads in docker-bake.hcl is told in a line for each image", () => {
  const printed = {
    group: { default: { targets: ["default-image"] } },
    target: {
      "default-image": {
        attest: [{ type: "provenance", mode: "max" }, { type: "sbom" }],
        tags: ["ghcr.io/acme/image-builder-registrar:1.2.3"],
        platforms: ["linux/amd64", "linux/arm64"],
      },
    },
  };
  expect(imagesOfBake(JSON.stringify(printed))).toEqual([
    "ghcr.io/acme/image-builder-registrar:1.2.3 for linux/amd64, linux/arm64 with provenance and sbom",
  ]);
});

test("docker-bake.hcl has the variables that the workflow sets, and gives only arguments that the Dockerfile takes", () => {
  const workflow: { env: object; jobs: { build: { steps: { uses?: string; env?: object }[] } } } = parse(
    textOf(".github/workflows/release.yaml"),
  );
  const bake = workflow.jobs.build.steps.find(({ uses }) => uses?.startsWith("docker/bake-action@"));
  const set = Object.keys({ ...workflow.env, ...bake?.env });
  expect(set.filter((name) => !variables.includes(name))).toEqual(["REGISTRY_OWNER"]);
  const block = bakeFile.slice(bakeFile.indexOf("  args = {"), bakeFile.indexOf("  labels = {"));
  const given = Array.from(block.matchAll(/^ {4}(\w+) *= /gm), ([, name]) => name);
  const taken = Array.from(textOf("Dockerfile").matchAll(/^ARG (\w+)/gm), ([, name]) => name);
  expect(given.sort()).toEqual([...taken, "SOURCE_DATE_EPOCH"].sort());
});
