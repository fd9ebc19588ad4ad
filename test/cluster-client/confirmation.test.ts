import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../src/cluster/cluster.ts";
import { confirmationOf, confirmedIn, questionOf, recallConfirmed } from "../../src/cluster/confirmation.ts";
import { define } from "../../src/definition/definition.ts";
import type { RunReport } from "../../src/report/run-report.ts";
import { requireTarget } from "../../src/settings/load.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createAuthority } from "../../testing/certificates/certificates.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";
import { load } from "../settings/loading.ts";

const file = join(import.meta.dirname, "../../templates/build_image_task.yaml.hbs");
const template = { file, text: readFileSync(file, "utf8") };

const { certificatePem: caPem } = await createAuthority("Acme Root CA");
const keyOf = (text: string) => Buffer.from(text).toString("base64");

/** The files that these settings may name. */
const files = {
  "/secret": "the-secret",
  "/other-secret": "other-secret",
  "/key": keyOf("union.example.com:client:secret:acme"),
  "/key-of-another": keyOf("union.example.com:another:secret:acme"),
  "/ca.crt": caPem,
  "/other-ca.crt": caPem,
};

interface Asked {
  settings?: { controlPlane?: object; [section: string]: unknown };
  program?: string;
  files?: Record<string, string>;
}

const clientSecret = { type: "clientSecret", clientId: "a", clientSecretFile: "/secret" };

/** Settings of a section `controlPlane.auth`. */
const logIn = (change: object): Asked => ({ settings: { controlPlane: { auth: { ...clientSecret, ...change } } } });
const apiKey = (apiKeyFile: string): Asked => ({
  settings: { controlPlane: { auth: { type: "apiKey", apiKeyFile } } },
});
const connect = (controlPlane: object): Asked => ({ settings: { controlPlane } });
const chart = (chartObjects: object): Asked => ({ settings: { cluster: { chartObjects } } });

/** What a run asks, by what may differ from run to run. */
function question({ settings = {}, program = "0.1.0", files: changed = {} }: Asked) {
  const controlPlane = { endpoint: "dns:///union.example.com", org: "acme", ...settings.controlPlane };
  const file = JSON.stringify({ appVersion: "2026.3.4", ...settings, controlPlane });
  const loaded = load({ file, files: { ...files, ...changed } });
  const parsed = loaded.settings;
  const definition = define({ ...parsed, appVersion: parsed.appVersion ?? "" }, template);
  return questionOf(parsed, requireTarget(loaded), definition, program);
}

describe("what a run asks", () => {
  it.each<[string, Asked, Asked?]>([
    ["appVersion", { settings: { appVersion: "2026.3.5" } }],
    ["task", { settings: { task: { logLevel: 2 } } }],
    ["project", { settings: { task: { project: "other" } } }],
    ["domain", { settings: { task: { domain: "staging" } } }],
    ["writer", { settings: { task: { deployWith: "flyte" } } }],
    ["owner", { settings: { release: { cluster: "prod-eu" } } }],
    ["role", { settings: { policy: { role: "member" } } }],
    ["control plane", connect({ endpoint: "https://other.example.com" })],
    ["organisation", connect({ org: "other" })],
    ["proxy", connect({ proxy: "http://proxy:3128" })],
    ["host of the proxy", connect({ proxy: "http://proxy:3128" }), connect({ proxy: "http://other:3128" })],
    ["port of the proxy", connect({ proxy: "http://proxy:3128" }), connect({ proxy: "http://proxy:3129" })],
    ["scheme of the proxy", connect({ proxy: "http://proxy:3128" }), connect({ proxy: "https://proxy:3128" })],
    ["list of hosts without the proxy", connect({ noProxy: ".example.com" })],
    ["file of CAs", connect({ caFile: "/ca.crt" }), connect({ caFile: "/other-ca.crt" })],
    ["care for certificates", connect({ insecureSkipVerify: true })],
    ["login", logIn({})],
    ["client", logIn({}), logIn({ clientId: "b" })],
    ["file of the secret", logIn({}), logIn({ clientSecretFile: "/other-secret" })],
    ["list of scopes", logIn({}), logIn({ scopes: ["all"] })],
    ["file of the API key", apiKey("/key"), { ...apiKey("/key-2"), files: { "/key-2": files["/key"] } }],
    ["client of the API key", apiKey("/key"), { ...apiKey("/key"), files: { "/key": files["/key-of-another"] } }],
    [
      "program that prints tokens",
      connect({ auth: { type: "externalCommand", command: ["uctl", "get-token"] } }),
      connect({ auth: { type: "externalCommand", command: ["other", "get-token"] } }),
    ],
    ["Secret", chart({ credential: { secret: "a", key: "k" } }), chart({ credential: { secret: "b", key: "k" } })],
    [
      "object of CAs",
      chart({ caBundle: { kind: "Secret", name: "a", key: "k" } }),
      chart({ caBundle: { kind: "ConfigMap", name: "a", key: "k" } }),
    ],
    ["program", { program: "0.2.0" }],
  ])("is another with another %s", (_, change, before = {}) => {
    expect(question(change)).not.toBe(question(before));
  });

  it.each<[string, Asked, Asked?]>([
    [
      "settings of a run",
      { settings: { trigger: "schedule", timeouts: { total: "60s" }, policy: { failure: "warn" } } },
    ],
    ["names of the chart's CronJobs", chart({ cronJob: "registrar" })],
    ["secret", logIn({}), { ...logIn({}), files: { "/secret": "another" } }],
    ["password of the proxy", connect({ proxy: "http://u:p@proxy:1" }), connect({ proxy: "http://v:q@proxy:1" })],
  ])("is the same with another %s", (_, change, before = {}) => {
    expect(question(change)).toBe(question(before));
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
    ["only verifies", { command: "verify", state: "current" }],
  ] as const)("stays as it is after a run that %s", (_, parts) => {
    expect(kept(parts)).toEqual({});
  });

  it("is none where no later run may rely on it", () => {
    expect(confirmationOf(reportWith({ current }), time, undefined)).toEqual({});
  });
});

