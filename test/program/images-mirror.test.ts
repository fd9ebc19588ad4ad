import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { blobFile } from "../../src/images/mirror/layout-blobs.ts";
import { nameInLayout } from "../../src/images/mirror/layout-index.ts";
import { mirrorReportSchema } from "../../src/report/mirror-report.ts";
import { isRunning } from "../../testing/program/is-running.ts";
import { runProgram, startProgram } from "../../testing/program/run-program.ts";
import { imageContent, sha256Of } from "../../testing/registry/image-content.ts";
import { fillFolder } from "../../testing/registry/layout-folder.ts";
import { startRegistry } from "../../testing/registry/registry.ts";

const root = mkdtempSync(join(tmpdir(), "mirror-program-"));
afterAll(() => rmSync(root, { recursive: true }));

const image = imageContent();
const layout = join(root, "layout");
fillFolder(layout, image, "oci");
const descriptor = { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length };
nameInLayout(layout, { reference: "ghcr.io/a/b:1", mirrorPath: "a/b", descriptor });

/** A folder with one program, which a shell runs. */
function folderWith(name: string, script: string): string {
  const folder = mkdtempSync(join(root, "bin-"));
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return folder;
}

function flagsFor({ host }: { host: string }): string[] {
  return [
    "images",
    "mirror",
    "--from",
    `oci:${layout}`,
    "--to",
    `${host}/m`,
    "--registry-insecure-hosts",
    `['${host}']`,
  ];
}

