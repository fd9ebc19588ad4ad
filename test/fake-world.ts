import { tmpdir } from "node:os";
import { join } from "node:path";
import { noCluster } from "../src/cluster/cluster.ts";
import type { World } from "../src/commands/shell/world.ts";
import { systemNames } from "../src/network/name-service.ts";
import { systemClock } from "../src/system/clock.ts";

/** A world without files, cluster or programs, and what commands have written to it. */
export interface FakeWorld extends World {
  readonly written: { out: string; error: string; terminationMessage: string };
}

/** Makes a world that differs from an empty one as given. */
export function createFakeWorld(overrides: Partial<World> = {}): FakeWorld {
  const written = { out: "", error: "", terminationMessage: "" };
  return {
    written,
    version: "1.2.3",
    clock: systemClock,
    environment: {},
    signal: new AbortController().signal,
    templateFolder: join(import.meta.dirname, "../templates"),
    temporaryFolder: tmpdir(),
    readFile: (path) => {
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    },
    writeFile: () => {},
    runProcess: () => Promise.reject(new Error("no program can be run here")),
    runId: "1.1",
    isRunning: () => true,
    names: systemNames,
    openCluster: () => Promise.reject(noCluster()),
    writeOut: (text) => {
      written.out += text;
    },
    writeError: (text) => {
      written.error += text;
    },
    writeTerminationMessage: (text) => {
      written.terminationMessage += text;
    },
    isTerminal: false,
    colour: false,
    ...overrides,
  };
}
