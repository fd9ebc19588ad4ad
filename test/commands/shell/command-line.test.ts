import { describe, expect, it } from "vitest";
import { runCli } from "../../../src/cli.ts";
import { logLineSchema } from "../../../src/report/log/log-line.ts";
import { Interrupted } from "../../../src/system/interrupted.ts";
import { createFakeWorld } from "../../fake-world.ts";

const commands = ["register", "verify", "check", "status", "render", "images"] as const;

async function run(args: readonly string[], overrides: Parameters<typeof createFakeWorld>[0] = {}) {
  const world = createFakeWorld(overrides);
  return { exitCode: await runCli(args, world), ...world.written };
}

/** The flags that `--help` shows. */
async function shownFlags(command: string): Promise<string[]> {
  const { out } = await run([command, "--help"]);
  return Array.from(out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm), ([, flag = ""]) => flag);
}

const common = ["--config", "--flyte-config", "--log-format", "--help"];
const controlPlane = [
  "--control-plane-endpoint",
  "--control-plane-org",
  "--control-plane-ca-file",
  "--control-plane-auth-type",
  "--control-plane-auth-client-id",
  "--control-plane-auth-client-secret-file",
];
const definition = ["--app-version", "--task-image-name-prefix"];

describe("--help", () => {
  it.each([
    [
      "register",
      [
        "--trigger",
        "--policy-failure",
        "--policy-when-newer",
        "--flyte-command",
        "--output",
        "--dry-run",
        "--force",
        "--verbose",
      ],
    ],
    ["verify", ["--trigger", "--output", "--build", "--dry-run", "--build-projects", "--build-timeout"]],
    ["status", ["--output"]],
    ["check", ["--flyte-command", "--output", "--category", "--skip", "--fail-on", "--wait", "--bundle"]],
    ["render", ["--what"]],
  ])("of %s shows the flags that it reads, and no others", async (command, own) => {
    expect((await shownFlags(command)).sort()).toEqual([...common, ...controlPlane, ...definition, ...own].sort());
  });

  it("of images shows no flag of a control plane, which it does not contact", async () => {
    const own = ["--base-image", "--python", "--sdk-version", "--registrar-image", "--to", "--format"];
    expect((await shownFlags("images")).sort()).toEqual([...common, ...definition, ...own].sort());
  });

  it("of images mirror shows its own flags, and not those of images alone", async () => {
    const { out } = await run(["images", "mirror", "--help"]);
    expect(out).toContain("Usage: registrar images mirror [options]");
    expect(out).toContain("--dry-run");
    expect(out).not.toContain("--format");
    expect((await run(["images", "--help"])).out).toMatch(/^ {2}mirror /m);
  });

  it.each(commands)("of %s has examples of it", async (command) => {
    const { out, exitCode } = await run([command, "--help"]);
    const examples = out
      .slice(out.indexOf("Examples:\n"))
      .split("\n")
      .filter((line) => line.startsWith("  "));
    expect(examples.length).toBeGreaterThan(1);
    expect(examples.every((line) => line.includes(`registrar ${command}`))).toBe(true);
    expect(exitCode).toBe(0);
  });

  it("of check has no example without an appVersion, which a flyte configuration does not have", async () => {
    const { out } = await run(["check", "--help"]);
    const examples = out.split("\n").filter((line) => line.startsWith("  registrar check "));
    for (const example of examples) expect(example).toMatch(/ --(config|app-version) /);
  });

  it("tells the words that a setting may be from its description", async () => {
    const { out } = await run(["register", "--help"]);
    expect(out.replaceAll(/\s+/g, " ")).toContain('or warn (reported in full, exit code 0) (choices: "fail", "warn")');
  });

  it("of the program lists the commands and the exit codes", async () => {
    const { out, exitCode } = await run(["--help"]);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(out).toContain("Exit codes: 0 success");
    expect(exitCode).toBe(0);
    expect(await run(["--version"])).toMatchObject({ exitCode: 0, out: "1.2.3\n" });
  });
});

