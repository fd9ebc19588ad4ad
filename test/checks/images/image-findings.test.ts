import { describe, expect, it } from "vitest";
import { outcomeOfGroups } from "../../../src/checks/images/image-findings.ts";
import { finding } from "../../../src/findings/finding.ts";

const at = { images: ["a:1"], host: "a", address: "" };
const error = finding("error", "pull-missing", at, "not found");
const warning = finding("warning", "pull-login-required", at, "401");

describe("a check of images", () => {
  it("passes with what is there, and what else is known", () => {
    expect(outcomeOfGroups({ sound: ["a:1", "b:1"], findings: [], details: ["a:1", "b is private"] })).toEqual({
      value: ["a:1", "b:1"],
      detail: "a:1; b is private",
    });
  });

  it("ends with the first error, and mentions the rest", () => {
    const outcome = outcomeOfGroups({ sound: ["b:1"], findings: [warning, error], details: [] });
    expect(outcome).toEqual({
      value: ["b:1"],
      finding: { ...error, why: "not found; also pull-login-required: 401" },
    });
  });

  it("mentions a cause once that is found with each image", () => {
    const outcome = outcomeOfGroups({ sound: ["b:1"], findings: [error, error], details: [] });
    expect(outcome).toEqual({ value: ["b:1"], finding: error });
  });

  it("fails where an error leaves nothing", () => {
    expect(() => outcomeOfGroups({ sound: [], findings: [error], details: [] })).toThrow("pull-missing");
  });

  it("goes on with a warning, even where nothing is sound", () => {
    expect(outcomeOfGroups({ sound: [], findings: [warning], details: [] })).toEqual({ value: [], finding: warning });
  });
});
