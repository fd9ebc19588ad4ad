import type { Session } from "../control-plane/session.ts";
import type { ControlPlaneTarget } from "../settings/load.ts";

/** Opens a session that gives up after a few seconds of retrying. Whoever runs the checks closes it after the last. */
export type OpenSession = (target: ControlPlaneTarget) => Session;
