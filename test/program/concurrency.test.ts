import { expect, it } from "vitest";
import { startControlPlane } from "../../testing/control-plane/start.ts";
import { against, runForReport } from "../../testing/program/run-program.ts";

it.each(["replace", "refuse"] as const)(
  "50 runs at once make one registration (%s)",
  { timeout: 240_000 },
  async (existing) => {
    await using plane = await startControlPlane({ existing });
    const flags = [...against(plane), "--app-version", "2026.3.4"];
    const patience = ["--timeouts-total", "200s", "--timeouts-control-plane", "180s"];
    const runs = await Promise.all(
      Array.from({ length: 50 }, () => runForReport(["register", ...flags, ...patience], { timeout: 220_000 })),
    );
    expect(new Set(runs.map(({ exitCode }) => exitCode))).toEqual(new Set([0]));
    expect(
      new Set(runs.map(({ current }) => `${current?.version} ${current?.registeredAt} ${current?.registeredBy}`)).size,
    ).toBe(1);
    expect(plane.registrations().map(({ version }) => version)).toEqual(["2026.3.4"]);
  },
);