describe("the command line", () => {
  it.each(commands)(
    "of %s takes the flag of every setting, so that it can be reused for another command",
    async (command) => {
      const args = [
        command,
        "--policy-failure",
        "fail",
        "--timeouts-flyte",
        "30s",
        "--cluster-job-name",
        "a",
        "--app-version",
        "x",
      ];
      const { out, error, exitCode } = await run(args);
      expect(exitCode).toBe(2);
      expect(out + error).toContain("ERROR settings-wrong");
    },
  );

  it.each([
    [[], "no command is given"],
    [["regster"], "unknown command 'regster'"],
    [["register", "--nonsense"], "unknown option '--nonsense'"],
    [["register", "--output", "xml"], "text, json, short"],
    [["check", "--wait", "soon"], "It is not a duration such as 90s, 4m or 1m30s."],
    [["check", "--skip", "no-such-code"], "docs/errors.md lists the codes."],
    [["check", "--category", "nonsense"], "Allowed choices are settings, control-plane"],
    [["check", "--category", "settings", "--bundle", "x"], "cannot be used with option '--category"],
    [["verify", "--verbose"], "unknown option '--verbose'"],
    [["images", "miror"], "too many arguments"],
    [["images", "mirror", "--format", "json"], "unknown option '--format'"],
    [["images", "mirror", "--to", "union"], "does not begin with a registry's host"],
    [["images", "mirror", "--from", "registry.example.com/a"], "It is not oci:DIR."],
    [["images", "mirror", "--parallel", "0"], "It is not a number from 1 to 32."],
    [["verify", "--dry-run"], "--dry-run requires --build"],
    [["images", "mirror"], "requires --to <registry/path> or --to oci:DIR"],
    [["images", "mirror", "--from", "oci:a", "--to", "oci:b"], "--from oci:DIR requires --to <registry/path>"],
    [["images", "--app-version", "1", "--format", "script"], "--format script requires --to"],
  ])("%j is reported on standard error: %s", async (args, message) => {
    const { out, error, exitCode } = await run(args);
    expect([out, exitCode]).toEqual(["", 2]);
    expect(error).toMatch(/^ERROR usage-wrong\n/);
    expect(error).toContain(message);
    expect(error).toContain("docs  docs/errors.md#usage-wrong");
  });
});

describe("a command below another", () => {
  it("has flags of its own, even if the one above has flags of the same names", async () => {
    const { error } = await run(["images", "mirror", "--to", "oci:b", "--from", "oci:a", "--app-version", "1"]);
    expect(error).toContain("--from oci:DIR requires");
  });

  it("takes the flags that were given before its name", async () => {
    const before = ["images", "--app-version", "2026.3.4", "--to", "registry.example.com/a"];
    const { error } = await run([...before, "mirror", "--to", "oci:b", "--from", "oci:a"]);
    expect(error).toContain("--from oci:DIR requires");
    const { error: missing } = await run(["images", "--app-version", "latest", "mirror", "--to", "oci:b"]);
    expect(missing).toContain("appVersion (--app-version)");
  });
});

describe("a command that prints no report", () => {
  it("reports an error on standard error, with its exit code", async () => {
    const { out, error, exitCode } = await run(["render", "--config", "missing.yaml"]);
    expect([out, exitCode]).toEqual(["", 2]);
    expect(error).toMatch(
      /^ERROR settings-file-unreadable\n {2}what {2}the settings file missing.yaml cannot be read\n/,
    );
  });

  it("reports a bug of the program as one", async () => {
    const readFile = () => Buffer.from("appVersion: 2026.3.4\nappVersionFrom: deployment/a");
    const signal = new Proxy(new AbortController().signal, {});
    const { error, exitCode } = await run(["render", "--config", "a"], {
      readFile,
      signal,
      templateFolder: undefined as unknown as string,
    });
    expect(exitCode).toBe(1);
    expect(error).toContain("ERROR internal-error\n  what  internal error: this is a bug in registrar");
  });

  it("ends by a signal with its exit code", async () => {
    const interrupted = new Interrupted("SIGINT", 2);
    const openCluster = () => Promise.reject(interrupted);
    const readFile = () => Buffer.from("appVersion: 2026.3.4\ncontrolPlane: {endpoint: a}");
    const { error, exitCode } = await run(["check", "--config", "a", "--category", "settings"], {
      readFile,
      openCluster,
      signal: AbortSignal.abort(interrupted),
    });
    expect([error, exitCode]).toEqual(["check was ended by SIGINT\n", 130]);
  });
});

