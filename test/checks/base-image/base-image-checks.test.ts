import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { ImageReader } from "../../../src/base-image/read-layers.ts";
import { baseImageChecks, type CheckedBaseImage } from "../../../src/checks/base-image/base-image-checks.ts";
import type { CheckResult, Ended } from "../../../src/checks/engine/check.ts";
import { createSuite } from "../../../src/checks/engine/suite.ts";
import { viewOf } from "../../../src/checks/engine/view.ts";
import { describe as describeFinding } from "../../../src/findings/finding.ts";
import { anyone, readerOf } from "../../../src/findings/reader.ts";
import { problem } from "../../../src/findings/registrar-error.ts";
import { formatImageReference, parseImageReference } from "../../../src/registry/image-reference.ts";
import { parseSettings } from "../../../src/settings/parse-settings.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { deadlines } from "../../../src/system/deadlines.ts";
import { type Entry, file, link, packLayer } from "../../../testing/base-image/layer.ts";
import { memoryRegistry } from "../../../testing/base-image/memory-registry.ts";

const debian = [file("usr/bin/python3.12", randomBytes(100), 0o755), file("usr/lib/python3.12/os.py")];
const large = [file("model.bin", randomBytes(50_000))];

async function registryOf(layers: readonly (readonly Entry[])[], env: readonly string[] = []) {
  return memoryRegistry(env, await Promise.all(layers.map((layer) => packLayer(layer, "gzip"))));
}

interface Run {
  results: CheckResult[];
  ended: Ended<CheckedBaseImage>[];
  asked: { image: string; architecture: string }[];
}

/**
 * Runs the checks with these settings of builds; the registry has one image.
 * @param unseen images about which the check of the registries has a finding
 */
async function run(builds: object, registry: ImageReader, unseen: readonly string[] = []): Promise<Run> {
  const never = new AbortController().signal;
  const clock = systemClock;
  const suite = createSuite(never, clock);
  const readFile = () => Buffer.from(stringify({ builds }));
  const invocation = { configFile: "registrar.yaml", flyteConfigFile: undefined, flags: [], environment: {} };
  const given = parseSettings(invocation, readFile);
  const settings = suite.check("settings/parse", "they parse", { needs: [], deadline: deadlines.checkOffline }, () => ({
    value: given,
    detail: "",
  }));
  const asked: Run["asked"] = [];
  const reader: ImageReader = {
    ...registry,
    readImage: (reference, platform, signal) => {
      asked.push({ image: `${reference.host}/${reference.repository}`, architecture: platform.architecture });
      return registry.readImage(reference, platform, signal);
    },
  };
  const context = { parsed: { given }, world: { clock } };
  const checks = baseImageChecks(suite, context, {
    given: settings,
    registries: viewOf(settings, () => reader),
    pulled: settings,
    seen: viewOf(settings, ({ settings: { builds: given } }) =>
      given.baseImages
        .map(({ image }) => formatImageReference(parseImageReference(image)))
        .filter((image) => !unseen.includes(image)),
    ),
    platform: async () => ({ os: "linux", architecture: "riscv64" }),
  });
  const results: CheckResult[] = [];
  await suite.run(["base-image"], (result) => results.push(result));
  return { results, ended: await Promise.all(checks.map((check) => check.run())), asked };
}

const one = { baseImages: [{ image: "registry.test/base:1" }], pythonVersions: ["3.12"] };

