import { entry, exitCodes } from "./entry.ts";

/** The run itself. */
export const runErrors = {
  "deadline-exceeded": entry<{ seconds: number; step: string }>({
    exit: exitCodes.deadline,
    what: ({ seconds, step }) => `the run did not end within ${seconds} s; it was at: ${step}`,
    fix: () => "Raise timeouts.total (and keep it below Helm's --timeout), or speed up the step that is named.",
    next: () => "registrar register --config <file> --verbose",
  }),
  "insecure-without-token": entry<object>({
    exit: exitCodes.failed,
    what: () => "the connection is plain HTTP, so the credentials of controlPlane.auth are not sent",
    fix: () =>
      "Set controlPlane.insecure to false where the control plane speaks TLS, else controlPlane.auth.type to none.",
    next: () => "registrar status --config <file>",
  }),
  "internal-error": entry<object>({
    exit: exitCodes.failed,
    what: () => "the program met an error that it does not know, which is a fault of the program",
    fix: () => "Report it with the lines above; running again is safe.",
    next: () => "registrar status --config <file>",
  }),
} as const;
