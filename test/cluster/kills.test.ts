import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { waitFor } from "../../testing/local-cluster/wait-for.ts";
import { createRelease, fullname } from "./release.ts";

/** Ten runs are killed, in lanes side by side, each within so many milliseconds of the start of its container. */
const lanes = [1, 2];
const kills = 5;
const longest = 2_000;

/** A sequence that looks random and is the same for the same seed (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test.each(lanes)(
  "a run killed at any moment leaves nothing that the next run does not put right (%i)",
  async (lane) => {
    const seed = (Date.now() + lane * 7919) % 2 ** 32;
    const random = randomFrom(seed);
    await using release = await createRelease(4);
    const { plane } = release.controlPlane;
    const { kubectl, list } = release.namespace;
    await release.install({ appVersion: "2026.3.0" });
    let moments = `seed ${seed}:`;

    for (let run = 1; run <= kills; run++) {
      // There is work to do for each run: an appVersion that is not registered yet.
      const appVersion = `2026.3.${run}`;
      await release.upgrade({ appVersion, hooks: { upgrade: false } });
      const job = `killed-${run}`;
      await kubectl("create", "job", job, `--from=cronjob/${fullname}`);
      const pod = await waitFor(
        "the pod's container",
        async () => {
          const pods = (await list("pods")).filter(({ metadata }) => metadata?.labels?.["job-name"] === job);
          return pods.find(({ status }) => status?.phase === "Running" || status?.phase === "Succeeded")?.metadata
            ?.name;
        },
        { milliseconds: 30_000 },
      );
      const moment = Math.round(random() * longest);
      moments += ` ${moment}`;
      await sleep(moment);
      // The Job first, else it would make a second pod in place of the one that is killed.
      await kubectl("delete", "job", job, "--cascade=orphan", "--wait=false");
      await kubectl("delete", "pod", pod, "--grace-period=0", "--force", "--ignore-not-found");

      await release.runJob("");
      expect(release.currentVersion(), moments).toBe(appVersion);
    }

    const versions = plane.registrations().map(({ version }) => version);
    // Each appVersion at most once, in order: nothing was registered twice or by a run that should have been dead.
    expect(new Set(versions).size, moments).toBe(versions.length);
    expect(
      versions.filter((version) => version.includes("-r")),
      moments,
    ).toEqual([]);
    expect(versions.at(-1), moments).toBe(`2026.3.${kills}`);
    const pods = (await list("pods")).filter(
      ({ status }) => status?.phase === "Running" || status?.phase === "Pending",
    );
    expect(pods, moments).toEqual([]);
  },
);
