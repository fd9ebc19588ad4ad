import { InvalidArgumentError } from "commander";
import { copyToolNames } from "../../../images/mirror/copy-tools.ts";
import { type MirrorTarget, readMirrorTarget } from "../../../images/mirror-target.ts";
import { outputForms } from "../../../report/observer.ts";
import { unionImagePrefix } from "../../../settings/task-schema.ts";
import type { Command } from "../../shell/command.ts";
import { textsOf } from "../../shell/flag-values.ts";
import { outputFlag } from "../../shell/flags.ts";
import { demandFlags, demandSettings, parseDemandFlags } from "../image-demand.ts";
import type { MirrorFlags } from "./mirror-flags.ts";

const defaultAtOnce = 4;
/** More would only wait for one another, and registries would limit them. */
const mostAtOnce = 32;

/** `registrar images mirror`: copies what `registrar images` lists. */
export const mirrorCommand: Command<MirrorFlags> = {
  name: "images mirror",
  description: "copy these images into a registry or a folder, all platforms, digests kept; safe to kill and to repeat",
  reads: [...demandSettings, "registry", "controlPlane.caFile"],
  flags: [
    outputFlag,
    ...demandFlags,
    { syntax: "--to <target>", description: "registry/path, or oci:DIR for a folder", parseValue: parseTarget },
    {
      syntax: "--from <folder>",
      description: "oci:DIR, a folder that --to oci:DIR has filled: copy all images of it",
      parseValue: parseFolder,
    },
    { syntax: "--dry-run", description: "show what would be copied, and copy nothing" },
    {
      syntax: "--parallel <number>",
      description: `images at the same time (default: ${defaultAtOnce})`,
      parseValue: parseNumber,
    },
    {
      syntax: "--tool <name>",
      description: "what copies; auto is the first of these on PATH",
      choices: ["auto", ...copyToolNames],
      default: "auto",
    },
  ],
  outputs: outputForms,
  examples: [
    "registrar images mirror --config registrar.yaml --to registry.example.com/union --dry-run",
    "registrar images mirror --config registrar.yaml --to registry.example.com/union",
    `registrar images mirror --config registrar.yaml --task-image-name-prefix ${unionImagePrefix} --to oci:/media/stick`,
    "registrar images mirror --from oci:/media/stick --to registry.example.com/union",
  ],
  parse: (given) => {
    const { to, from, dryRun, parallel, tool } = given;
    return {
      ...parseDemandFlags(given),
      target: isTarget(to) ? to : undefined,
      fromFolder: textsOf(from)[0],
      isDryRun: dryRun === true,
      atOnce: typeof parallel === "number" ? parallel : defaultAtOnce,
      tool: copyToolNames.find((name) => name === tool) ?? "auto",
    };
  },
  load: async () => (await import("./mirror-body.ts")).mirror,
};

function parseTarget(text: string): MirrorTarget {
  const read = readMirrorTarget(text);
  if (typeof read === "string") throw new InvalidArgumentError(`It ${read}.`);
  return read;
}

function isTarget(value: unknown): value is MirrorTarget {
  return typeof value === "object" && value !== null && "kind" in value;
}

function parseFolder(text: string): string {
  const target = parseTarget(text);
  if (target.kind === "registry") throw new InvalidArgumentError("It is not oci:DIR.");
  return target.folder;
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > mostAtOnce) {
    throw new InvalidArgumentError(`It is not a number from 1 to ${mostAtOnce}.`);
  }
  return number;
}
