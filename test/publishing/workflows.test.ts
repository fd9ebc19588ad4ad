import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../..");
const files = globSync(".github/workflows/*.yaml", { cwd: root }).sort();
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly concurrency: object;
  readonly defaults: object;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly permissions?: object;
  readonly "timeout-minutes"?: number;
  readonly "runs-on"?: string;
  readonly strategy?: { readonly matrix: object };
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

/** An expression of a workflow. */
const expression = (text: string) => `\${{ ${text} }}`;
const release = ".github/workflows/release.yaml";
const stepsOf = (file: string): Step[] => {
  const { jobs }: Workflow = parse(textOf(file));
  return Object.values(jobs).flatMap(({ steps = [] }) => steps);
};

test("actionlint finds no fault in the workflows", async () => {
  const { stdout: actionlint } = await execa(join(root, "tools/actionlint.sh"));
  const { stdout } = await execa(actionlint, files, { cwd: root, reject: false });
  expect(stdout).toBe("");
});

test("there are workflows for tests, dependencies and versions", () => {
  expect(files.map((file) => file.slice(".github/workflows/".length))).toEqual([
    "dependencies.yaml",
    "release.yaml",
    "test.yaml",
  ]);
});

test.each(files)("%s uses others' actions by the digest of a commit, and says its version", (file) => {
  const uses = [...textOf(file).matchAll(/\buses: (?!\.\/)(.*)$/gm)].map(([, action]) => action);
  expect(uses.filter((action) => !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ""))).toEqual(
    [],
  );
});

test.each(files)("%s gives a job only the rights that it names, and no endless time", (file) => {
  const { permissions, concurrency, jobs }: Workflow = parse(textOf(file));
  expect(permissions).toEqual({});
  expect(concurrency).toBeDefined();
  for (const [name, job] of Object.entries(jobs)) {
    if (file !== release) expect(job.permissions, name).toEqual({ contents: "read" });
    if (job.uses === undefined) expect(job["timeout-minutes"], name).toBeGreaterThan(0);
  }
});

test.each(files)("%s does not go on after a command whose output goes into another", (file) => {
  expect(parse(textOf(file)).defaults).toEqual({ run: { shell: "bash" } });
});

test.each([release, ".github/workflows/dependencies.yaml"])(
  "%s builds both images, each architecture on a machine of its own kind",
  (file) => {
    const { jobs }: Workflow = parse(textOf(file));
    const builds = Object.values(jobs).filter(({ steps = [] }) =>
      steps.some(({ uses }) => uses?.startsWith("docker/bake-action@")),
    );
    expect(builds).toHaveLength(1);
    expect(builds[0]).toMatchObject({
      strategy: { matrix: { target: ["default", "flyte"], arch: ["amd64", "arm64"] } },
      "runs-on": expression("matrix.arch == 'arm64' && 'ubuntu-24.04-arm' || 'ubuntu-24.04'"),
    });
    const buildx = stepsOf(file).filter(({ uses }) => uses?.startsWith("docker/setup-buildx-action@"));
    expect(buildx.map((step) => step.with?.["version"])).toEqual(buildx.map(() => "v0.38.2"));
    expect(stepsOf(file).some(({ uses }) => uses?.startsWith("docker/setup-qemu-action@"))).toBe(false);
  },
);

test.each(files)("%s lets no expression into a script, and no credentials of git stay", (file) => {
  for (const { run, uses, with: inputs } of stepsOf(file)) {
    expect(run ?? "").not.toContain("${{");
    if (uses?.startsWith("actions/checkout@")) expect(inputs).toMatchObject({ "persist-credentials": false });
  }
});

test("only publishing may write, each job what it publishes, and only for a tag of a version", () => {
  const { on, jobs }: Workflow = parse(textOf(release));
  expect(on).toEqual({ push: { tags: ["v[0-9]+.[0-9]+.[0-9]+*"] } });
  expect(Object.fromEntries(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions]))).toEqual({
    test: { contents: "read" },
    version: { contents: "read" },
    build: { contents: "read", packages: "write" },
    images: { packages: "write", "id-token": "write" },
    files: { contents: "read", packages: "read" },
    publish: { contents: "write", packages: "write", "id-token": "write" },
  });
});

