import { problem, RegistrarError } from "../findings/registrar-error.ts";
import type { HttpAnswer } from "../network/http-answer.ts";
import { type AskRegistry, failureOf } from "./ask-registry.ts";
import type { ImageReference } from "./image-reference.ts";
import { describeRegistryAnswer, isMissing, readBody, readRefusal, registryErrorsOf } from "./registry-answer.ts";
import type { RegistryClient, TagList } from "./registry-client.ts";
import type { RegistryOrigins } from "./registry-origins.ts";
import { nearestTags, nextPageOf, parseTags, sortTags } from "./tags.ts";

/** More tags than these are not read: some repositories have hundreds of thousands. */
const mostTags = 10_000;

/** The most that Amazon ECR gives; registries that give fewer link to the next page. */
const pageSize = 1_000;

/** A registry that names pages for ever must not be read for ever. */
const mostPages = 200;

/** One page; docker-registry 2.8 has all tags in one. */
const mostPageBytes = 8 * 2 ** 20;

/** How many tags an error names. */
const shownTags = 5;

/** The error for a manifest that a registry says it does not have. */
export type ExplainMissing = (
  reference: ImageReference,
  answer: HttpAnswer,
  signal: AbortSignal,
) => Promise<RegistrarError>;

/** What reading tags depends on. */
interface TagDependencies {
  ask: AskRegistry;
  originOf: RegistryOrigins["originOf"];
  date(): Date;
}

/** Creates what reads tags. */
export function createTagReader({ ask, originOf, date }: TagDependencies): {
  listTags: RegistryClient["listTags"];
  explainMissing: ExplainMissing;
} {
  const repositoryMissing = (reference: ImageReference, why: string) =>
    problem("image-repository-missing", placeOf(reference), why);

  const placeOf = (reference: ImageReference) => {
    const { host, repository: path } = reference;
    return { endpoint: originOf(reference), repository: `${host}/${path}`, path };
  };

  const readPage = (reference: ImageReference, query: string, outer: AbortSignal) => {
    const request = { method: "GET", reference, path: `tags/list${query}` } as const;
    return ask(
      request,
      async (answer, signal) => {
        if (answer.status !== 200) {
          const refusal = await readRefusal(answer, signal);
          throw isMissing(refusal)
            ? repositoryMissing(reference, describeRegistryAnswer(refusal))
            : failureOf(answer, refusal, request, date());
        }
        const body = (await readBody(answer.response, mostPageBytes, signal)).toString();
        return { tags: tagsOf(body, answer.origin), next: nextPageOf(answer.response.headers["link"]?.toString()) };
      },
      outer,
    );
  };

  const listTags = async (reference: ImageReference, signal: AbortSignal): Promise<TagList> => {
    const tags: string[] = [];
    let query: string | undefined = `?n=${pageSize}`;
    // After a full last page, distribution v3 names another one, which is empty.
    for (let pages = 0; query !== undefined && pages < mostPages && tags.length <= mostTags; pages++) {
      const page: { tags: string[]; next: string | undefined } = await readPage(reference, query, signal);
      for (const tag of page.tags) tags.push(tag);
      query = page.next;
    }
    return { tags: sortTags(tags.slice(0, mostTags)), isCut: tags.length > mostTags || query !== undefined };
  };

  return {
    listTags,
    async explainMissing(reference, answer, signal) {
      const { tag, digest } = reference;
      const place = placeOf(reference);
      const why = describeRegistryAnswer(answer);
      if (registryErrorsOf(answer).some(({ code }) => code === "NAME_UNKNOWN"))
        return repositoryMissing(reference, why);
      if (digest !== undefined) return problem("image-digest-missing", { ...place, digest }, why);
      try {
        // Only the list of tags says whether the repository is there.
        const { tags } = await listTags(reference, signal);
        const nearest = nearestTags(tag ?? "", tags, shownTags).join(", ");
        return problem("image-tag-missing", { ...place, tag: tag ?? "", nearest }, why);
      } catch (error) {
        if (!(error instanceof RegistrarError)) throw error;
        if (error.code === "image-repository-missing" || !isMissing(answer)) return error;
        // Tokens of some registries are not good for the list.
        const unknown = `${why}; the list of its tags cannot be read: ${error.finding.why}`;
        return problem("image-tag-missing", { ...place, tag: tag ?? "", nearest: "" }, unknown);
      }
    },
  };
}

function tagsOf(body: string, endpoint: string): string[] {
  try {
    return parseTags(body);
  } catch (error) {
    throw problem("registry-not-spoken", { endpoint }, `the list of tags cannot be read: ${String(error)}`);
  }
}
