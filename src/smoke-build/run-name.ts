import { createHash } from "node:crypto";
import { randomWord } from "./build-plan.ts";

/**
 * What the names of an owner's runs begin with. By it, the next build finds those that an earlier one has left going.
 * @param owner the Helm release on whose behalf a build runs
 */
export function runPrefix(owner: string): string {
  return `smoke-${createHash("sha256").update(owner).digest("hex").slice(0, 8)}-`;
}

/**
 * A name for a run: a DNS label of at most 30 characters, which is what control planes take (runs/service/utils.go of
 * flyteorg/flyte). It is made here and not by the server, so that the run can be aborted before the server has answered.
 */
export function nameRun(owner: string, random: () => number): string {
  return `${runPrefix(owner)}${randomWord(12, random)}`;
}
