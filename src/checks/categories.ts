/** The categories of checks, in the order in which they are shown. */
export const categories = [
  "settings",
  "control-plane",
  "identity",
  "registration",
  "data-plane",
  "buildkit",
  "network",
  "images",
  "base-image",
  "index",
] as const;

/** What a check is about. */
export type Category = (typeof categories)[number];
