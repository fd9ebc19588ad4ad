import type { Finding } from "../../findings/finding.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import type { Outcome } from "../engine/check.ts";

/** What was found about some images. */
export interface ImageAnswers {
  /** References about which there is no finding. */
  sound: readonly string[];
  /** One for each cause. */
  findings: readonly Finding[];
  /** What to say where there is no finding. */
  details: readonly string[];
}

/**
 * Ends a check of images with one finding: the first error, else the first warning. Its reason mentions the others. An error stops
 * what needs the images; a warning does not.
 * @throws {RegistrarError} the finding if it is an error and no image is sound
 */
export function outcomeOfGroups({ sound, findings, details }: ImageAnswers): Outcome<readonly string[]> {
  // What is wrong with a registry is found with each of its images.
  const causes = [...new Map(findings.map((found) => [JSON.stringify(found), found])).values()];
  const [first, ...others] = [
    ...causes.filter(({ severity }) => severity === "error"),
    ...causes.filter(({ severity }) => severity === "warning"),
  ];
  if (!first) return { value: sound, detail: details.join("; ") };
  const also = others.map(({ code, why }) => `also ${code}: ${why}`);
  const found = { ...first, why: [first.why, ...also].filter((text) => text !== "").join("; ") };
  if (sound.length === 0 && first.severity === "error") throw new RegistrarError(found);
  return { finding: found, value: sound };
}
