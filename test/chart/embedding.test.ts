import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dataplaneRepository } from "./dataplane-repository.ts";
import { chart, dataplane, type HelmMajor, helm, helmProgram, helms, rendered, type Values } from "./helm.ts";

const folder = join(import.meta.dirname, "../../docs/embedding");
const page = readFileSync(join(folder, "README.md"), "utf8");
const commands = [...(page.split("<!-- apply -->")[1]?.split("```")[1] ?? "").matchAll(/^\$ (.*)$/gm)].map(
  ([, command = ""]) => command,
);
const updating = commands.indexOf("helm dependency update charts/dataplane");

/** Runs commands of the page as a person does who has this Helm. */
async function run(major: HelmMajor, root: string, lines: readonly string[]) {
  const script = ["set -euo pipefail", 'helm() { "$HELM" "$@"; }', ...lines].join("\n");
  await execa("bash", ["-c", script], { cwd: root, env: { HELM: helmProgram(major) } });
}

/** Renders as the snapshot tests of that repository do (tests/run.sh). */
const snapshot = (major: HelmMajor, root: string, flags: readonly string[]) =>
  helm(major, [
    "template",
    join(root, "charts/dataplane"),
    "--namespace",
    "union",
    "--kube-version",
    "1.32.0",
    ...flags,
  ]);

const secret = ["--set", "secrets.admin.clientSecret=secret"];

type Objects = Awaited<ReturnType<typeof rendered>>;

describe.each(helms)("docs/embedding, under Helm %i", (major) => {
  let seen: Record<"before" | "listed" | "disabled" | "enabled", Awaited<ReturnType<typeof snapshot>>>;
  let objects: Record<"patched" | "embedded", Objects>;
  let lints: string[];
  let vendored: string[];
  let releaseNotes: string;
  let notes: string;

  beforeAll(async () => {
    await using repository = await dataplaneRepository();
    const { root } = repository;
    const fixture = join(root, "tests/values/dataplane.image-builder-registrar.yaml");
    const enabled = ["--values", fixture];
    const lint = async (flags: readonly string[]) => {
      const { exitCode, stdout } = await helm(major, [
        "lint",
        repository.dataplane,
        "--kube-version",
        "1.32.0",
        ...flags,
      ]);
      return `${exitCode} ${/\[(WARNING|ERROR)\].*/.exec(stdout)?.[0] ?? "clean"}`;
    };

    await run(major, root, ["helm dependency update charts/dataplane"]);
    const before = await snapshot(major, root, secret);
    await run(major, root, commands.slice(0, updating));
    const listed = await snapshot(major, root, secret);
    await run(major, root, commands.slice(updating));
    seen = {
      before,
      listed,
      disabled: await snapshot(major, root, secret),
      enabled: await snapshot(major, root, enabled),
    };
    lints = [await lint(secret), await lint(enabled)];
    vendored = (await readdir(join(repository.dataplane, "charts"))).sort();
    releaseNotes = await readFile(join(repository.dataplane, "RELEASE.md"), "utf8");
    const values: Values = parse(await readFile(fixture, "utf8"));
    objects = {
      patched: byName(await rendered(major, repository.dataplane, values)),
      embedded: byName(await rendered(major, dataplane, values)),
    };
    const flags = ["--dry-run=client", "--namespace", "union", ...enabled];
    // Only Helm 4 does this without a cluster.
    notes = (await helm(4, ["install", "dp", repository.dataplane, ...flags])).stdout;
  });

  it("vendors this version of the chart next to their dependencies", () => {
    const { version } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
    expect(vendored).toEqual([`image-builder-registrar-${version}.tgz`, "opencost-1.42.0.tgz"]);
  });

  it("leaves what the chart renders as it was, byte for byte, until it is enabled", () => {
    expect(seen.before.stdout).toContain("kind: Deployment");
    expect(seen.disabled.stdout).toBe(seen.before.stdout);
  });

  it("says truly that Helm fails if the dependency is listed but not vendored", () => {
    expect(seen.listed.stderr.replaceAll('"', "")).toContain(
      "found in Chart.yaml, but missing in charts/ directory: image-",
    );
  });

  it("renders for the snapshot test what the embedded chart renders", () => {
    expect(seen.enabled.stdout).toContain("registry.example.com/union/image-builder-registrar:");
    expect(objects.patched).toEqual(objects.embedded);
  });

  it("passes lint, disabled and enabled", () => {
    expect(lints).toEqual(["0 clean", "0 clean"]);
  });

  it("adds a section at the top of RELEASE.md, and notes", () => {
    expect(releaseNotes.match(/^##? .*/gm)?.slice(1)).toEqual(["## Unreleased", "## 2026.8.3"]);
    expect(notes).toContain("To see whether build-image was registered for 2026.8.3:");
  });
});

/** Objects in an order that does not depend on the chart's file names. */
function byName(objects: Objects): Objects {
  const key = ({ kind, metadata }: Objects[number]) => `${kind} ${metadata.name}`;
  return objects.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
