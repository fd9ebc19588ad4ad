import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../src/cluster/cluster.ts";
import { confirmationOf, questionOf, recallConfirmed } from "../../src/cluster/confirmation.ts";
import { define } from "../../src/definition/definition.ts";
import type { RunReport } from "../../src/report/run-report.ts";
import type { ControlPlaneTarget } from "../../src/settings/load.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { systemClock } from "../../src/system/clock.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";

const file = join(import.meta.dirname, "../../templates/build_image_task.yaml.hbs");
const template = { file, text: readFileSync(file, "utf8") };

/** What a run asks, by what may differ from run to run. */
function question({ settings = {}, url = "https://union.example.com", org = "acme", program = "0.1.0" }) {
  const parsed = settingsSchema.parse({ appVersion: "2026.3.4", ...settings });
  const target = { endpoint: { url }, org } as ControlPlaneTarget;
  return questionOf(parsed, target, define({ ...parsed, appVersion: parsed.appVersion ?? "" }, template), program);
}

describe("what a run asks", () => {
  it.each([
    ["appVersion", { settings: { appVersion: "2026.3.5" } }],
    ["task", { settings: { task: { logLevel: 2 } } }],
    ["project", { settings: { task: { project: "other" } } }],
    ["domain", { settings: { task: { domain: "staging" } } }],
    ["owner", { settings: { release: { cluster: "prod-eu" } } }],
    ["role", { settings: { policy: { role: "member" } } }],
    ["control plane", { url: "https://other.example.com" }],
    ["organisation", { org: "other" }],
    ["program", { program: "0.2.0" }],
  ])("is another with another %s", (_, change) => {
    expect(question(change)).not.toBe(question({}));
  });

  it("is the same with other settings of a run", () => {
    const settings = { trigger: "schedule", timeouts: { total: "60s" }, policy: { failure: "warn" } };
    expect(question({ settings })).toBe(question({}));
  });
});

describe("the answer that the status keeps", () => {
  const current = { version: "2026.3.4", appVersion: "2026.3.4", isWanted: true };
  const time = new Date("2026-11-24T12:00:00Z");
  const kept = (parts: Partial<RunReport>, asked: string | undefined = "q") =>
    confirmationOf(reportWith({ current, ...parts }), time, asked);
  const warning = { code: "c", severity: "warning", what: "", why: "", fix: "", next: "", docs: "" } as const;

  it.each(["registered", "up-to-date", "kept", "observed", "unchanged"] as const)(
    "is that of a run that %s",
    (state) => {
      const entry = { question: "q", version: "2026.3.4", time: "2026-11-24T12:00:00.000Z" };
      expect(JSON.parse(kept({ state })["confirmed"] ?? "")).toEqual(entry);
    },
  );

  it.each([
    ["failed", { state: "failed", exitCode: 1 }],
    ["failed, and is forgiven", { state: "failed", findings: [warning] }],
    ["has warned", { state: "kept", findings: [warning] }],
    ["is a verification that says no", { command: "verify", state: "not-current", exitCode: 1 }],
  ] as const)("is removed by a run that %s", (_, parts) => {
    expect(kept({ ...parts, findings: "findings" in parts ? [...parts.findings] : [] })).toEqual({ confirmed: "" });
  });

  it.each([
    ["relies on it", { state: "not-due" }],
    ["only plans", { state: "planned" }],
    ["only verifies", { command: "verify", state: "current" }],
  ] as const)("stays as it is after a run that %s", (_, parts) => {
    expect(kept(parts)).toEqual({});
  });

  it("is none where no later run may rely on it", () => {
    expect(confirmationOf(reportWith({ current }), time, undefined)).toEqual({});
  });
});

describe("a data plane whose CronJob runs every ten minutes", () => {
  const minute = 60_000;

  /** Counts the runs of a day that ask the control plane; each starts up to 20 s late and takes a second. */
  async function askingRuns(lookAgainAfter: string | undefined): Promise<number> {
    const settings = settingsSchema.parse({ trigger: "schedule", policy: { lookAgainAfter } });
    const status: Record<string, string> = {};
    const openCluster = async () => ({ readConfigMap: async () => status }) as unknown as Cluster;
    const current = { version: "2026.3.4", appVersion: "2026.3.4", isWanted: true };
    let asking = 0;
    for (let run = 0; run < 144; run++) {
      const started = run * 10 * minute + ((run * 7919) % 20_000);
      const clock = { ...systemClock, date: () => new Date(started) };
      if (await recallConfirmed(settings, "q", { openCluster, clock }, new AbortController().signal)) continue;
      asking++;
      const report = reportWith({ state: "up-to-date", current }, "schedule");
      Object.assign(status, confirmationOf(report, new Date(started + 1000), "q"));
    }
    return asking;
  }

  // The figures of docs/fleets.md.
  it.each([
    { lookAgainAfter: undefined, atMost: 144, atLeast: 144 },
    { lookAgainAfter: "1h", atMost: 24, atLeast: 20 },
    { lookAgainAfter: "24h", atMost: 1, atLeast: 1 },
  ])("asks $atMost times a day at most with $lookAgainAfter", async ({ lookAgainAfter, atMost, atLeast }) => {
    const asking = await askingRuns(lookAgainAfter);
    expect(asking).toBeLessThanOrEqual(atMost);
    expect(asking).toBeGreaterThanOrEqual(atLeast);
  });
});
