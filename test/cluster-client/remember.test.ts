import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { noCluster } from "../../src/cluster/cluster.ts";
import { connectCluster } from "../../src/cluster/kubernetes.ts";
import { clusterOpener } from "../../src/cluster/open-cluster.ts";
import { announce, remember } from "../../src/cluster/remember.ts";
import { statusOf } from "../../src/cluster/status-config-map.ts";
import { settingsSchema } from "../../src/settings/schema.ts";
import { type Clock, systemClock } from "../../src/system/clock.ts";
import { deadlines } from "../../src/system/deadlines.ts";
import { type ApiServer, type ApiServerOptions, startApiServer } from "../../testing/api-server/api-server.ts";
import { reportWith } from "../../testing/findings/sample-reports.ts";

const us = "prod-us/union/dataplane";
const settings = settingsSchema.parse({ release: { namespace: "union" }, cluster: { enabled: true } });
const disabled = { ...settings, cluster: { ...settings.cluster, enabled: false } };
const status = settings.cluster.statusConfigMap;
const { signal } = new AbortController();

const environment: Record<string, string> = {};
const openCluster = clusterOpener(
  environment,
  (path) => readFileSync(path),
  async () => ({ connectCluster }),
);
const world = { openCluster, clock: systemClock };
const withoutCluster = { openCluster: () => Promise.reject(noCluster()), clock: systemClock };

/** An API server that `openCluster` finds. */
async function startCluster(options: ApiServerOptions = {}) {
  const server = await startApiServer({ configMaps: { [status]: {} }, ...options });
  environment["KUBECONFIG"] = server.kubeconfig;
  return server;
}

/** Ends a signal once the API server was asked something. */
async function endOnceAsked({ requests }: ApiServer, controller: AbortController): Promise<void> {
  await vi.waitUntil(() => requests.length > 0, { interval: 5, timeout: 10_000 });
  controller.abort(new Error("ended"));
}

describe("remembering", () => {
  it("reads the status of this installation", async () => {
    const current = { version: "2026.3.4", appVersion: "2026.3.4", registeredBy: us, isWanted: true };
    const { subject } = reportWith({});
    const report = reportWith({ current, ...(subject && { subject: { ...subject, release: us } }) });
    await using _ = await startCluster({ configMaps: { [status]: statusOf(report, new Date(0)) } });
    const own = [{ version: "2026.3.4", owner: us }];
    expect(await remember(settings, world, signal)).toEqual({ own, seen: "2026.3.4" });
  });

  const unread = `the status of this installation, ConfigMap ${status}, cannot be read:`;
  it.each([
    { options: { forbidden: ["GET configmaps"] }, why: `${unread} configmaps "${status}" is forbidden: ` },
    { options: { configMaps: {} }, why: `${unread} configmaps "${status}" not found` },
  ])("says that nothing is known: $why", async ({ options, why }) => {
    await using _ = await startCluster(options);
    expect(await remember(settings, world, signal)).toEqual({ unknown: expect.stringContaining(why) });
  });

  it("says that nothing is known where there is no cluster, or no status is kept", async () => {
    expect(await remember(settings, withoutCluster, signal)).toEqual({
      unknown: `${unread} there is no kubeconfig here, and this is no pod`,
    });
    await using server = await startCluster();
    expect(await remember(disabled, world, signal)).toEqual({
      unknown: "this installation keeps no status (cluster.enabled is false)",
    });
    expect(server.requests).toEqual([]);
  });
});

describe("announcing", () => {
  it("notes what is about to be registered, as the next run remembers it, empties the last answer, and leaves the rest of the status", async () => {
    const before = { version: "2026.3.3", owner: us };
    const data = { install: "kept as it is", current: '{"version":"2026.3.3"}', own: JSON.stringify([before]) };
    await using server = await startCluster({ configMaps: { [status]: { ...data, confirmed: "an answer" } } });
    await announce("2026.3.4", us, settings, world, signal);
    const own = [before, { version: "2026.3.4", owner: us }];
    expect(await remember(settings, world, signal)).toEqual({ own, seen: "2026.3.3" });
    expect(server.configMaps[status]).toEqual({ ...data, own: JSON.stringify(own), confirmed: "" });
  });

  it.each([{ forbidden: ["PATCH"] }, { forbidden: ["GET configmaps"] }, { configMaps: {} }, { knowsNobody: true }])(
    "is no error where the status cannot be written (%j)",
    async (options) => {
      await using server = await startCluster(options);
      await announce("2026.3.4", us, settings, world, signal);
      expect(server.requests).toContain(`GET configmaps/${status}`);
      expect(server.configMaps[status] ?? {}).toEqual({});
    },
  );

  it("is no error where there is no cluster, and nothing where no status is kept", async () => {
    await announce("2026.3.4", us, settings, withoutCluster, signal);
    await using server = await startCluster();
    await announce("2026.3.4", us, disabled, world, signal);
    expect(server.requests).toEqual([]);
  });
});

describe.each([
  {
    what: "remembering",
    verb: "GET",
    work: (outer: AbortSignal, clock: Clock) => remember(settings, { openCluster, clock }, outer),
  },
  {
    what: "announcing",
    verb: "GET",
    work: (outer: AbortSignal, clock: Clock) => announce("2026.3.4", us, settings, { openCluster, clock }, outer),
  },
])("$what, of an API server that does not answer,", ({ verb, work }) => {
  it("is given up after a few seconds", async () => {
    await using server = await startCluster({ silent: true });
    const deadline = new AbortController();
    const timeout = vi.fn(() => deadline.signal);
    await Promise.all([work(signal, { ...systemClock, timeout }), endOnceAsked(server, deadline)]);
    expect(timeout).toHaveBeenCalledExactlyOnceWith(deadlines.cluster.milliseconds);
    expect(server.requests).toEqual([`${verb} configmaps/${status}`]);
  });

  it("ends with the run", async () => {
    await using server = await startCluster({ silent: true });
    const run = new AbortController();
    const ended = expect(work(run.signal, systemClock)).rejects.toThrow("ended");
    await Promise.all([ended, endOnceAsked(server, run)]);
  });
});
