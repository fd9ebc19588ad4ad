import { describe, expect, it, test } from "vitest";
import { settingsSchema } from "../../src/settings/schema.ts";
import { type BuildPlan, layersOf, planBuild } from "../../src/smoke-build/build-plan.ts";

const images = { buildImage: "registry.example.com/build-image:1", frontend: "registry.example.com/frontend-v2:1" };
const plan = (settings: object, random = () => 0): BuildPlan =>
  planBuild(settingsSchema.parse(settings), images, random);

describe("a plan", () => {
  test("without settings is of what a plain data plane has", () => {
    expect(plan({})).toEqual({
      places: [{ project: "system", domain: "production" }],
      baseImage: "python:3.12-slim",
      pythonVersion: "3.12",
      packages: ["peppercorn"],
      packageIndex: undefined,
      target: "registrar-smoke:smoke",
      timeoutMilliseconds: 600_000,
      images,
      configMap: "build-image-config",
    });
  });

  test.each<[string, object, Partial<BuildPlan>]>([
    ["the task's own place", { task: { project: "p", domain: "d" } }, { places: [{ project: "p", domain: "d" }] }],
    [
      "several places",
      { build: { projects: ["a/development", "b/staging"] } },
      {
        places: [
          { project: "a", domain: "development" },
          { project: "b", domain: "staging" },
        ],
      },
    ],
    ["a base image", { build: { baseImage: "r.example.com/b:1" } }, { baseImage: "r.example.com/b:1" }],
    [
      "the base image of users, with its Python",
      { builds: { baseImages: [{ image: "r.example.com/b:1", python: ["3.11"] }] } },
      { baseImage: "r.example.com/b:1", pythonVersion: "3.11" },
    ],
    [
      "the default image of users' SDK",
      { builds: { sdkVersion: "2.12.1", pythonVersions: ["3.13"] } },
      { baseImage: "ghcr.io/flyteorg/flyte:py3.13-v2.12.1", pythonVersion: "3.13" },
    ],
    ["a Python", { build: { pythonVersion: "3.13" } }, { pythonVersion: "3.13", baseImage: "python:3.13-slim" }],
    ["an environment alone", { build: { packages: [] } }, { packages: [] }],
    [
      "the index of users",
      { builds: { packageIndex: "https://i.example.com/simple" } },
      { packageIndex: "https://i.example.com/simple" },
    ],
    ["a tag for each cluster", { release: { cluster: "prod-us" } }, { target: "registrar-smoke:prod-us" }],
    [
      "a tag of a cluster with other characters",
      { release: { cluster: "-a b/c" } },
      { target: "registrar-smoke:a-b-c" },
    ],
    [
      "a registry",
      { build: { registry: "r.example.com/team" }, release: { cluster: "c" } },
      { target: "r.example.com/team/registrar-smoke:c" },
    ],
  ])("has %s", (_, settings, expected) => {
    expect(plan(settings)).toMatchObject(expected);
  });

  it("has a new tag for each build where tags are unique", () => {
    const unique = { build: { tag: "unique" }, release: { cluster: "prod-us" } };
    const targets = [0, 0.3, 0.999].map((chance) => plan(unique, () => chance).target);
    expect(new Set(targets).size).toBe(3);
    for (const target of targets) expect(target).toMatch(/^registrar-smoke:[0-9a-z]{16}$/);
  });
});

test("layers are named in the order in which they are built", () => {
  expect(layersOf({ packages: ["six", "attrs"] })).toEqual(["an environment variable", "pip packages six attrs"]);
  expect(layersOf({ packages: [] })).toEqual(["an environment variable"]);
});

test.each([
  [{ projects: ["flytesnacks"] }, "is not <project>/<domain>"],
  [{ packages: ["--index-url=https://evil.example.com"] }, "is not a Python package"],
  [{ packages: ["six; rm -rf /"] }, "is not a Python package"],
  [{ pythonVersion: "3" }, "is not a Python version"],
  [{ timeout: "0s" }, "is not between"],
])("the settings %j are refused", (build, message) => {
  expect(settingsSchema.safeParse({ build }).error?.issues[0]?.message).toContain(message);
});
