import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CertificateError } from "../../src/network/certificate.ts";
import { ProxyError } from "../../src/network/connect-through-proxy.ts";
import { findNetworkFault, type NetworkFault } from "../../src/network/faults.ts";

type Kind = NetworkFault["kind"];

const withCode = (code: string, message = "said so", more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

const codes: [code: string, kind: Kind][] = [
  ["ENOTFOUND", "name-unknown"],
  ["EAI_AGAIN", "name-unknown"],
  ["EAI_NODATA", "name-unknown"],
  ["EAI_NONAME", "name-unknown"],
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "timed-out"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["EHOSTDOWN", "unreachable"],
  ["ENETDOWN", "unreachable"],
  ["EADDRNOTAVAIL", "unreachable"],
  ["EAFNOSUPPORT", "unreachable"],
  ["ECONNRESET", "reset"],
  ["EPIPE", "reset"],
  ["ECONNABORTED", "reset"],
  ["ERR_STREAM_PREMATURE_CLOSE", "reset"],
  ["ERR_STREAM_DESTROYED", "reset"],
  ["ERR_HTTP2_STREAM_ERROR", "reset"],
  ["ERR_HTTP2_SESSION_ERROR", "reset"],
  ["ERR_HTTP2_INVALID_SESSION", "reset"],
  ["ERR_HTTP2_GOAWAY_SESSION", "reset"],
  ["HPE_INVALID_EOF_STATE", "reset"],
  ["HPE_INVALID_CONSTANT", "not-http"],
  ["HPE_INVALID_HEADER_TOKEN", "not-http"],
  ["HPE_HEADER_OVERFLOW", "not-http"],
  ["ERR_HTTP2_ERROR", "not-http"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "untrusted"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "untrusted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "untrusted"],
  ["CERT_UNTRUSTED", "untrusted"],
  ["CERT_SIGNATURE_FAILURE", "untrusted"],
  ["INVALID_CA", "unusable"],
  ["INVALID_PURPOSE", "unusable"],
  ["PATH_LENGTH_EXCEEDED", "unusable"],
  ["CERT_CHAIN_TOO_LONG", "unusable"],
  ["CERT_REVOKED", "unusable"],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "unusable"],
  ["ERROR_IN_CERT_NOT_AFTER_FIELD", "unusable"],
  // What Node calls every other error of OpenSSL, such as a key that is too small.
  ["UNSPECIFIED", "unusable"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "wrong-host"],
  ["ERR_CERTIFICATE_WITHOUT_NAMES", "without-names"],
  ["CERT_HAS_EXPIRED", "not-valid-now"],
  ["CERT_NOT_YET_VALID", "not-valid-now"],
  ["EPROTO", "handshake"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "not-tls"],
  ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "not-tls"],
  ["ERR_SSL_HTTP_REQUEST", "not-tls"],
  ["ERR_SSL_HTTPS_PROXY_REQUEST", "not-tls"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "handshake"],
  ["ERR_SSL_DH_KEY_TOO_SMALL", "handshake"],
  ["ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "handshake"],
  ["ERR_SSL_UNEXPECTED_MESSAGE", "handshake"],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "handshake"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "handshake"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "handshake"],
  ["ERR_SSL_TLSV1_UNRECOGNIZED_NAME", "handshake"],
];

describe("an error with a code", () => {
  test.each(codes)("%s is %s", (code, kind) => {
    const detail = `said so (${code})`;
    expect(findNetworkFault(withCode(code))).toMatchObject({ kind, detail });
    expect(findNetworkFault(withCode(code, `${code} said so`))).toMatchObject({ kind, detail: `${code} said so` });
  });

  test.each(["ENOENT", "EACCES", "E", "", "XECONNREFUSED", "ECONNREFUSEDX", "toString", "ERR_INVALID_ARG_TYPE"])(
    "%j is none of the network's",
    (code) => {
      expect(findNetworkFault(withCode(code))).toBeUndefined();
    },
  );

  test("and OpenSSL's reason says that reason", () => {
    const message = "40E3:error:0A00045C:SSL routines:tls_validate_record_header:wrong version number:a.c:78:\n";
    const error = withCode("ERR_SSL_WRONG_VERSION_NUMBER", message, { reason: "wrong version number" });
    const detail = "wrong version number (ERR_SSL_WRONG_VERSION_NUMBER)";
    expect(findNetworkFault(error)).toEqual({ kind: "not-tls", detail });
    expect(findNetworkFault(withCode("EPROTO", `write EPROTO ${message}`))).toEqual({
      kind: "not-tls",
      detail: "wrong version number (EPROTO)",
    });
  });
});

