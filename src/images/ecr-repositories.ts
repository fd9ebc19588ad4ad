import { shellQuote } from "../findings/shell-quote.ts";
import { parseEcrHost } from "../registry/ecr-host.ts";
import type { MirrorRegistry } from "./mirror-target.ts";
import type { PlannedCopy } from "./plan-mirror.ts";

/**
 * Commands that create the repositories of a mirror in Amazon ECR, which a push does not create. Each does nothing if its
 * repository is there.
 * @returns commands for a POSIX shell; none for another registry
 */
export function ecrRepositories(copies: readonly PlannedCopy[], { host }: MirrorRegistry): string[] {
  const registry = parseEcrHost(host);
  if (!registry) return [];
  const { account, region } = registry;
  const repositories = copies.filter(({ isInPlace }) => !isInPlace).map(({ target }) => target.repository);
  const where = `--region ${region} --registry-id ${account}`;
  return [...new Set(repositories)].sort().map((repository) => {
    const name = shellQuote(repository);
    return `aws ecr describe-repositories ${where} --repository-names ${name} >/dev/null 2>&1 || aws ecr create-repository ${where} --repository-name ${name}`;
  });
}
