import { expect, test } from "vitest";
import { type PullFault, pullFaultOf } from "../../src/buildkit/pull-faults.ts";
import { describeFailedPulls } from "../../src/buildkit/pull-findings.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { labQuestions } from "../../testing/buildkit/questions.ts";
import { messageOf } from "../../testing/buildkit/recording.ts";
import { described } from "../../testing/findings/described.ts";

const faults = labQuestions.filter(({ kind }) => kind !== "available");
const noAnswer: PullFault = { kind: "no-answer", words: "" };

function only(findings: readonly Finding[]): Finding {
  const [found, ...others] = findings;
  if (!found || others.length > 0) throw new Error(`${findings.length} findings`);
  return found;
}

test.each(faults)("$row is the finding pull-$kind", ({ row, image, kind }) => {
  const fault = kind === "no-answer" ? noAnswer : pullFaultOf(messageOf(row));
  const found = only(describeFailedPulls([{ image, fault }], "error", () => undefined));
  expect(found).toMatchObject({ code: `pull-${kind}`, severity: "error", args: { images: [image] }, why: fault.words });
});

test("images with the same cause are in one finding, others in their own", () => {
  const refused = (host: string): PullFault => ({
    kind: "refused",
    words: "connection refused",
    host,
    address: "10.0.0.1:443",
  });
  const found = describeFailedPulls(
    [
      { image: "a.example.com/a:1", fault: refused("a.example.com") },
      { image: "b.example.com/b:1", fault: refused("b.example.com") },
      { image: "a.example.com/c:1", fault: refused("a.example.com") },
      { image: "a.example.com/d:1", fault: { ...noAnswer, host: "a.example.com" } },
    ],
    "warning",
    () => undefined,
  );
  expect(found.map(({ code, severity, args }) => [code, severity, args])).toEqual([
    ["pull-refused", "warning", expect.objectContaining({ images: ["a.example.com/a:1", "a.example.com/c:1"] })],
    ["pull-refused", "warning", expect.objectContaining({ images: ["b.example.com/b:1"] })],
    ["pull-no-answer", "warning", expect.objectContaining({ images: ["a.example.com/d:1"] })],
  ]);
});

test.each([
  [true, /security group/, /VPC endpoint/],
  [false, /VPC endpoint/, /security group/],
])("a connection that nobody answers: private: %s", (isPrivate, named, other) => {
  const fault: PullFault = {
    kind: "dial-timeout",
    words: "i/o timeout",
    host: "h.example.com",
    address: "10.0.0.1:443",
  };
  const asked: string[] = [];
  const found = describeFailedPulls([{ image: "h.example.com/a:1", fault }], "error", (address) => {
    asked.push(address);
    return isPrivate;
  });
  const { fix } = described(only(found));
  expect(fix).toMatch(named);
  expect(fix).not.toMatch(other);
  expect(asked).toEqual(["10.0.0.1:443"]);
});

test("many images are counted and not all named", () => {
  const images = Array.from({ length: 12 }, (_, index) => `h.example.com/a${index}:1`);
  const found = describeFailedPulls(
    images.map((image) => ({ image, fault: noAnswer })),
    "error",
    () => undefined,
  );
  expect(described(only(found)).what).toContain(
    "h.example.com/a0:1, h.example.com/a1:1, h.example.com/a2:1 and 9 more",
  );
});