describe("the checks of base images", () => {
  it("are not needed without one", async () => {
    const { results, ended } = await run({}, await registryOf([]));
    expect(results).toMatchObject([{ name: "images", status: "skipped", detail: "builds.baseImages is empty" }]);
    expect(ended).toEqual([]);
  });

  it("show where the Python of each image is, and give others what it contains", async () => {
    const builds = { ...one, baseImages: [...one.baseImages, { image: "python:3.12-slim" }] };
    const { results, ended, asked } = await run(
      builds,
      await registryOf([debian], ["UV_INDEX_URL=https://index.test"]),
    );
    expect(results).toMatchObject([
      { name: "image-1", title: "registry.test/base:1 has the Python that builds ask for", status: "passed" },
      { name: "image-2", title: "python:3.12-slim has the Python that builds ask for", status: "passed" },
    ]);
    expect(results[0]?.detail).toBe("Python 3.12: /usr/bin/python3.12");
    expect(asked.map(({ image }) => image)).toEqual(["registry.test/base", "docker.io/library/python"]);
    expect(ended[1]?.value?.of.image).toBe("python:3.12-slim");
    expect(ended[1]?.value?.of.found.environment.get("UV_INDEX_URL")).toBe("https://index.test");
  });

  it("name what they assume of layers that were not read", async () => {
    const { results } = await run(one, await registryOf([debian, large, [...large, ...debian]]));
    expect(results[0]?.detail).toBe(
      "Python 3.12: /usr/bin/python3.12, assuming that 2 layers (1 MB) above it do not remove it",
    );
  });

  it("list the versions if none is asked for", async () => {
    const { results } = await run({ baseImages: one.baseImages }, await registryOf([debian]));
    expect(results).toMatchObject([{ status: "passed", detail: "Python 3.12" }]);
    const without = await run({ baseImages: one.baseImages }, await registryOf([large]));
    expect(without.results).toMatchObject([{ status: "passed", detail: "no Python was found" }]);
  });

  it("ask for the versions of the image's own list first", async () => {
    const builds = { baseImages: [{ image: "registry.test/base:1", python: ["3.12"] }], pythonVersions: ["3.11"] };
    const { results } = await run(builds, await registryOf([debian]));
    expect(results).toMatchObject([{ status: "passed" }]);
  });

  it("are not asked for where the registries have a finding about the image", async () => {
    const builds = { ...one, baseImages: [...one.baseImages, { image: "python:3.12-slim" }] };
    const { results, asked } = await run(builds, await registryOf([debian]), ["docker.io/library/python:3.12-slim"]);
    expect(results.map(({ status }) => status)).toEqual(["passed", "skipped"]);
    expect(asked.map(({ image }) => image)).toEqual(["registry.test/base"]);
  });

  it("ask for the architecture of buildkit's machine", async () => {
    expect((await run(one, await registryOf([debian]))).asked).toMatchObject([{ architecture: "riscv64" }]);
  });
});