it.each([
  { lookAgainAfter: 3_600_000, due: "12:59:00" },
  { lookAgainAfter: 60_000, due: "12:00:30" },
])("an answer that counts for $lookAgainAfter ms is due at $due, early, but not at once", ({ lookAgainAfter, due }) => {
  const entry = { question: "q", version: "2026.3.4", time: "2026-11-24T12:00:00.000Z" };
  const at = new Date(`2026-11-24T${due}Z`);
  const known = (now: Date) => confirmedIn({ confirmed: JSON.stringify(entry) }, "q", lookAgainAfter, now);
  expect(known(new Date(at.getTime() - 1))).toEqual({ version: "2026.3.4", due: at });
  expect(known(at)).toBeUndefined();
});

describe("a data plane with a CronJob", () => {
  const minute = 60_000;
  const hour = 60 * minute;

  /** The starts of the scheduled runs of three days that ask the control plane, as planned: each is up to 20 s late and takes 15 s. */
  async function askingRuns(lookAgainAfter: string | undefined, interval: number): Promise<number[]> {
    const settings = settingsSchema.parse({ trigger: "schedule", policy: { lookAgainAfter } });
    const status: Record<string, string> = {};
    const openCluster = async () => ({ readConfigMap: async () => status }) as unknown as Cluster;
    const current = { version: "2026.3.4", appVersion: "2026.3.4", isWanted: true };
    const asking = [];
    for (let planned = 0; planned < 72 * hour; planned += interval) {
      const started = planned + (((planned / interval) * 7919) % 20_000);
      const clock = { ...systemClock, date: () => new Date(started) };
      if (await recallConfirmed(settings, "q", { openCluster, clock }, new AbortController().signal)) continue;
      asking.push(planned);
      const report = reportWith({ state: "up-to-date", current }, "schedule");
      Object.assign(status, confirmationOf(report, new Date(started + 15_000), "q"));
    }
    return asking;
  }

  // The figures of docs/operations.md, and intervals between runs that ask.
  it.each([
    { every: "10 minutes", interval: 10 * minute, lookAgainAfter: undefined, aDay: 144, gap: 10 * minute },
    { every: "10 minutes", interval: 10 * minute, lookAgainAfter: "1h", aDay: 24, gap: hour },
    { every: "10 minutes", interval: 10 * minute, lookAgainAfter: "24h", aDay: 1, gap: 24 * hour },
    { every: "hour", interval: hour, lookAgainAfter: "1h", aDay: 24, gap: hour },
    { every: "day", interval: 24 * hour, lookAgainAfter: "24h", aDay: 1, gap: 24 * hour },
    { every: "minute", interval: minute, lookAgainAfter: "1m", aDay: 1440, gap: minute },
  ])("that runs every $every asks $aDay times a day with $lookAgainAfter", async (row) => {
    const asking = await askingRuns(row.lookAgainAfter, row.interval);
    expect(asking).toHaveLength(3 * row.aDay);
    const gaps = asking.slice(1).map((start, index) => start - (asking[index] ?? 0));
    expect(Math.max(...gaps)).toBe(row.gap);
  });
});
