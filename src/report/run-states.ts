/** How a run of register, verify or status may end. */
export const states = [
  // register
  "registered",
  "up-to-date",
  "kept",
  "superseded",
  "planned",
  // register of a member; observed is also verify's
  "observed",
  "unchanged",
  // register on a schedule
  "not-due",
  // verify
  "current",
  "not-current",
  "built",
  "build-failed",
  // status
  "known",
  // any of them
  "failed",
  "interrupted",
] as const;

/** States in which a run has not done what it is for. */
export const failedStates: ReadonlySet<(typeof states)[number]> = new Set([
  "failed",
  "interrupted",
  "not-current",
  "build-failed",
]);
