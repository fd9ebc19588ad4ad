import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { terminationMessage } from "../../src/report/termination-message.ts";
import { sampleReport } from "./sample-report.ts";

const asItIs = (text: string) => text;

describe("the termination message", () => {
  it("says the state first, then the findings", () => {
    const lines = terminationMessage(sampleReport(), asItIs).split("\n");
    expect(lines[0]).toBe("failed: register failed (control-plane-refused)");
    expect(lines).toContain("ERROR control-plane-refused");
  });

  it("fits into what the kubelet keeps and breaks no character, whatever is in it", () => {
    const summaries = fc.string({ unit: fc.constantFrom("a", "é", "…", "🙂"), minLength: 1_000, maxLength: 6_000 });
    fc.assert(
      fc.property(summaries, (summary) => {
        const message = terminationMessage(sampleReport({ summary }), asItIs);
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
        expect(message).not.toContain("\uFFFD");
        expect(`failed: ${summary}`.startsWith(message.slice(0, 500))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("has the secrets taken out before it is cut, so that no half of one is left", () => {
    const secret = "canary-".repeat(20);
    const summary = `${"x".repeat(4_000)}${secret}`;
    const message = terminationMessage(sampleReport({ summary }), (text) => text.replaceAll(secret, "[redacted]"));
    expect(message).not.toContain("canary");
  });
});
