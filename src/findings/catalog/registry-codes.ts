import { entry, exitCodes } from "./code-entry.ts";

/** Images in container registries. */
export const registryCodes = {
  "image-reference-malformed": entry<{ reference: string; fault: string }>({
    exit: exitCodes.usage,
    what: ({ reference, fault }) => `"${reference}" is no reference to an image: it ${fault}`,
    fix: () =>
      "Correct the reference to <host>/<repository>:<tag>, in lower case, with @sha256:<digest> if it is pinned.",
    next: (_args, { command }) => command("check"),
  }),
} as const;