describe("a command that prints a report", () => {
  it.each(["register", "verify", "status"])(
    "%s prints it in each form, and leaves a termination message",
    async (command) => {
      const args = [command, "--app-version", "2026.3.4"];
      const text = await run(args);
      expect(text.out).toMatch(/\nERROR settings-wrong\n.*\nfailed: /s);
      const short = await run([...args, "--output", "short"]);
      expect(short.out).toMatch(
        /^error settings-wrong: one setting is wrong; controlPlane.endpoint: .*\nfailed: .*\n$/,
      );
      const json = await run([...args, "--output", "json"]);
      expect(JSON.parse(json.out)).toMatchObject({ command, exitCode: 2, findings: [{ code: "settings-wrong" }] });
      for (const { terminationMessage, exitCode } of [text, short, json]) {
        expect(terminationMessage).toMatch(/^failed: .*\nERROR settings-wrong\n/);
        expect(exitCode).toBe(2);
      }
    },
  );
});

describe("logFormat: json", () => {
  const linesOf = (text: string) =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => logLineSchema.parse(JSON.parse(line)));

  it.each(["register", "verify", "status"])("takes the place of the text of %s", async (command) => {
    const { out, error, exitCode } = await run([command, "--app-version", "2026.3.4", "--log-format", "json"]);
    expect(linesOf(out)).toMatchObject([
      { command, level: "error", code: "settings-wrong" },
      { command, level: "error", state: "failed", exitCode: 2 },
    ]);
    expect([error, exitCode]).toEqual(["", 2]);
  });

  it.each([
    ["json", /^\{\n/],
    ["short", /^error settings-wrong: /],
  ])("leaves --output %s as it is", async (output, expected) => {
    const { out } = await run(["status", "--app-version", "1", "--output", output, "--log-format", "json"]);
    expect(out).toMatch(expected);
  });

  it.each([
    ["a command that prints no report", ["render", "--config", "missing.yaml", "--log-format=json"], {}, "render"],
    ["a variable", ["render", "--config", "missing.yaml"], { REGISTRAR_LOG_FORMAT: "json" }, "render"],
    ["a wrong command line", ["register", "--nonsense", "--log-format", "json"], {}, undefined],
    [
      "a wrong command line, = and a variable",
      ["--log-format=json", "regster"],
      { REGISTRAR_LOG_FORMAT: "a" },
      undefined,
    ],
  ])("holds for errors on standard error: %s", async (_what, args, environment, command) => {
    const { out, error, exitCode } = await run(args, { environment });
    expect([out, exitCode]).toEqual(["", 2]);
    const [line, ...more] = linesOf(error);
    expect(line).toMatchObject({ level: "error", code: expect.any(String), fix: expect.any(String) });
    expect([line?.command, more]).toEqual([command, []]);
  });

  it("holds for a run that a signal ends before its report", async () => {
    const signal = AbortSignal.abort(new Interrupted("SIGINT", 2));
    const readFile = () => Buffer.from("appVersion: 2026.3.4\ncontrolPlane: {endpoint: a}\nlogFormat: json");
    const { error, exitCode } = await run(["check", "--config", "a", "--category", "settings"], { readFile, signal });
    expect(linesOf(error)).toMatchObject([{ level: "error", message: "check was ended by SIGINT", command: "check" }]);
    expect(exitCode).toBe(130);
  });
});
