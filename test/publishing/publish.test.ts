import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const publish = join(root, "tools/publishing/publish.ts");
const digest = `sha256:${"a1".repeat(32)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "publish-test-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program on PATH that notes its arguments and then does what it is told. */
function program(name: string, script: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>"${join(folder, "run")}"\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A docker whose builder has a driver; what it bakes is for one platform and does what `bake` says. */
function docker(driver: string, bake = ""): void {
  program(
    "docker",
    `case "$*" in
  "buildx inspect") echo "Name:   here"; echo "Driver: ${driver}" ;;
  "buildx bake --print "*) echo '{"target":{"default-image":{"platforms":["linux/riscv64"]}}}' ;;
  *) ${bake} echo '{"default-image":{"containerimage.digest":"${digest}"}}' >"$5" ;;
esac`,
  );
}

/** A helm that packages, keeps what Chart.yaml says, and pushes as `push` says. */
function helm(push = ""): void {
  program(
    "helm",
    `case $1 in version) echo v4.3.1 ;; package) cp "$2/Chart.yaml" "${folder}" ;; push) ${push} ;; esac`,
  );
}

/** The environment of a machine with these programs and no others but the system's. */
const environment = () => ({
  PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
  HOME: folder,
  XDG_CACHE_HOME: join(folder, "cache"),
});

const run = () => readFileSync(join(folder, "run"), "utf8").split("\n").slice(0, -1);

async function published(
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | undefined; stderr: string; stdout: string }> {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [publish], {
    env: { ...environment(), ...env },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stderr, stdout };
}

test.each([
  [{}, "set REGISTRY, such as registry.example.com/union"],
  [{ REGISTRY: "" }, "REGISTRY must be host and path, such as registry.example.com/union"],
  [{ REGISTRY: "https://registry.example.com" }, "REGISTRY must be host and path, such as registry.example.com/union"],
  [{ REGISTRY: "a.example.com/b", PLAIN_HTTP: "yes" }, "PLAIN_HTTP must be 1 or absent"],
  [{ REGISTRY: "a.example.com/b", TARGETS: "default-flyte" }, "TARGETS must be default, or default flyte"],
  [{ REGISTRY: "a.example.com/b", TARGETS: "flyte" }, "TARGETS must contain default: the chart needs it"],
])("with %j, make publish builds nothing and says: %s", async (env, said) => {
  docker("docker-container");
  const { exitCode, stderr } = await published(env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: `make publish: ${said}` });
  expect(run).toThrow("ENOENT");
});

test("the chart says which platforms the image was built for, and its installation is printed", async () => {
  docker("docker-container");
  helm();
  const { exitCode, stdout } = await published({ REGISTRY: "a.example.com/b", PLAIN_HTTP: "1" });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ {2}helm install registrar oci:\/\/a\.example\.com\/b\/charts\/.* --plain-http \\$/m);
  expect(readFileSync(join(folder, "Chart.yaml"), "utf8")).toMatch(/"platforms":\s*\["linux\/riscv64"\]/);
  expect(run().map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "docker buildx inspect",
    "helm version --short",
    "docker buildx bake",
    "docker buildx bake",
    expect.stringMatching(/^helm lint /),
    expect.stringMatching(/^helm package /),
    expect.stringMatching(/^helm push /),
  ]);
});

test("docker buildx is told that the registry has no TLS", () => {
  const bake = readFileSync(join(root, "docker-bake.hcl"), "utf8");
  expect(bake).toContain('output = ["type=registry,rewrite-timestamp=true,oci-mediatypes=true${PLAIN_HTTP == ""');
  expect(bake).toContain(' ? "" : ",registry.insecure=true"}"]');
});

test("docker's own builder is refused before it has built for minutes", async () => {
  docker("docker");
  const { exitCode, stderr } = await published({ REGISTRY: "a.example.com/b" });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      "make publish: this builder has the driver docker, which makes neither attestations nor several architectures\n" +
      "fix: docker buildx create --use",
  });
  expect(run()).toEqual(["docker buildx inspect"]);
});

test.each([
  [
    "ERROR: failed to push a.example.com/b: 401 Unauthorized",
    "log in (docker login a.example.com) as somebody who may push there",
  ],
  ["ERROR: http: server gave HTTP response to HTTPS client", "set PLAIN_HTTP=1 if this registry is to have no TLS"],
  [
    "ERROR: process did not complete: exec format error",
    "install QEMU for the other architecture, or set PLATFORMS to that of this machine, such as linux/amd64",
  ],
  [
    "ERROR: failed to resolve source metadata for docker.io/docker/buildkit-syft-scanner:stable-1: no such host",
    "name mirrors of Docker Hub's images by BASE and SBOM_SCANNER (docs/install.md)",
  ],
  ["ERROR: no space left on device", "correct that, and run it again"],
])("a build that ends with %j is reported with its fix", async (said, fix) => {
  docker("docker-container", `echo "#1 building" >&2; echo "${said}" >&2; echo "View build details" >&2; exit 1;`);
  helm();
  const { exitCode, stderr } = await published({ REGISTRY: "a.example.com/b" });
  expect(exitCode).toBe(1);
  expect(stderr.split("\n").slice(-2)).toEqual([`make publish: docker buildx bake failed: ${said}`, `fix: ${fix}`]);
});

test("a chart that is refused is reported, and not as a stack trace", async () => {
  docker("docker-container");
  helm('echo "Error: push access denied" >&2; exit 1');
  const { exitCode, stderr } = await published({ REGISTRY: "a.example.com/b" });
  expect(exitCode).toBe(1);
  expect(stderr.split("\n").slice(-2)).toEqual([
    "make publish: helm push failed: Error: push access denied",
    "fix: log in (docker login a.example.com) as somebody who may push there",
  ]);
});

/** A machine without docker, with the tools that build and push. */
function buildah(): void {
  program("docker", "exit 1");
  program("dpkg-query", "echo installed");
  program("mmdebstrap", "");
  // push --quiet NAME docker-archive:PATH:NAME
  program("buildah", '[ "$1" != push ] || echo image >"$(echo "$4" | cut -d: -f2)"');
}

test("without docker, the image is built for this machine and gets the address of the repository too", async () => {
  buildah();
  helm();
  program("skopeo", `[ "$1" != copy ] || echo ${digest} >"$4"`);
  const { exitCode } = await published({
    REGISTRY: "a.example.com/b",
    SOURCE: "https://git.example.com/registrar",
    REVISION: "abc",
  });
  expect(exitCode).toBe(0);
  const builds = run().filter((line) => line.startsWith("buildah build "));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const address = `--build-arg DOCS_URL=https://git.example.com/registrar/blob/v${version}/docs/errors.md`;
  expect(builds.filter((line) => !line.includes(address))).toEqual([]);
  expect(builds.at(-1)).toContain("--label org.opencontainers.image.source=https://git.example.com/registrar ");
  expect(builds.at(-1)).toContain("--label org.opencontainers.image.revision=abc");
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  expect(readFileSync(join(folder, "Chart.yaml"), "utf8")).toMatch(new RegExp(`"platforms":\\s*\\["linux/${arch}"\\]`));
});

