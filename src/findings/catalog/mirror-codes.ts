import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

/** Mirrors of the images that builds require. */
export const mirrorCodes = {
  "mirror-targets-collide": entry<{ image: string; other: string; target: string }>({
    exit: exitCodes.usage,
    what: ({ image, other, target }) => `${image} and ${other} would both be ${target} in the mirror`,
    fix: () =>
      "Give only one of them by --base-image or builds.baseImages, and mirror the other by a run whose --to has another path.",
    next: (_args, { command }) => command("images", "--format", "list"),
  }),
  "mirror-tool-missing": entry<{ tools: string }>({
    exit,
    what: ({ tools }) => `no tool that copies images can be started (${tools})`,
    fix: () =>
      "Install skopeo, crane, regctl or oras, or run the script of registrar images --format script on a machine that has one.",
    next: (_args, { command }) => command("images", "--to", "<registry/path>", "--format", "script"),
  }),
  "mirror-copy-failed": entry<{ image: string; target: string; tool: string; to: string }>({
    exit,
    what: ({ image, target, tool }) => `${tool} could not copy ${image} to ${target}`,
    fix: ({ target, tool }) =>
      `Correct what ${tool} says (see why): mostly log in with the right to push ${target}, or create its repository, which Amazon ECR requires; then run registrar images mirror again: what is there already is not copied again.`,
    next: ({ to }, { command }) => command("images mirror", "--to", shellQuote(to)),
  }),
  "mirror-copy-differs": entry<{ image: string; target: string; expected: string; found: string; to: string }>({
    exit,
    what: ({ image, target, expected, found }) =>
      `the copy of ${image} at ${target} has digest ${found}, and its source ${expected}`,
    fix: ({ target }) =>
      `Find what else writes ${target}: another run, or a registry that converts images; then run registrar images mirror again.`,
    next: ({ to }, { command }) => command("images mirror", "--to", shellQuote(to), "--dry-run"),
  }),
  "mirror-layout-broken": entry<{ image: string; folder: string }>({
    exit,
    what: ({ image, folder }) => `${image} in the folder ${folder} is incomplete or damaged`,
    fix: ({ folder }) => `Copy the image into it again: registrar images mirror --to ${shellQuote(`oci:${folder}`)}.`,
    next: ({ folder }, { command }) => command("images mirror", "--to", shellQuote(`oci:${folder}`)),
  }),
  "mirror-layout-unusable": entry<{ folder: string }>({
    exit,
    what: ({ folder }) => `the folder ${folder} holds no images in the OCI image layout`,
    fix: ({ folder }) =>
      `Give the folder that registrar images mirror --to oci:<folder> has filled, instead of ${shellQuote(folder)}.`,
    next: ({ folder }) => `ls -l ${shellQuote(folder)}`,
  }),
} as const;
