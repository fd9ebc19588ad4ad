import { hasErrorName } from "../findings/error-name.ts";

/** The server ended the TLS handshake with an alert (RFC 8446, 6). */
export class TlsAlert extends Error {
  override readonly name = "TlsAlert";
  static override [Symbol.hasInstance] = hasErrorName("TlsAlert");
  /** Whether the server had shown its certificate by then: the TLS version and the cipher suite had been agreed on. */
  readonly isLate: boolean;

  constructor(isLate: boolean, cause: Error) {
    super(cause.message, { cause });
    this.isLate = isLate;
  }
}

/**
 * The number of the alert that a TLS error is about (40 is handshake_failure), as OpenSSL adds it to its message; nothing if
 * the error is about something else.
 */
export function alertNumberOf({ message }: Error): number | undefined {
  const number = /SSL alert number (\d+)/.exec(message)?.[1];
  return number === undefined ? undefined : Number(number);
}