describe("images mirror", () => {
  it("names the script as the way out where no tool is there", async () => {
    await using registry = await startRegistry();
    const run = await runProgram(flagsFor(registry), { env: { PATH: "/nonexistent" } });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("ERROR mirror-tool-missing");
    expect(run.stderr).toContain("registrar images");
    expect(run.stderr).toContain("--format script");
  });

  it("says what it would do without a tool", async () => {
    await using registry = await startRegistry();
    const run = await runProgram([...flagsFor(registry), "--dry-run", "--output", "json"], {
      env: { PATH: "/nonexistent" },
    });
    const report = mirrorReportSchema.parse(JSON.parse(run.stdout));
    expect(report.images).toMatchObject([{ source: "ghcr.io/a/b:1", state: "planned", digest: image.digest }]);
    expect(report.summary).toBe(`0 of 1 images are in ${registry.host}/m: 0 copied, 0 there before; 1 to copy`);
    expect(run.exitCode).toBe(0);
  });

  it("ends with 1 and the words of the tool, without what is secret", async () => {
    await using registry = await startRegistry();
    const tool = 'case $1 in version) exit 0 ;; esac; echo "Error: denied: hunter22-canary is no password" >&2; exit 1';
    const proxy = "http://me:hunter22-canary@127.0.0.1:9";
    const flags = [
      ...flagsFor(registry),
      "--control-plane-proxy",
      proxy,
      "--control-plane-no-proxy",
      "localhost,127.0.0.1",
    ];
    const run = await runProgram(flags, { env: { PATH: folderWith("crane", tool) } });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain("ERROR mirror-copy-failed");
    expect(run.stdout).toContain("crane ended with 1: Error: denied: [redacted] is no password");
    expect(run.stdout + run.stderr).not.toContain("canary");
    expect(run.stdout).toContain("0 of 1 images are in");
  });

  it("does not believe a tool that copies nothing", async () => {
    await using registry = await startRegistry();
    const run = await runProgram(flagsFor(registry), { env: { PATH: folderWith("skopeo", "exit 0") } });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/ERROR image-(repository|tag)-missing/);
  });

  it("says which image of a folder is not whole, and copies the others", async () => {
    await using registry = await startRegistry();
    registry.push("m/a/b", "1", image);
    const folder = join(root, "broken");
    const broken = imageContent({ layers: [Buffer.from("of a broken image")] });
    for (const [name, content] of [
      ["b", image],
      ["broken", broken],
    ] as const) {
      fillFolder(folder, content, "oci");
      const found = { mediaType: content.mediaType, digest: content.digest, size: content.bytes.length };
      nameInLayout(folder, { reference: `ghcr.io/a/${name}:1`, mirrorPath: `a/${name}`, descriptor: found });
    }
    writeFileSync(blobFile(folder, sha256Of(Buffer.from("of a broken image"))), "cut");
    const flags = ["images", "mirror", "--from", `oci:${folder}`, "--to", `${registry.host}/m`];
    const insecure = ["--registry-insecure-hosts", `['${registry.host}']`];
    const run = await runProgram([...flags, ...insecure], { env: { PATH: folderWith("oras", "exit 0") } });
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain(`= is there ghcr.io/a/b:1 → ${registry.host}/m/a/b:1`);
    expect(run.stdout).toContain("ERROR mirror-layout-broken");
    expect(run.stdout).toContain("1 of 2 images are in");
  });

  it("refuses a folder without images", async () => {
    const run = await runProgram(["images", "mirror", "--from", `oci:${root}/none`, "--to", "mirror.test/m"]);
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("ERROR mirror-layout-unusable") });
  });

  it("ends within 5 s at SIGTERM, with the tool and without a file left behind", async () => {
    await using registry = await startRegistry();
    const temporary = mkdtempSync(join(root, "tmp-"));
    const pidFile = join(root, "pid");
    const tool = `case $1 in version) exit 0 ;; esac; trap '' TERM; echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; while :; do sleep 1; done`;
    const env = { PATH: `${folderWith("crane", tool)}:/usr/bin:/bin`, TMPDIR: temporary };
    const run = startProgram([...flagsFor(registry), "--tool", "crane"], { env });
    await once(run.stdout, "data");
    while (!existsSync(pidFile)) await new Promise((resolve) => setImmediate(resolve));
    const pid = Number(readFileSync(pidFile, "utf8"));
    const began = Date.now();
    run.kill("SIGTERM");
    const { exitCode, stderr } = await run;
    expect(Date.now() - began).toBeLessThan(5_000);
    expect([exitCode, stderr]).toEqual([143, expect.stringContaining("images mirror was ended by SIGTERM")]);
    expect(isRunning(pid)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("the script of images", () => {
  const flags = ["images", "--app-version", "2026.8.3", "--to", "mirror.test/m", "--format", "script"];

  it.each([
    [
      "skopeo",
      /^copy --all --preserve-digests docker:\/\/public.ecr.aws\/\S+\/build-image:2026.8.3 docker:\/\/mirror.test\/m\/build-image:2026.8.3$/m,
    ],
    ["crane", /^copy public.ecr.aws\/\S+\/build-image:2026.8.3 mirror.test\/m\/build-image:2026.8.3$/m],
    ["regctl", /^image copy public.ecr.aws\/\S+\/build-image:2026.8.3 mirror.test\/m\/build-image:2026.8.3$/m],
    ["oras", /^copy public.ecr.aws\/\S+\/build-image:2026.8.3 mirror.test\/m\/build-image:2026.8.3$/m],
  ])("runs with %s alone", async (tool, line) => {
    const { stdout: script } = await runProgram(flags);
    const PATH = folderWith(tool, 'echo "$@"');
    const out = execFileSync("/bin/sh", ["-s"], { input: script, env: { PATH }, encoding: "utf8" });
    expect(out).toMatch(line);
    expect(out.trim().split("\n")).toHaveLength(4);
  });

  it("copies the others although one fails, and ends with 1", async () => {
    const { stdout: script } = await runProgram(flags);
    const PATH = folderWith("crane", 'echo "$2"; case $2 in *frontend*) exit 3 ;; esac');
    const attempt = () => execFileSync("/bin/sh", ["-s"], { input: script, env: { PATH }, encoding: "utf8" });
    expect(attempt).toThrow(
      expect.objectContaining({ status: 1, stdout: expect.stringMatching(/frontend-v2.*busybox/s) }),
    );
  });

  it("ends with 69 without a tool", async () => {
    const { stdout: script } = await runProgram(flags);
    const attempt = () =>
      execFileSync("/bin/sh", ["-s"], {
        input: script,
        env: { PATH: "/nonexistent" },
        stdio: ["pipe", "pipe", "pipe"],
      });
    expect(attempt).toThrow(expect.objectContaining({ status: 69 }));
  });
});
