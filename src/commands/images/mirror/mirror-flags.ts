import type { CopyToolName } from "../../../images/mirror/copy-tools.ts";
import type { MirrorTarget } from "../../../images/mirror-target.ts";
import type { DemandFlags } from "../image-demand.ts";

/** The flags of `images mirror`. */
export interface MirrorFlags extends DemandFlags {
  target: MirrorTarget | undefined;
  /** A folder that an earlier run has filled; absent: images come from where they are published. */
  fromFolder: string | undefined;
  isDryRun: boolean;
  /** Images that are copied at the same time. */
  atOnce: number;
  tool: CopyToolName | "auto";
}
