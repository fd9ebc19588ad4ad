import { describe, expect, it } from "vitest";
import { openMetrics } from "../../../src/report/metrics/metric-families.ts";

describe("OpenMetrics text", () => {
  it("has type, unit, help and samples of each family, and ends with EOF", () => {
    const samples = [{ labels: { trigger: "test", a: 'b\\c"d\ne' }, value: 1 }, { value: 1764201600.5 }];
    expect(openMetrics([{ name: "a_seconds", unit: "seconds", help: "What it is.", samples }])).toBe(
      [
        "# TYPE a_seconds gauge",
        "# UNIT a_seconds seconds",
        "# HELP a_seconds What it is.",
        'a_seconds{trigger="test",a="b\\\\c\\"d e"} 1',
        "a_seconds 1764201600.5",
        "# EOF",
      ].join("\n"),
    );
  });

  it("leaves out a family without samples", () => {
    expect(openMetrics([{ name: "a", help: "What it is.", samples: [] }])).toBe("# EOF");
  });
});