describe("the finding of a base image", () => {
  async function findingOf(builds: object, registry: ImageReader) {
    const { results, ended } = await run(builds, registry);
    const [result] = results;
    if (!result?.finding) throw new Error(`no finding: ${JSON.stringify(results)}`);
    // Other checks use what is known all the same.
    const value = ended[0]?.value;
    const { what, why, fix, next } = describeFinding(result.finding, readerOf(anyone), "");
    return { status: result.status, code: result.finding.code, what, why, fix, next, value };
  }

  it("of a missing version quotes uv, and fixes the definition with the version that is there", async () => {
    const found = await findingOf({ ...one, pythonVersions: ["3.13"] }, await registryOf([debian]));
    expect(found).toMatchObject({
      status: "failed",
      code: "python-not-found",
      what: "builds on registry.test/base:1 for Python 3.13 fail: it has Python 3.12",
      why: "error: No interpreter found for Python 3.13 in managed installations or search path; hint: A managed Python download is available for Python 3.13, but Python downloads are set to 'never'",
      next: "kubectl run base-image-probe --rm -i --restart=Never --image=registry.test/base:1 --command -- sh -c 'for p in python3.13 python3 python; do command -v $p && $p --version; done'",
    });
    expect(found.fix).toContain(
      'Image.from_base("registry.test/base:1").clone(name="<name>", extendable=True, python_version=(3, 12))',
    );
    expect(found.fix).toContain("that of the user's computer");
    expect(found.value).toBeDefined();
  });

  it("of an image without Python says so", async () => {
    const found = await findingOf(one, await registryOf([large]));
    expect(found).toMatchObject({
      code: "python-not-found",
      what: "builds on registry.test/base:1 for Python 3.12 fail: no Python is where uv looks for one",
      fix: "Put Python 3.12 into a directory of the image's PATH, or have users build on an image that has it, and name that in builds.baseImages.",
    });
  });

  it("of a version in a virtual environment only names it", async () => {
    const venv = [
      link("opt/venv/bin/python", "/opt/py/bin/python3.12"),
      file("opt/venv/pyvenv.cfg", "home = /opt/py/bin"),
    ];
    const apart = [file("opt/py/bin/python3.12", "", 0o755), file("opt/py/lib/python3.12/os.py")];
    const found = await findingOf(one, await registryOf([[...apart, ...venv]]));
    expect(found).toMatchObject({ status: "warning", code: "python-only-in-venv" });
    expect(found.what).toContain("(/opt/venv/bin/python -> /opt/py/bin/python3.12)");
  });

  it("of a version that is not known names the bytes that were not read", async () => {
    const beyond = {
      mediaType: "application/vnd.oci.image.layer.v1.tar",
      size: 2_145_000_000,
      open: () => new Readable(),
    };
    const found = await findingOf(one, memoryRegistry([], [await packLayer(large, "gzip"), beyond]));
    expect(found).toMatchObject({
      status: "warning",
      code: "python-unknown",
      what: "whether builds find Python 3.12 in registry.test/base:1 is not known: 1 of its layers, 2145 MB, were not read",
      why: "at most 500 MB of layers are read",
    });
  });

  it("of a Python whose version its files do not show names it", async () => {
    const found = await findingOf(one, await registryOf([[file("usr/bin/python3.12", "", 0o755)]]));
    expect(found).toMatchObject({
      status: "warning",
      code: "python-unknown",
      what: "whether builds find Python 3.12 in registry.test/base:1 cannot be seen from its files",
      why: "the files do not show the version of /usr/bin/python3.12",
    });
  });

  it("of several versions is that of an error, and mentions the others", async () => {
    const shim = [file("usr/local/bin/python3.10", "", 0o755)];
    const found = await findingOf(
      { ...one, pythonVersions: ["3.10", "3.12", "3.13", "3.14"] },
      await registryOf([debian, shim]),
    );
    expect(found).toMatchObject({ status: "failed", code: "python-not-found" });
    expect(found.what).toContain("for Python 3.13 fail");
    expect(found.why).toMatch(/; also python-unknown for Python 3\.10; also python-not-found for Python 3\.14$/);
  });

  it("of a registry that does not give the image, or a layer, is the registry's, as a warning", async () => {
    const refusal = problem("registry-rejected", { endpoint: "https://registry.test", status: 403, image: "base" });
    const layers = await findingOf(one, memoryRegistry([], [await packLayer(debian, "gzip")], refusal));
    expect(layers).toMatchObject({ status: "warning", code: "registry-rejected" });
    expect(layers.value).toBeDefined();
    const registry = { ...(await registryOf([debian])), readImage: () => Promise.reject(refusal) };
    expect(await findingOf(one, registry)).toMatchObject({
      status: "warning",
      code: "registry-rejected",
      value: undefined,
    });
  });
});

it("reads the layers of one image after the other", async () => {
  const stored = await packLayer(debian, "gzip");
  let open = 0;
  let most = 0;
  const registry = memoryRegistry(
    [],
    [
      {
        mediaType: stored.mediaType,
        size: stored.bytes.length,
        open() {
          most = Math.max(most, ++open);
          return Readable.from([stored.bytes]).on("close", () => open--);
        },
      },
    ],
  );
  const images = ["a", "b", "c"].map((name) => ({ image: `registry.test/${name}` }));
  const { results } = await run({ ...one, baseImages: images }, registry);
  expect(results.map(({ status }) => status)).toEqual(["passed", "passed", "passed"]);
  expect(most).toBe(1);
});
