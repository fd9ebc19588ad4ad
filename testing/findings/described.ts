import { type DescribedFinding, describe, type Finding } from "../../src/findings/finding.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";

/** The texts of a finding, or of an error, for a reader on a workstation without settings flags. */
export function described(found: Finding | RegistrarError): DescribedFinding {
  const finding = found instanceof RegistrarError ? found.finding : found;
  return describe(finding, readerOf(anyone), anyone.docsUrl);
}
