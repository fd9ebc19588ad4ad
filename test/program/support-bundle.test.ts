import { stat } from "node:fs/promises";
import { clone } from "@bufbuild/protobuf";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { checkReportSchema } from "../../src/report/check-report.ts";
import { type HealthyWorld, release } from "../../testing/healthy-world/healthy-world.ts";
import { unpackBundle } from "../../testing/program/unpack-bundle.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { openWorld } from "../faults/fault.ts";

/** In every secret of the tests below, however it is written there. */
const canary = "canary";
const oauth = { clientId: "registrar", clientSecret: `${canary}-client` };

/** Runs the check with a bundle and unpacks it. @returns the text of each file by its name */
async function bundleOf(world: HealthyWorld): Promise<Record<string, string>> {
  const file = world.path("support.tgz");
  const run = await world.run(["check", "--bundle", file]);
  expect(run.stderr).toContain(`The support bundle is ${file}`);
  expect(run.stdout).not.toContain(canary);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  return unpackBundle(file);
}

/** What somebody else has registered, with a secret in its environment. */
function storeForeign(world: HealthyWorld): void {
  const spec = clone(TaskSpecSchema, world.spec);
  const target = spec.taskTemplate?.target;
  const containers = target?.case === "k8sPod" ? target.value.podSpec?.["containers"] : undefined;
  const [container] = Array.isArray(containers) ? containers : [];
  if (typeof container !== "object" || container === null || Array.isArray(container)) throw new Error("no container");
  container["env"] = [{ name: "REGISTRY_TOKEN", value: `${canary}-foreign` }];
  world.plane.store({ version: "2026.3.5", spec });
}

