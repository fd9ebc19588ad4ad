import { describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import type { CheckReport } from "../../src/report/check-report.ts";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { startProgram } from "../../testing/program/run-program.ts";
import { startProxy } from "../../testing/proxy/connect-proxy.ts";
import { openWorld } from "../faults/fault.ts";

const oauth = { clientId: "registrar", clientSecret: "the-secret" };

const findingsOf = ({ checks }: CheckReport) => checks.flatMap(({ finding }) => finding?.code ?? []);

describe("registrar check", () => {
  it("ends with the exit code of the root, and with 4 for warnings that are asked to count", async () => {
    await using world = await openWorld({ cluster: { forbidden: ["GET serviceaccounts"] } });
    expect((await world.check()).exitCode).toBe(0);
    expect((await world.check(["--fail-on", "warning"])).exitCode).toBe(4);
    expect((await world.check(["--fail-on", "warning", "--skip", "cluster-unreadable"])).exitCode).toBe(0);
    await world.plane.setFault({ kind: "refused" });
    expect((await world.check()).exitCode).toBe(3);
  });

  it.each(["h2", "http/1.1"] as const)(
    "passes where the control plane offers %s and nothing else",
    async (httpVersions) => {
      await using world = await openWorld({ plane: { httpVersions, oauth } });
      await using proxy = await startProxy();
      for (const way of [{}, { proxy: proxy.url }]) {
        Object.assign(world.settings.controlPlane, way);
        expect(findingsOf(await world.check())).toEqual([]);
      }
      const version = httpVersions === "h2" ? "2.0" : "1.1";
      expect(
        world.plane.calls.filter(({ method, httpVersion }) => method !== "token" && httpVersion !== version),
      ).toEqual([]);
    },
  );

  it("trusts an intermediate CA of NODE_EXTRA_CA_CERTS without its root", async () => {
    await using world = await openWorld();
    const below = await world.authority.issueAuthority("Acme Issuing CA");
    const notAfter = new Date(Date.now() + 99 * 86_400_000);
    await using plane = await startControlPlane({ tls: await below.issue({ notAfter }) });
    world.settings.controlPlane = { endpoint: plane.url };
    const check = () => world.check(["--category", "control-plane"]);
    expect(findingsOf(await check())).toEqual(["tls-untrusted"]);
    world.environment["NODE_EXTRA_CA_CERTS"] = await world.write("extra.pem", below.certificatePem);
    expect(findingsOf(await check())).toEqual([]);
  });

  it("shows findings and nothing else with --output short", async () => {
    await using world = await openWorld({ buildConfig: { "default-repository": "" } });
    const { stdout, exitCode } = await world.run(["check", "--output", "short"]);
    expect(exitCode).toBe(1);
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(
        /^error repository-empty \(data-plane\/repository\): .* Set imageBuilder.defaultRepository /,
      ),
      expect.stringMatching(/^1 problem, 0 warnings; /),
    ]);
  });

  it("asks only for what is chosen, and what that needs", async () => {
    await using world = await openWorld();
    await world.plane.setFault({ kind: "refused" });
    const { checks, exitCode } = await world.check(["--category", "data-plane", "--category", "buildkit"]);
    expect(exitCode).toBe(0);
    expect(new Set(checks.map(({ category }) => category))).toEqual(new Set(["data-plane", "buildkit"]));
    expect(world.plane.calls).toEqual([]);
  });

  it("tells what it found in its last round where waiting did not help", async () => {
    await using world = await openWorld({ buildConfig: { "default-repository": "" } });
    const { stdout, exitCode } = await world.run(["check", "--category", "data-plane", "--wait", "1s"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("ERROR repository-empty");
  });

  it.each([
    [["--category", "weather"], "--category"],
    [["--skip", "no-such-code"], "docs/errors.md lists the codes"],
    [["--wait", "soon"], "is not a duration"],
    [["--bundle", "x.tgz", "--category", "settings"], "cannot be used with"],
  ])("refuses %j", async (flags, words) => {
    await using world = await openWorld();
    expect(await world.run(["check", ...flags])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(words) });
  });

  it("ends at SIGTERM between two rounds", async () => {
    await using world = await openWorld({ buildConfig: { "default-repository": "" } });
    const config = await world.write("registrar.yaml", stringify(world.settings));
    const args = ["check", "--config", config, "--category", "data-plane", "--wait", "50s"];
    const running = startProgram(args, { env: world.environment });
    running.stdout.once("data", () => running.kill("SIGTERM"));
    const { stdout, ...ended } = await running;
    expect(stdout).toContain("waiting: repository-empty; again in");
    expect(ended).toMatchObject({ exitCode: 143, stderr: "check was ended by SIGTERM" });
  });

  it("ends at SIGTERM, whatever it waits for", async () => {
    await using world = await openWorld();
    await world.plane.setFault({ kind: "hang" });
    const config = await world.write("registrar.yaml", stringify(world.settings));
    const running = startProgram(["check", "--config", config], { env: world.environment });
    await vi.waitFor(() => expect(world.plane.calls).not.toHaveLength(0), 20_000);
    const sent = performance.now();
    running.kill("SIGTERM");
    expect(await running).toMatchObject({ exitCode: 143, stderr: "check was ended by SIGTERM" });
    expect(performance.now() - sent).toBeLessThan(5_000);
  });
});
