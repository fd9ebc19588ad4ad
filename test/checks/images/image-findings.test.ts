import { expect, it } from "vitest";
import { outcomeOfGroups } from "../../../src/checks/images/image-findings.ts";
import { type Finding, finding } from "../../../src/findings/finding.ts";
import { RegistrarError } from "../../../src/findings/registrar-error.ts";

const refused = (host: string) => finding("warning", "registry-refused", { endpoint: `https://${host}` }, host);
const error = (host: string): Finding => ({ ...refused(host), severity: "error" });

it.each<[name: string, findings: Finding[], why: string]>([
  ["what a registry does to several images is one cause", [refused("a"), refused("a")], "a"],
  ["other causes are in the reason", [refused("a"), refused("b"), refused("a")], "a; also registry-refused: b"],
  ["errors come first", [refused("a"), error("b")], "b; also registry-refused: a"],
])("%s", (_name, findings, why) => {
  const outcome = outcomeOfGroups({ sound: ["sound:1"], findings, details: ["sound:1"] });
  expect(outcome).toMatchObject({ finding: { code: "registry-refused", why }, value: ["sound:1"] });
});

it("an error about all images is thrown, so that nothing goes on with them", () => {
  expect(() => outcomeOfGroups({ sound: [], findings: [error("a")], details: [] })).toThrow(RegistrarError);
});

it("without a finding, the details say what is there", () => {
  const details = ["a:1", "b:1 is not seen from here"];
  expect(outcomeOfGroups({ sound: ["a:1", "b:1"], findings: [], details })).toEqual({
    value: ["a:1", "b:1"],
    detail: "a:1; b:1 is not seen from here",
  });
});