describe("a support bundle", () => {
  it("says that all is well only if every check could run", async () => {
    await using world = await openWorld();
    const kubeconfig = world.environment["KUBECONFIG"] ?? "";
    world.environment["KUBECONFIG"] = "";
    world.environment["HOME"] = world.path("empty");
    const { "report.html": away = "", "check.json": json = "" } = await bundleOf(world);
    const { checks } = checkReportSchema.parse(JSON.parse(json));
    const notHere = checks.filter(({ skipped }) => skipped === "not-here");
    expect(notHere.length).toBeGreaterThan(5);
    expect(away).toContain(`<span>Nothing failed, but ${notHere.length} checks could not run here</span>`);
    const names = notHere.map(({ category, name }) => `${category}/${name}`).join(", ");
    expect(away).toContain(`Not possible here, each for the reason below: <code>${names}</code>`);
    world.environment["KUBECONFIG"] = kubeconfig;
    Object.assign(world.settings, { network: { cloud: "none" } });
    const { "report.html": here = "" } = await bundleOf(world);
    expect(here).toContain("<span>All prerequisites of remote image builds are met</span>");
    expect(here).not.toContain("Not possible here");
  });

  it("holds findings, settings, definition, registration and the last runs", async () => {
    await using world = await openWorld();
    world.cluster.configMaps["image-builder-registrar-status"] = { upgrade: "a run" };
    const files = await bundleOf(world);
    expect(Object.keys(files).sort()).toEqual([
      "check.json",
      "check.txt",
      "registered.json",
      "report.html",
      "settings.json",
      "status.json",
      "task.yaml",
      "versions.json",
    ]);
    expect(files["check.txt"]).toContain("0 problems");
    expect(JSON.parse(files["check.json"] ?? "")).toMatchObject({ command: "check", exitCode: 0 });
    expect(JSON.parse(files["settings.json"] ?? "")).toMatchObject({
      appVersion: release,
      task: { project: "system" },
    });
    expect(files["report.html"]).toContain("Nothing failed, but 2 checks could not run here");
    expect(files["report.html"]).toContain("The current registration is the wanted definition.");
    expect(files["task.yaml"]).toContain(`build-image:${release}`);
    expect(JSON.parse(files["registered.json"] ?? "")).toMatchObject({ taskId: { version: release } });
    expect(JSON.parse(files["versions.json"] ?? "")).toMatchObject([{ version: release }]);
    expect(JSON.parse(files["status.json"] ?? "")).toEqual({ upgrade: "a run" });
  });

  it("comes as text on standard error with -, which a log keeps and common tools decode", async () => {
    await using world = await openWorld();
    const run = await world.run(["check", "--bundle", "-", "--output", "json"]);
    expect(JSON.parse(run.stdout)).toMatchObject({ command: "check" });
    // A pod's log has the lines of standard output anywhere between those of standard error.
    const log = run.stderr.replaceAll("\n", "\nok  a line of the report\n");
    const command = "sed -n 's/^support.tgz //p' | base64 -d | tar -tz";
    const { stdout } = await execa("sh", ["-c", command], { input: log });
    expect(stdout.split("\n")).toContain("registrar-support/check.json");
  });

  it("holds no secret: of credentials, proxy, pod template, ConfigMap or what is registered", async () => {
    await using world = await openWorld({ plane: { oauth }, buildConfig: { "storage.yaml": `secret: ${canary}` } });
    await using proxy = await startProxy({ username: "user", password: `${canary}%proxy` });
    await world.write("client_secret", oauth.clientSecret);
    // As people write it: without a scheme, and with a % that is not escaped.
    world.settings.controlPlane["proxy"] = proxy.url.replace("http://", `user:${canary}%proxy@`);
    world.environment["FLYTE_TOKEN"] = `${canary}-of-the-environment`;
    world.settings.task["podTemplate"] = { env: [{ name: "DB_PASSWORD", value: `${canary} "é"\nand more` }] };
    storeForeign(world);
    const files = await bundleOf(world);
    expect(files["registered.json"]).toContain("REGISTRY_TOKEN");
    expect(files["task.yaml"]).toContain("DB_PASSWORD");
    expect(files["report.html"]).toContain("DB_PASSWORD");
    expect(files["report.html"]).toContain("REGISTRY_TOKEN");
    expect(JSON.parse(files["settings.json"] ?? "")).toMatchObject({ controlPlane: { proxy: proxy.url } });
    const others = [
      ["check", "--output", "json"],
      ["verify"],
      ["verify", "--output", "json"],
      ["register", "--dry-run"],
    ];
    for (const args of others) files[args.join(" ")] = (await world.run(args)).stdout;
    expect(files["verify"]).toContain("REGISTRY_TOKEN");
    for (const [name, text] of Object.entries(files)) {
      expect(text, name).not.toContain(canary);
      expect(text, name).not.toContain("and more");
    }
  });

  it("is made where nothing works, and says why each thing is not in it", async () => {
    await using world = await openWorld();
    world.environment["KUBECONFIG"] = "/nonexistent";
    world.settings.controlPlane["proxy"] = `http://user:${canary}@127.0.0.1:9`;
    world.settings.controlPlane["caFile"] = "/nonexistent/ca.crt";
    const files = await bundleOf(world);
    expect(files["check.txt"]).toContain("ERROR file-unreadable");
    expect(files["registered.json"]).toContain("see check.txt");
    expect(files["report.html"]).toContain("Remote image builds cannot work yet");
    expect(JSON.parse(files["status.json"] ?? "")).toEqual({ unavailable: expect.stringContaining("/nonexistent") });
    for (const [name, text] of Object.entries(files)) expect(text, name).not.toContain(canary);
  });

  it("that cannot be written is bundle-unwritable, and the findings are told all the same", async () => {
    await using world = await openWorld();
    const { exitCode, stdout, stderr } = await world.run(["check", "--bundle", "/nonexistent/support.tgz"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("0 problems");
    expect(stderr).toContain("ERROR bundle-unwritable");
    expect(stderr).toContain("ls -ld /nonexistent/");
  });
});
