// The main job, step by step, against the stand-in control plane: a first registration, a second run that finds nothing to
// do, an upgrade, a rollback that becomes current, and `verify --build`, for which the stand-in plays the build. Ends with 1 if
// any of it is not so.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { startControlPlane } from "../testing/control-plane/start.ts";

const root = join(import.meta.dirname, "..");

/** What each run is started with, and what has to be current after it. */
const runs = [
  { title: "First registration", appVersion: "2026.3.4", trigger: "install", current: "2026.3.4", deploys: 1 },
  { title: "Again: nothing to do", appVersion: "2026.3.4", trigger: "schedule", current: "2026.3.4", deploys: 0 },
  { title: "Upgrade", appVersion: "2026.3.5", trigger: "upgrade", current: "2026.3.5", deploys: 1 },
  { title: "Rollback", appVersion: "2026.3.4", trigger: "rollback", current: "2026.3.4-r1", deploys: 1 },
] as const;

const folder = mkdtempSync(join(tmpdir(), "registrar-demo-"));
await using controlPlane = await startControlPlane({ builds: { phaseMilliseconds: 200 } });
try {
  const config = join(folder, "registrar.yaml");
  writeFileSync(
    config,
    `release: {cluster: demo, namespace: union, name: dataplane}
controlPlane: {endpoint: "${controlPlane.url}", org: acme}
`,
  );
  let failures = 0;
  for (const [index, { title, appVersion, trigger, current, deploys }] of runs.entries()) {
    const before = deployCount();
    print(
      `\n━━ ${index + 1}. ${title}\n$ registrar register --config registrar.yaml --app-version ${appVersion} --trigger ${trigger}`,
    );
    const started = performance.now();
    const status = await run("register", "--config", config, "--app-version", appVersion, "--trigger", trigger);
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    const found = controlPlane.registrations().at(-1)?.version;
    const written = deployCount() - before;
    const right = status === 0 && found === current && written === deploys;
    if (!right) failures++;
    print(
      `\n${right ? "✔" : "✖"} current is ${found}; the run wrote ${written} registration(s) and ended with ${status} after ${seconds} s`,
    );
  }
  print(
    `\n━━ ${runs.length + 1}. verify --build (the stand-in plays the build)\n$ registrar verify --config registrar.yaml --app-version 2026.3.4 --build`,
  );
  const status = await run("verify", "--config", config, "--app-version", "2026.3.4", "--build");
  const [built] = controlPlane.builds.runs();
  const right = status === 0 && built?.phase === "succeeded";
  if (!right) failures++;
  print(`\n${right ? "✔" : "✖"} run ${built?.name} has ${built?.phase}`);
  print(`\n${failures === 0 ? "All five runs did what they should." : `${failures} of the five runs went wrong.`}`);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function deployCount(): number {
  return controlPlane.calls.filter(({ method }) => method === "TaskService/DeployTask").length;
}

/** The control plane is served by this process, so the run must not block it. */
async function run(...args: readonly string[]): Promise<number | null> {
  const { exitCode } = await execa(process.execPath, [join(root, "dist/registrar.mjs"), ...args], {
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? null;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
