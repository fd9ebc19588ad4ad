import { ExecaError } from "execa";

/** Where `make publish` was to push, and by what. */
export interface Attempt {
  readonly hasDocker: boolean;
  /** `registry.example.com/union` */
  readonly registry: string;
}

/** How people log in to the registry of an attempt, for images and for the chart. */
function loginTo({ hasDocker, registry }: Attempt): string {
  const host = registry.split("/", 1)[0];
  // Helm reads docker's logins, but not skopeo's.
  return hasDocker ? `docker login ${host}` : `skopeo login ${host} && helm registry login ${host}`;
}

/** What a program says of its failure, and what mends it. */
const fixes: readonly (readonly [RegExp, (attempt: Attempt) => string])[] = [
  [
    /\b(?:401|403|denied|unauthori[sz]ed|no basic auth credentials|authentication required)\b/i,
    (attempt) => `log in (${loginTo(attempt)}) as somebody who may push there`,
  ],
  [/gave HTTP response to HTTPS client/, () => "set PLAIN_HTTP=1 if this registry is to have no TLS"],
  [/\bdocker\.io\b/, () => "name mirrors of Docker Hub's images by BASE and SBOM_SCANNER (docs/install.md)"],
  [
    /exec format error/i,
    () => "install QEMU for the other architecture, or set PLATFORMS to that of this machine, such as linux/amd64",
  ],
];

/**
 * What `make publish` says of a failure: what failed, the last line of what it said, and the fix.
 * @param error of a program that was run, or one of our own, whose message says it all
 */
export function explainFailure(error: unknown, attempt: Attempt): string {
  if (!(error instanceof ExecaError)) return error instanceof Error ? error.message : String(error);
  const said = lastLine(error);
  const fix = fixes.find(([pattern]) => pattern.test(said))?.[1](attempt) ?? "correct that, and run it again";
  return `${nameOf(error.command)} failed: ${said}\nfix: ${fix}`;
}

/** The program and its subcommands: `docker buildx bake`, `image.sh default`. */
function nameOf(command: string): string {
  const [program = "", ...words] = command.split(" ");
  const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
  return [program.split("/").at(-1), ...words.slice(0, end === -1 ? undefined : end)].join(" ");
}

/** The error that a program ended with, or that kept it from starting. */
function lastLine(error: ExecaError): string {
  const lines = typeof error.stderr === "string" ? error.stderr.split("\n").filter((line) => line.trim() !== "") : [];
  return (
    lines.findLast((line) => /^error\b/i.test(line)) ??
    lines.at(-1) ??
    error.originalMessage ??
    error.shortMessage
  ).trim();
}