describe("an error of our own", () => {
  test("about a certificate keeps what it says and the names", () => {
    const error = new CertificateError(
      "wrong-host",
      "it is for elsewhere",
      { names: "elsewhere" },
      {
        cause: withCode("ERR_TLS_CERT_ALTNAME_INVALID"),
      },
    );
    const fault = { kind: "wrong-host", detail: "it is for elsewhere", names: "elsewhere", issuer: "" };
    expect(findNetworkFault(error)).toEqual(fault);
  });

  test("about a proxy is the proxy's, whatever caused it", () => {
    const error = new ProxyError("http://proxy:3128", "", { cause: withCode("ECONNREFUSED", "connect ECONNREFUSED") });
    const fault = { kind: "proxy", detail: "connect ECONNREFUSED", proxy: "http://proxy:3128" };
    expect(findNetworkFault(error)).toEqual(fault);
  });

  test("about the TLS of a proxy is one of TLS, and says that it is the proxy's", () => {
    const cause = withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate");
    const error = new ProxyError("https://proxy:3128", "", { cause });
    expect(findNetworkFault(error)).toMatchObject({ kind: "untrusted", proxy: "https://proxy:3128" });
  });
});

test("the reason of a signal that timed out is a timeout", async () => {
  const signal = AbortSignal.timeout(1);
  await expect.poll(() => signal.aborted).toBe(true);
  const fault = { kind: "timed-out", detail: "no answer in time" };
  expect(findNetworkFault(signal.reason)).toEqual(fault);
  expect(findNetworkFault(new Error("wrapped", { cause: signal.reason }))).toEqual(fault);
  expect(findNetworkFault(AbortSignal.abort().reason)).toBeUndefined();
});

describe("several addresses of a name", () => {
  const attempts = (...each: string[]) => new AggregateError(each.map((code) => withCode(code, `connect ${code}`)));

  test("that all fail alike are one fault", () => {
    const error = Object.assign(attempts("ECONNREFUSED", "ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(findNetworkFault(error)).toEqual({ kind: "refused", detail: "connect ECONNREFUSED" });
  });

  test("are judged by one that this machine has a route to", () => {
    const error = Object.assign(attempts("ENETUNREACH", "ECONNREFUSED"), { code: "ENETUNREACH" });
    expect(findNetworkFault(error)).toEqual({ kind: "refused", detail: "connect ECONNREFUSED" });
    expect(findNetworkFault(attempts("ENETUNREACH", "EHOSTUNREACH"))).toMatchObject({ kind: "unreachable" });
  });

  test("are found below other errors", () => {
    const error = new Error("fetch failed", { cause: attempts("ETIMEDOUT") });
    expect(findNetworkFault(error)).toMatchObject({ kind: "timed-out" });
  });

  test("of which nothing is known are no fault", () => {
    expect(findNetworkFault(new AggregateError([]))).toBeUndefined();
    expect(findNetworkFault(new AggregateError(["text", undefined, new Error("x")]))).toBeUndefined();
  });
});

describe("whatever is thrown", () => {
  const known = fc.constantFrom(...codes);

  test("a code is found below errors that have none, and the outermost one counts", () =>
    fc.assert(
      fc.property(known, known, fc.integer({ min: 0, max: 3 }), ([outer, kind], [inner], depth) => {
        let error: Error = Object.assign(withCode(outer), { cause: withCode(inner) });
        for (let level = 0; level < depth; level++) error = new Error(`level ${level}`, { cause: error });
        expect(findNetworkFault(error)?.kind).toBe(kind);
      }),
    ));

  test("is no fault unless it is an error of the network, and a circle of causes ends", () =>
    fc.assert(
      fc.property(fc.anything(), fc.string(), (thing, text) => {
        expect(findNetworkFault(thing)).toBeUndefined();
        const circle = new Error(text);
        circle.cause = circle;
        expect(findNetworkFault(circle)).toBeUndefined();
        expect(findNetworkFault(new Error(text, { cause: thing }))).toBeUndefined();
      }),
    ));
});