test("images are scanned and signed before they have a tag", () => {
  const steps = stepsOf(release);
  const at = (isIt: (step: Step) => boolean | undefined) => steps.findIndex((step) => isIt(step));
  const build = at(({ uses }) => uses?.startsWith("docker/bake-action@"));
  // Without it, the action puts less into that of a private repository.
  expect(steps[build]?.with?.["provenance"]).toBe("mode=max");
  expect(steps[build]?.with?.["set"]).toContain("push-by-digest=true");
  expect(steps[build]?.with?.["set"]).toContain(`*.tags=${expression("needs.version.outputs.image")}\n`);
  const scan = at(({ uses }) => uses?.startsWith("anchore/scan-action@"));
  const join = at(({ name }) => name === "Join the architectures");
  expect(steps[join]?.run).not.toContain("$VERSION");
  const sign = at(({ name }) => name === "Sign, then tag");
  expect(steps[sign]?.run).toMatch(
    /^cosign sign .*\n.*--tag "\$IMAGE:\$VERSION" .*\n.*--tag "\$IMAGE:\$VERSION-flyte" /,
  );
  expect([build, scan, join, sign]).toEqual([build, scan, join, sign].toSorted((a, b) => a - b));
});

test("a version that is published is not replaced, and the registry's owner can be another one", () => {
  const { jobs }: Workflow = parse(textOf(release));
  expect(jobs["version"]?.steps?.[1]?.run).toMatch(
    /^if gh release view "\$GITHUB_REF_NAME" [^\n]*\n[^\n]*\n +exit 1\n/,
  );
  const logins = stepsOf(release).filter(({ uses }) => uses?.startsWith("docker/login-action@"));
  expect(logins.map((step) => step.with?.["password"])).toEqual(
    logins.map(() => expression("secrets.REGISTRY_TOKEN || github.token")),
  );
});

test("Dependabot reads every module of Go, and the base of the images by its digest", () => {
  const { updates }: { updates: { "package-ecosystem": string; directories?: string[] }[] } = parse(
    textOf(".github/dependabot.yml"),
  );
  const modules = globSync("tools/*/go.mod", { cwd: root }).map((file) => `/${dirname(file)}`);
  expect(updates.find((update) => update["package-ecosystem"] === "gomod")?.directories).toEqual(modules.sort());
  const bases = [...textOf("Dockerfile").matchAll(/^FROM (\S+[:@/]\S+)/gm)].map(([, image]) => image);
  expect(bases).toEqual([expect.stringMatching(/^docker\.io\/library\/debian:trixie-slim@sha256:[0-9a-f]{64}$/)]);
});

test("docs/gitops.md has Flux verify what release.yaml signs on a tag, and nothing else", () => {
  const snippet = /```yaml\n(spec:\n {2}url: oci:[\s\S]*?)```/.exec(textOf("docs/gitops.md"))?.[1] ?? "";
  const { verify }: { verify: { provider: string; matchOIDCIdentity: { issuer: string; subject: string }[] } } = parse(
    snippet.replaceAll("<owner>", "acme").replaceAll("<repository>", "registrar"),
  ).spec;
  const [{ issuer, subject } = { issuer: "", subject: "" }, ...others] = verify.matchOIDCIdentity;
  expect([verify.provider, others]).toEqual(["cosign", []]);
  expect("https://token.actions.githubusercontent.com").toMatch(new RegExp(issuer));
  const identity = "https://github.com/acme/registrar/.github/workflows/release.yaml@refs/tags/v0.1.0";
  expect(identity).toMatch(new RegExp(subject));
  for (const other of [identity.replace("acme", "evil"), identity.replace("tags/v", "heads/main"), `x${identity}`]) {
    expect(other).not.toMatch(new RegExp(subject));
  }
});
