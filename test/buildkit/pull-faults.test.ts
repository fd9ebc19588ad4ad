import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pullFaultOf } from "../../src/buildkit/pull-faults.ts";
import { urlAnswerOf } from "../../src/buildkit/url-answer.ts";
import { labQuestions, labUrls } from "../../testing/buildkit/questions.ts";
import { messageOf, readRecording, recordedVersions } from "../../testing/buildkit/recording.ts";

describe.each(recordedVersions)("the words of buildkit %s", (version) => {
  const recording = readRecording(version);

  test("are recorded for every row of the lab", () => {
    expect(recording.map(({ row }) => row)).toEqual([...labQuestions, ...labUrls].map(({ row }) => row));
  });

  test("say nothing of what is there, and of a black hole behind a redirect", () => {
    const kinds = new Map(labQuestions.map(({ row, kind }) => [row, kind]));
    for (const { row, message } of recording) {
      expect([row, message === ""]).toEqual([row, kinds.get(row) === "available" || row.startsWith("URL behind")]);
      expect([row, message === null]).toEqual([row, kinds.get(row) === "no-answer"]);
    }
  });

  test.each(labQuestions.filter(({ kind }) => kind !== "available" && kind !== "no-answer"))(
    "of $row",
    ({ row, kind, olderKind }) => {
      const fault = pullFaultOf(messageOf(row, version));
      expect(fault.kind).toBe(version === "0.16.0" ? (olderKind ?? kind) : kind);
      expect(fault.words).not.toMatch(/failed to load cache key|\?/);
    },
  );

  test.each(labUrls.filter(({ row }) => !row.startsWith("URL behind")))("of $row", ({ row, answer }) => {
    expect(urlAnswerOf(messageOf(row, version))).toMatchObject(answer);
  });

  test.each([
    ["private black hole", "hole-private.test", "10.99.0.1:443"],
    ["public black hole", "hole-public.test", "203.0.113.1:443"],
    ["no route", "no-route.test", "192.0.2.1:443"],
    ["refused", "images.test:444", "10.98.0.1:444"],
    ["cut off", "images.test:445", "10.98.0.1:445"],
    ["no such name", "unknown-name.test", undefined],
    ["unknown CA", "unknown-ca.test", undefined],
    ["token endpoint refuses connections", "token.test:444", "10.98.0.1:444"],
    ["token endpoint of an unknown name", "unknown-name.test", undefined],
    ["tokens that give no right", undefined, undefined],
  ])("of %s name the host %s and the address %s", (row, host, address) => {
    const fault = pullFaultOf(messageOf(row, version));
    expect([fault.host, fault.address]).toEqual([host, address]);
  });
});

/** What the lab does not have; each from the source that is named. */
test.each([
  // Without a session (0.34.2: basic, 0.16.0: every challenge), from testing with the real ones.
  ["failed to load cache key: failed to authorize: no active sessions", "login-required"],
  // Of a manifest that is asked by GET.
  [
    "failed to load cache key: unexpected status from GET request to https://h.example.com/v2/a/manifests/sha256:1: 404 Not Found",
    "missing",
  ],
  // Go's crypto/x509, verify.go.
  [
    'Head "https://10.0.0.1/v2/": tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.1 because it doesn\'t contain any IP SANs',
    "wrong-host",
  ],
  [
    'Head "https://h.example.com/v2/": tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match h.example.com',
    "wrong-host",
  ],
  // Go's net/http, transport.go.
  ['Head "https://h.example.com/v2/": net/http: TLS handshake timeout', "no-answer"],
  ['Head "https://h.example.com/v2/": EOF', "reset"],
  ['Head "https://h.example.com/v2/": dial tcp 10.0.0.1:443: connect: no route to host', "unreachable"],
  // Go's net, dnsclient_unix.go, of a server that refuses UDP.
  [
    'Head "https://h.example.com/v2/": dial tcp: lookup h.example.com on 10.0.0.2:53: read udp 10.0.0.3:4000->10.0.0.2:53: read: connection refused',
    "dns-broken",
  ],
  ['Head "https://h.example.com/v2/": remote error: tls: handshake failure', "certificate"],
  // A build: testing/recordings/buildkit-build-0.34.2.json.
  ["h.example.com/a:1: encountered unknown type text/html; children may not be fetched", "proxy-page"],
  // containerd's remotes/docker/authorizer.go, of a registry with Basic authentication.
  ["failed to authorize: no basic auth credentials", "login-required"],
  ["something new", "other"],
  ["", "other"],
])("%s", (message, kind) => {
  expect(pullFaultOf(message).kind).toBe(kind);
});

test("a server's message does not decide what buildkit has met", () => {
  const said = "x509: certificate has expired, no such host, dial tcp 10.0.0.1:443: i/o timeout, not found";
  const message = `failed to load cache key: unexpected status from HEAD request to https://h.example.com/v2/a/manifests/1: 403 Forbidden\ndenied: ${said}`;
  expect(pullFaultOf(message)).toMatchObject({ kind: "forbidden", host: "h.example.com" });
});

test("signatures and passwords in URLs are not shown", () => {
  const { words, host } = pullFaultOf(
    'failed to do request: Get "https://robot:p4ss@bucket.s3.amazonaws.com/layer?X-Amz-Signature=5ecret&X=1": dial tcp 10.0.0.1:443: i/o timeout',
  );
  expect(words).toBe(
    'failed to do request: Get "https://bucket.s3.amazonaws.com/layer": dial tcp 10.0.0.1:443: i/o timeout',
  );
  expect(host).toBe("bucket.s3.amazonaws.com");
});

const pieces = [
  ...recordedVersions.flatMap((version) => readRecording(version).flatMap(({ message }) => message?.split(" ") ?? [])),
  "\u001b[31m",
  "$(reboot)",
  "https://a:b@c?d",
  '"',
  "\n",
  "\u0000",
];

test("any text is a fault in one line that is safe to print, whose host is safe in a command", () => {
  const anyUnits = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 100 })
    .map((units) => String.fromCharCode(...units));
  const anyText = fc.oneof(
    anyUnits.map((text) => text.repeat(40)),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((words) => words.join(" ")),
    fc.tuple(fc.constantFrom(...pieces), anyUnits).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { words = "", host = "", address = "" } of [pullFaultOf(text), urlAnswerOf(text)] as PullTexts[]) {
        expect(words.length).toBeLessThanOrEqual(600);
        expect(words).not.toMatch(/[\p{Cc}]/u);
        expect(`${host}${address}`).toMatch(/^[\w.:[\]-]*$/);
      }
    }),
    { numRuns: 300 },
  );
});

interface PullTexts {
  words?: string;
  host?: string;
  address?: string;
}
