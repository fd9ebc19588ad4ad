import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";
import { fillObject, mountedObject } from "./mounted-objects.ts";

/** Files that settings name, found before anything is contacted. */
export const fileCodes = {
  "file-unreadable": entry<{ file: string; setting: string }>({
    exit: exitCodes.failed,
    what: ({ file, setting }, { setting: nameOf }) => `the file ${file} of ${nameOf(setting)} cannot be read`,
    fix: ({ file, setting }, { chart, setting: nameOf }) => {
      const mounted = chart && mountedObject(setting, chart);
      if (!mounted) return `Create ${file}, or correct ${nameOf(setting)}.`;
      const { kind, name, key } = mounted;
      return `Create ${kind} ${chart.namespace}/${name} with key ${key} (the next command does, from standard input), or set ${nameOf(setting)} to the one that has it.`;
    },
    next: ({ file, setting }, reader) => repairNamedFile(setting, reader, `ls -l ${shellQuote(file)}`),
  }),
  "file-malformed": entry<{ file: string; setting: string }>({
    exit: exitCodes.failed,
    what: ({ file, setting }, { setting: nameOf }) => `the file ${file} of ${nameOf(setting)} cannot be used`,
    fix: ({ file, setting }, { chart }) => {
      const mounted = chart && mountedObject(setting, chart);
      if (!mounted) return `Save ${file} as UTF-8 text without a byte order mark.`;
      const { kind, name, key } = mounted;
      return `Put UTF-8 text without a byte order mark into key ${key} of ${kind} ${chart.namespace}/${name} (the next command does, from standard input).`;
    },
    // Shows what kind of text it is, and nothing of it.
    next: ({ file, setting }, reader) => repairNamedFile(setting, reader, `file ${shellQuote(file)}`),
  }),
  "ca-file-malformed": entry<{ file: string }>({
    exit: exitCodes.failed,
    what: ({ file }, { setting }) =>
      `the file ${file} of ${setting("controlPlane.caFile")} is no file of CA certificates`,
    fix: ({ file }, { chart }) => {
      const { caBundle, namespace } = chart ?? {};
      return caBundle
        ? `Put CA certificates in PEM into key ${caBundle.key} of ${caBundle.kind} ${namespace}/${caBundle.name} (the next command does, from standard input).`
        : `Replace ${file} by CA certificates in PEM, each from its BEGIN to its END line (see why).`;
    },
    next: ({ file }, reader) =>
      repairNamedFile("controlPlane.caFile", reader, `openssl storeutl -noout -certs ${shellQuote(file)}`),
  }),
  "template-unusable": entry<{ file: string }>({
    exit: exitCodes.usage,
    what: ({ file }) => `the template ${file} does not render a definition that can be registered`,
    fix: ({ file }) => `Correct ${file}; start from templates/build_image_task.yaml.hbs of this program.`,
    next: (_args, { command }) => command("render"),
  }),
} as const;

/** Shows a file that a setting names; in a pod, fills the object that it is mounted from. */
function repairNamedFile(setting: string, reader: Reader, there: string): string {
  if (!reader.chart) return there;
  const mounted = mountedObject(setting, reader.chart);
  return mounted ? fillObject(mounted, reader) : reader.command("render");
}
