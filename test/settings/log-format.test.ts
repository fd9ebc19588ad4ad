import { describe, expect, it } from "vitest";
import { leavesOfSettings } from "../../src/settings/leaves.ts";
import { logFormatOf } from "../../src/settings/log-format.ts";

const leaf = leavesOfSettings().find(({ path }) => path.join(".") === "logFormat");

interface Given {
  flag?: string;
  variable?: string;
  file?: string;
}

function formatFor({ flag, variable, file }: Given) {
  const flags = leaf && flag !== undefined ? [{ leaf, value: flag }] : [];
  const environment = { ...(variable !== undefined && { REGISTRAR_LOG_FORMAT: variable }) };
  return logFormatOf({ flags, environment, configFile: file === undefined ? undefined : "a.yaml" }, () =>
    Buffer.from(file ?? ""),
  );
}

describe("the form of the log, before the settings are parsed", () => {
  it.each<[Given, "text" | "json"]>([
    [{}, "text"],
    [{ flag: "json" }, "json"],
    [{ variable: "json" }, "json"],
    [{ file: "logFormat: json" }, "json"],
    [{ file: '{"logFormat": "json"}' }, "json"],
    [{ flag: "text", variable: "json", file: "logFormat: json" }, "text"],
    [{ variable: "text", file: "logFormat: json" }, "text"],
    [{ variable: "", file: "logFormat: json" }, "json"],
    [{ file: "appVersion: 2026.3.4" }, "text"],
    [{ file: "logFormat: json\nnonsense: [1]\ntimeouts: 5" }, "json"],
    [{ file: "# logFormat: json" }, "text"],
    [{ file: "logFormat: xml" }, "text"],
    [{ flag: "xml", file: "logFormat: json" }, "text"],
    [{ file: "logFormat: json\n  {" }, "text"],
  ])("%j: %s", (given, expected) => {
    expect(formatFor(given)).toBe(expected);
  });

  it("is text if the file cannot be read, which is reported later", () => {
    const readFile = () => {
      throw new Error("ENOENT");
    };
    expect(logFormatOf({ flags: [], environment: {}, configFile: "a.yaml" }, readFile)).toBe("text");
  });
});
