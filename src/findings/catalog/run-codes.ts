import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

/** The run itself. */
export const runCodes = {
  "deadline-exceeded": entry<{ seconds: number; step: string }>({
    exit: exitCodes.deadline,
    what: ({ seconds, step }) => `the run did not finish within ${seconds} s; it was at step "${step}"`,
    fix: ({ step }, { chart, setting }) =>
      `Raise ${setting("timeouts.total")} (${chart ? "a run has 30 s less than that; " : ""}keep it below Helm's --timeout), or find out why "${step}" is slow.`,
    next: (_args, { command }) => command("check"),
  }),
  "check-timeout": entry<{ check: string; seconds: number }>({
    exit: exitCodes.deadline,
    what: ({ check, seconds }) => `check ${check} did not finish within ${seconds} s`,
    fix: ({ check }) =>
      `Allow the connection that ${check} makes: a firewall that drops packets gives no answer. Then run registrar check again.`,
    next: ({ check }, { chart, command }) =>
      chart ? command("check") : command("check", "--category", shellQuote(check.split("/")[0] ?? "")),
  }),
  "bundle-unwritable": entry<{ file: string }>({
    exit: exitCodes.failed,
    what: ({ file }) => `the support bundle ${file} cannot be written`,
    fix: () => "Give --bundle a file in an existing, writable folder, such as /tmp/support.tgz.",
    next: ({ file }) => `ls -ld ${shellQuote(file.replace(/[^/]*$/, "") || ".")}`,
  }),
  "insecure-without-token": entry<object>({
    exit: exitCodes.failed,
    what: () => "the connection is plain HTTP, so no token is sent",
    fix: (_args, { setting }) =>
      `Set ${setting("controlPlane.insecure")} to false if the control plane speaks TLS, else ${setting("controlPlane.auth.type")} to none.`,
    next: (_args, { command }) => command("check"),
  }),
  "internal-error": entry<object>({
    exit: exitCodes.failed,
    what: () => "internal error: this is a bug in registrar",
    fix: () => "Report it with a support bundle (registrar check --bundle support.tgz); running it again is safe.",
    next: (_args, { chart, command }) => (chart ? command("check") : command("check", "--bundle", "support.tgz")),
  }),
} as const;
