import { hasErrorName } from "../findings/error-name.ts";

/** A signal ended the run. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  static override [Symbol.hasInstance] = hasErrorName("Interrupted");
  readonly exitCode: number;

  /** @param signal e.g. `SIGTERM` @param number e.g. 15 */
  constructor(signal: string, number: number) {
    super(`ended by ${signal}`);
    this.exitCode = 128 + number;
  }
}
