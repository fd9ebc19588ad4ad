import type { ImageSpec, Layer, PipPackages } from "#flyteidl2/imagebuilder/definition_pb.js";

/**
 * The Dockerfile of an image, for the layers that a smoke build has and that tests use. That of Union's image builder is not public.
 * @throws {Error} at any other layer
 */
export function dockerfileOf({ baseImage, pythonVersion, layers }: ImageSpec): string {
  return [`FROM ${baseImage}`, ...layers.flatMap(({ layer }) => instructionsOf(layer, pythonVersion)), ""].join("\n");
}

function instructionsOf({ case: kind, value }: Layer["layer"], pythonVersion: string): string[] {
  if (kind === "env") return Object.entries(value.envVariables).map(([name, text]) => `ENV ${name}=${quoted(text)}`);
  if (kind === "commands") return value.cmd.map((command) => `RUN ${command}`);
  if (kind === "pipPackages") return [`RUN ${["uv pip install", ...pipWords(value, pythonVersion)].join(" ")}`];
  throw new Error(`no Dockerfile is made of a layer ${kind}`);
}

function pipWords({ packages, options }: PipPackages, pythonVersion: string): string[] {
  const { indexUrl = "", extraIndexUrls = [], pre = false, extraArgs = "" } = options ?? {};
  return [
    "--system --no-cache",
    `--python ${pythonVersion}`,
    ...(indexUrl === "" ? [] : [`--index-url ${indexUrl}`]),
    ...extraIndexUrls.map((url) => `--extra-index-url ${url}`),
    ...(pre ? ["--prerelease allow"] : []),
    ...(extraArgs === "" ? [] : [extraArgs]),
    ...packages.map((name) => `'${name}'`),
  ];
}

/** In a Dockerfile, a dollar sign is special within double quotes. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("$", "\\$");
}
