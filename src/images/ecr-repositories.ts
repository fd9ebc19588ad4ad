import { shellQuote } from "../findings/shell-quote.ts";
import type { MirrorRegistry } from "./mirror-target.ts";
import type { PlannedCopy } from "./plan-mirror.ts";

/** Hosts of private registries of Amazon ECR: account and region. Source: amazon-ecr-credential-helper 0.12.0. */
const ecrHost = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.|on\.|sc2s\.|c2s\.)/;

/**
 * Commands that create the repositories of a mirror in Amazon ECR, which a push does not create. Each does nothing if its
 * repository is there.
 * @returns commands for a POSIX shell; none for another registry
 */
export function ecrRepositories(copies: readonly PlannedCopy[], { host }: MirrorRegistry): string[] {
  const [, account = "", region = ""] = ecrHost.exec(host) ?? [];
  if (account === "") return [];
  const repositories = copies.filter(({ isInPlace }) => !isInPlace).map(({ target }) => target.repository);
  const where = `--region ${region} --registry-id ${account}`;
  return [...new Set(repositories)].sort().map((repository) => {
    const name = shellQuote(repository);
    return `aws ecr describe-repositories ${where} --repository-names ${name} >/dev/null 2>&1 || aws ecr create-repository ${where} --repository-name ${name}`;
  });
}
