import type { MirrorRegistry } from "../../images/mirror-target.ts";
import type { DemandFlags } from "./image-demand.ts";

/** The forms in which `registrar images` prints. */
export const listForms = ["list", "table", "json", "script"] as const;

export type ListForm = (typeof listForms)[number];

/** The flags of `images`. */
export interface ImagesFlags extends DemandFlags {
  /** Where a mirror is, or is to be. */
  registry: MirrorRegistry | undefined;
  /** Absent: a table on a terminal, else a list. */
  form: ListForm | undefined;
}
