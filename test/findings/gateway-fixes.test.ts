import { describe, expect, test } from "vitest";
import { type GatewaySource, gatewayFix, gatewayFixes } from "../../src/findings/catalog/gateway-fixes.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";
import { anyChart } from "../../testing/findings/any-arguments.ts";

const endpoint = "https://union.example.com";
const sources: (GatewaySource | undefined)[] = [...(Object.keys(gatewayFixes) as GatewaySource[]), undefined];

describe.each([
  ["on a workstation", readerOf(anyone)],
  ["in a pod", readerOf({ ...anyone, chart: anyChart })],
])("the fix for an answer of a gateway, %s", (_, reader) => {
  test.each(sources)("of %s says what to do, where, and with what", (source) => {
    const fix = gatewayFix(source, endpoint, reader);
    expect(fix).toMatch(/^(Exempt|Set|Raise|Create|Allow|Correct|Have) .*[^.]\.$/);
    expect(fix).toMatch(/controlPlane\.\w+|proxy\.url|--[a-z]/);
    expect(fix).not.toMatch(/undefined|\[object|\.\.$/);
    expect(fix.length).toBeLessThan(320);
  });

  test("names the host where it is about one", () => {
    expect(gatewayFix("no-route", endpoint, reader)).toContain("host union.example.com");
  });
});
