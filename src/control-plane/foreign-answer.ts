import { hasErrorName } from "../findings/error-name.ts";
import { describeAnswer, type HttpAnswer } from "../network/http-answer.ts";

/** An answer that is none of the Connect protocol, so not the control plane's: something in front of it has answered. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  static override [Symbol.hasInstance] = hasErrorName("ForeignAnswer");
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(describeAnswer(answer));
    this.answer = answer;
  }
}

/** Finds the foreign answer in an error and its causes. */
export function findForeignAnswer(error: unknown, depth = 0): ForeignAnswer | undefined {
  if (!(error instanceof Error) || depth > 8) return undefined;
  return error instanceof ForeignAnswer ? error : findForeignAnswer(error.cause, depth + 1);
}
