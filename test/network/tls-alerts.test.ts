import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TlsAlert } from "../../src/network/tls-alert.ts";
import { tlsFaultOf } from "../../src/network/tls-faults.ts";

/** Recorded with OpenSSL 3.5: a server that answers the ClientHello with each alert. */
const alerts: [number: number, reason: string][] = [
  [10, "ssl/tls alert unexpected message"],
  [20, "ssl/tls alert bad record mac"],
  [22, "tlsv1 alert record overflow"],
  [40, "ssl/tls alert handshake failure"],
  [42, "ssl/tls alert bad certificate"],
  [43, "ssl/tls alert unsupported certificate"],
  [44, "ssl/tls alert certificate revoked"],
  [45, "ssl/tls alert certificate expired"],
  [46, "ssl/tls alert certificate unknown"],
  [47, "ssl/tls alert illegal parameter"],
  [48, "tlsv1 alert unknown ca"],
  [49, "tlsv1 alert access denied"],
  [50, "tlsv1 alert decode error"],
  [51, "tlsv1 alert decrypt error"],
  [70, "tlsv1 alert protocol version"],
  [71, "tlsv1 alert insufficient security"],
  [80, "tlsv1 alert internal error"],
  [86, "tlsv1 alert inappropriate fallback"],
  [90, "tlsv1 alert user cancelled"],
  [109, "tlsv13 alert missing extension"],
  [110, "tlsv1 unsupported extension"],
  [112, "tlsv1 unrecognized name"],
  [113, "tlsv1 bad certificate status response"],
  [115, "tlsv1 alert unknown psk identity"],
  [116, "tlsv13 alert certificate required"],
  [120, "tlsv1 alert no application protocol"],
];

const codeOf = (reason: string) => `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
function alertError(number: number, reason: string, form: "a field" | "its message") {
  const message = `40E3:error:0A00045C:SSL routines:ssl3_read_bytes:${reason}:rec_layer_s3.c:918:SSL alert number ${number}\n`;
  return form === "a field"
    ? Object.assign(new Error(message), { code: codeOf(reason), reason })
    : Object.assign(new Error(`write EPROTO ${message}`), { code: "EPROTO" });
}

describe.each(["a field", "its message"] as const)("an error with an alert in %s", (form) => {
  test.each(alerts)("is one of TLS that was spoken: %i, %s", (number, reason) => {
    const error = alertError(number, reason, form);
    const name = reason.replace(/^\S+ (alert )?/, "");
    const expected = {
      detail: `the server sent the TLS alert "${name}" (${form === "a field" ? error.code : "EPROTO"})`,
    };
    const early = tlsFaultOf(new TlsAlert(false, error));
    expect(early).toEqual({ ...expected, alert: number, kind: number === 116 ? "client-certificate" : "handshake" });
    for (const late of [new TlsAlert(true, error), error]) {
      const isRequest = [40, 42, 46, 116].includes(number);
      expect(tlsFaultOf(late)).toEqual({ ...early, kind: isRequest ? "client-certificate" : "handshake" });
    }
  });
});

test("an alert that has no name yet is one all the same", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 255 }),
      fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,3}$/),
      (number, name) => {
        expect(tlsFaultOf(new TlsAlert(false, alertError(number, `tlsv13 alert ${name}`, "a field")))).toMatchObject({
          alert: number,
          detail: expect.stringContaining(`"${name}"`),
        });
      },
    ),
  );
});

test("what is no TLS record is no TLS, and everything else that OpenSSL says is", () => {
  const reasons = ["wrong version number", "http request", "https proxy request", "packet length too long"];
  for (const reason of reasons) {
    expect(tlsFaultOf(Object.assign(new Error("x"), { code: codeOf(reason), reason }))?.kind).toBe("not-tls");
  }
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,3}$/), (reason) => {
      fc.pre(!reasons.includes(reason));
      expect(tlsFaultOf(Object.assign(new Error("x"), { code: codeOf(reason), reason }))?.kind).toBe("handshake");
    }),
  );
});
