import { entry, exitCodes } from "./code-entry.ts";

/** Mirrors of the images that builds require. */
export const mirrorCodes = {
  "mirror-targets-collide": entry<{ image: string; other: string; target: string }>({
    exit: exitCodes.usage,
    what: ({ image, other, target }) => `${image} and ${other} would both be ${target} in the mirror`,
    fix: () =>
      "Give only one of them by --base-image or builds.baseImages, and mirror the other by a run whose --to has another path.",
    next: (_args, { command }) => command("images", "--format", "list"),
  }),
} as const;
