import { InvalidArgumentError } from "commander";
import { type MirrorRegistry, readMirrorRegistry } from "../../images/mirror-target.ts";
import type { Command } from "../shell/command.ts";
import { demandFlags, demandSettings, parseDemandFlags } from "./image-demand.ts";
import { type ImagesFlags, listForms } from "./images-flags.ts";

/** `registrar images`: every image that remote builds require. */
export const imagesCommand: Command<ImagesFlags> = {
  name: "images",
  description: "list every image that remote builds require, who pulls it, and how a mirror is used; works offline",
  reads: demandSettings,
  flags: [
    ...demandFlags,
    {
      syntax: "--to <registry/path>",
      description: "a mirror: show each image's place there, and the values that make builds use it",
      parseValue: parseRegistry,
    },
    {
      syntax: "--format <form>",
      description:
        "list: references, one a line; script: copies them to --to (default: table on a terminal, else list)",
      choices: listForms,
    },
  ],
  outputs: [],
  examples: [
    "registrar images --app-version 2026.3.4 --python 3.12 --sdk-version 2.12.1",
    "registrar images --config registrar.yaml --to registry.example.com/union",
    "registrar images --config registrar.yaml --format list | xargs -n1 crane digest",
    "registrar images --config registrar.yaml --to registry.example.com/union --format script > mirror.sh",
    "registrar images mirror --config registrar.yaml --to registry.example.com/union",
  ],
  parse: (given) => ({
    ...parseDemandFlags(given),
    registry: isRegistry(given["to"]) ? given["to"] : undefined,
    form: listForms.find((form) => form === given["format"]),
  }),
  load: async () => (await import("./images-body.ts")).images,
};

function parseRegistry(text: string): MirrorRegistry {
  const read = readMirrorRegistry(text);
  if (typeof read === "string") throw new InvalidArgumentError(`It ${read}.`);
  return read;
}

function isRegistry(value: unknown): value is MirrorRegistry {
  return typeof value === "object" && value !== null && "host" in value && "prefix" in value;
}
