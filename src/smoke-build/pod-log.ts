import { createClient } from "@connectrpc/connect";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import type { Session } from "../control-plane/session.ts";
import { endOf } from "../findings/cut-text.ts";
import { RegistrarError } from "../findings/registrar-error.ts";
import { deadlines } from "../system/deadlines.ts";
import { actionIdOf, type BuildContext } from "./build-context.ts";

/** Characters of a log that are kept, its end: more than any failure's last words. */
const mostCharacters = 262_144;

/** The log of a build's pod, as far as it has been read. */
export interface PodLog {
  /** Its lines, oldest first. */
  text(): string;
  lastLine(): string;
  /** Whether it was begun to be read, as of a pod that has run, and not to its end. */
  isCutShort(): boolean;
  /** Whether it has been read to its end. */
  isComplete(): boolean;
  /** Reads it while its pod runs: a pod's log may be gone with the pod. Ends with the log or with the signal. */
  follow(signal: AbortSignal): Promise<void>;
  /** Reads what there is. One that cannot be read is no failure, since the run's error has its end. */
  read(signal: AbortSignal): Promise<void>;
}

/** The log of the build's run. @param route gives the session to the data plane that has it */
export function createPodLog(context: BuildContext, route: () => Promise<Session>): PodLog {
  const { clock, request } = context;
  let text = "";
  let isBegun = false;
  let isComplete = false;
  const readOnce = async (signal: AbortSignal): Promise<void> => {
    isBegun = true;
    const session = (await route()).sibling({ signal });
    let lines = "";
    try {
      // A request ends after some seconds, and the next one begins with the first line again.
      await session.callOnce(request, async (transport, options) => {
        const stream = createClient(DataProxyService, transport).tailLogs(
          { actionId: actionIdOf(context), attempt: 1 },
          options,
        );
        for await (const { logs } of stream) {
          for (const { message } of logs.flatMap((batch) => batch.lines)) lines += `${message.replace(/\n$/, "")}\n`;
          lines = endOf(lines, mostCharacters);
          if (lines.length > text.length) text = lines;
        }
      });
      isComplete = true;
    } finally {
      session.close();
    }
  };
  return {
    text: () => text,
    lastLine: () => text.trimEnd().split("\n").at(-1) ?? "",
    isCutShort: () => isBegun && !isComplete,
    isComplete: () => isComplete,
    async follow(signal) {
      while (!signal.aborted) {
        try {
          return await readOnce(signal);
        } catch (error) {
          if (!(error instanceof RegistrarError) || signal.aborted) return;
          await clock.sleep(deadlines.streamPause.milliseconds, signal).catch(() => {});
        }
      }
    },
    async read(signal) {
      try {
        await readOnce(signal);
      } catch (error) {
        if (!(error instanceof RegistrarError) && !signal.aborted) throw error;
      }
    },
  };
}
