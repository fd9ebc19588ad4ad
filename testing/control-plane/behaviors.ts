import { ConnectError } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import type { AbsentPart, BuildBehavior, RefusableCall, UploadAnswer } from "./build-behavior.ts";

/** The behavior in force, and how much of it is used up. */
export interface Behaviors {
  current(): BuildBehavior;
  /** Puts a behavior in force in place of the one before; what it counts starts anew. */
  behave(behavior: BuildBehavior): void;
  /** Counts a call that is refused, and gives its error. */
  refusalOf(call: string): ConnectError | undefined;
  /** Counts an upload that is answered otherwise, and gives the answer. */
  uploadAnswer(): UploadAnswer | undefined;
  /** Counts an answer of CreateRun, and says whether it is lost. */
  losesAnswer(): boolean;
  /** Counts an answer about a failed run, and says whether it lacks the error. */
  isErrorLate(): boolean;
  isAbsent(part: AbsentPart): boolean;
}

/** Starts with a behavior. */
export function createBehaviors(initial: BuildBehavior): Behaviors {
  let current = initial;
  const spent = new Map<string, number>();
  const spend = (part: string, times = Number.POSITIVE_INFINITY): boolean => {
    const before = spent.get(part) ?? 0;
    if (before < times) spent.set(part, before + 1);
    return before < times;
  };
  return {
    current: () => current,
    behave(behavior) {
      current = behavior;
      spent.clear();
    },
    refusalOf(call) {
      const refusal = current.refuse?.[call as RefusableCall];
      if (refusal === undefined || !spend(call, refusal.times)) return undefined;
      const code = codeFromString(refusal.code);
      if (code === undefined) throw new Error(`${refusal.code} is no Connect code`);
      return new ConnectError(refusal.message, code);
    },
    uploadAnswer: () => (current.upload && spend("upload", current.upload.times) ? current.upload : undefined),
    losesAnswer: () => spend("lost answers", current.createRun?.loseAnswers ?? 0),
    isErrorLate: () => spend("late errors", current.lateErrors ?? 0),
    isAbsent: (part) => current.absent?.includes(part) ?? false,
  };
}