test("without docker, a login is of skopeo and of helm", async () => {
  buildah();
  helm();
  program(
    "skopeo",
    '[ "$1" != copy ] || { echo "level=fatal msg=\\"unauthorized: authentication required\\"" >&2; exit 1; }',
  );
  const { stderr } = await published({ REGISTRY: "a.example.com/b" });
  expect(stderr.split("\n").at(-1)).toBe(
    "fix: log in (skopeo login a.example.com && helm registry login a.example.com) as somebody who may push there",
  );
});

test("an image is cached by the address in it, and building one installs what builds it, not the cluster's packages", async () => {
  buildah();
  const archiveWith = async (env: NodeJS.ProcessEnv) =>
    await execa(join(root, "tools", "image.sh"), {
      env: { ...environment(), ...env },
      extendEnv: false,
    });
  const archives = [
    (await archiveWith({})).stdout,
    (await archiveWith({ SOURCE: "https://git.example.com/a" })).stdout,
    (await archiveWith({ SOURCE: "https://git.example.com/b" })).stdout,
    (await archiveWith({ SOURCE: "https://git.example.com/b", REVISION: "abc" })).stdout,
  ];
  expect(new Set(archives).size).toBe(4);
  const asked = run().flatMap((line) => (line.startsWith("dpkg-query ") ? [line.split(" ").at(-1)] : []));
  expect(new Set(asked)).toEqual(new Set(["buildah", "skopeo", "mmdebstrap"]));
});
