import { entry, exitCodes } from "./code-entry.ts";

/** The run itself. */
export const runErrors = {
  "deadline-exceeded": entry<{ seconds: number; step: string }>({
    exit: exitCodes.deadline,
    what: ({ seconds, step }) => `the run did not end within ${seconds} s; it was at: ${step}`,
    fix: () => "Raise timeouts.total (and keep it below Helm's --timeout), or speed up the step that is named.",
    next: () => "registrar register --config <file> --verbose",
  }),
  "check-timeout": entry<{ check: string; seconds: number }>({
    exit: exitCodes.deadline,
    what: ({ check, seconds }) => `check ${check} did not end within ${seconds} s`,
    fix: ({ check }) =>
      `Allow the connection that it makes (a firewall that drops packets gives no answer), and run registrar check --category ${check.split("/")[0]}.`,
    next: ({ check }) => `registrar check --config <file> --category ${check.split("/")[0]}`,
  }),
  "bundle-unwritable": entry<{ file: string }>({
    exit: exitCodes.failed,
    what: ({ file }) => `the support bundle ${file} cannot be written`,
    fix: () => "Name a file with --bundle in a folder that is there and can be written to, such as /tmp/support.tgz.",
    next: ({ file }) => `ls -ld ${file.replace(/[^/]*$/, "") || "."}`,
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
    fix: () => "Report it with what registrar check --bundle support.tgz packs; running it again is safe.",
    next: () => "registrar check --config <file> --bundle support.tgz",
  }),
} as const;
