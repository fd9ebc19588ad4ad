import type { Finding } from "../../findings/finding.ts";
import { publicIndex } from "../../findings/public-index.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import { addressOf } from "../../network/address.ts";
import { proxyFor, type Route } from "../../network/route.ts";
import { secretsOfImage } from "../../package-index/chosen-index.ts";
import { type IndexAddress, parseIndexAddress, secretsOfAddress } from "../../package-index/index-address.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import type { AskBuildkit } from "../network/connection-verdict.ts";
import { askBothWays } from "./ask-both-ways.ts";
import { type BaseImageSettings, choiceText, findingOfImages, type ImageChoice, judgeImage } from "./image-index.ts";
import { answerFinding, buildkitFinding } from "./index-failures.ts";

/** What the checks of the index need of others. */
interface Needs {
  given: Check<GivenSettings>;
  /** How this program connects. */
  route: Check<Route>;
  /** What each configured base image says; empty if none is configured. */
  images: Check<readonly BaseImageSettings[]>;
  /** Passes where buildkit can be asked. */
  buildkit: Check<AskBuildkit>;
}

/** An index that builds use. */
interface UsedIndex {
  address: IndexAddress;
  source: string;
  /** Whether its image trusts more than public CAs; absent where that is not known. */
  trustsOwnCertificates?: boolean;
}

/**
 * Base images name the index for uv, the index serves packages, and buildkit reaches it. That index is `builds.packageIndex`, else
 * those of the base images. With neither, nothing is asked: users may name one per image, which is not known here.
 */
export function indexChecks(suite: Suite, context: CheckContext, { given, route, images, buildkit }: Needs): void {
  const { world, parsed, isPod, protect } = context;
  const builds = "given" in parsed ? parsed.given.settings.builds : undefined;
  const wanted = builds?.packageIndex;
  if (builds?.baseImages.length === 0 && wanted === undefined) {
    const options = { needs: [given], deadline: deadlines.checkOffline } as const;
    suite.check("index/address", usedTitle, options, () => ({
      notNeeded: `neither builds.baseImages nor builds.packageIndex is set; ${defaultText}`,
    }));
    return;
  }
  const ofImages = suite.check(
    "index/images",
    "base images name the package index for uv",
    { needs: [given, images], deadline: deadlines.checkOffline },
    ([{ settings }, all]): Outcome<readonly ImageChoice[]> => {
      if (all.length === 0) return { notNeeded: "builds.baseImages is empty" };
      for (const secret of all.flatMap(secretsOfImage)) protect(secret);
      const judged = all.map((one) => judgeImage(one, settings.builds.packageIndex));
      const value = judged.flatMap(({ image, choice }) => (choice ? { image, choice } : []));
      const found = findingOfImages(judged);
      if (!found) return { value, detail: value.map(choiceText).join("; ") };
      if (value.length === 0) throw new RegistrarError(found);
      return { value, finding: found };
    },
  );
  // A base image that cannot be read says nothing about an index that is set.
  const used =
    wanted === undefined
      ? suite.check("index/address", usedTitle, { needs: [ofImages], deadline: deadlines.checkOffline }, ([all]) =>
          known(all.flatMap(indexesOf)),
        )
      : suite.check("index/address", usedTitle, { needs: [given], deadline: deadlines.checkOffline }, () =>
          known(indexOf(wanted, "builds.packageIndex")),
        );
  const reached = suite.check(
    "index/connections",
    "buildkit reaches it",
    { needs: [used, buildkit], deadline: deadlines.checkEgress },
    async ([indexes, ask], signal): Promise<Outcome<undefined>> => {
      // Credentials stay here: the connection to buildkit is plain TCP.
      const shown = [...new Set(indexes.map(({ address }) => address.shown))];
      const found = await Promise.all(
        shown.map(async (index) => buildkitFinding(await ask(`${index}/pip/`, signal), index) ?? []),
      );
      return outcomeOf(found.flat(), shown.join(", "));
    },
  );
  suite.check(
    "index/answers",
    `it serves packages, seen from this ${isPod ? "pod" : "machine"}`,
    { needs: [used, route], after: [reached], deadline: deadlines.checkIndex },
    async ([indexes, way], signal): Promise<Outcome<undefined>> => {
      const own = indexes.filter(({ address }) => address.url.hostname !== publicIndex.host);
      if (own.length === 0)
        return { notNeeded: `${publicIndex.name} is public; buildkit is asked whether it reaches it` };
      for (const { address } of own) secretsOfAddress(address.url.href).forEach(protect);
      const seenBy = isPod ? "this pod" : "this machine";
      const answers = await Promise.all(
        own.map(async ({ address, source, trustsOwnCertificates }) => {
          const { answer, untrusted } = await askBothWays(address, way, { clock: world.clock, signal });
          const isThroughProxy = proxyFor(addressOf(address.url), way) !== undefined;
          const asked = { index: address.shown, source, seenBy, isThroughProxy } as const;
          const isMissing = untrusted && trustsOwnCertificates === false;
          const found = answerFinding(isMissing ? untrusted : answer, asked);
          return { asked, found, isPrivateCa: untrusted !== undefined };
        }),
      );
      const findings = answers.flatMap(({ found }) => found ?? []);
      const detail = answers.map(({ asked: { index }, isPrivateCa }) => {
        return isPrivateCa ? `${index} (its CA is private: uv needs SSL_CERT_FILE in base images)` : index;
      });
      return outcomeOf(findings, detail.join(", "));
    },
  );
}

const usedTitle = "the package index of builds is known";
const defaultText = `builds use ${publicIndex.name} unless their image or with_pip_packages(index_url=…) names another index`;

function known(indexes: readonly UsedIndex[]): Outcome<readonly UsedIndex[]> {
  const distinct = [...new Map(indexes.map((index) => [index.address.url.href, index])).values()];
  if (distinct.length === 0) return { notNeeded: "no index has an address of HTTP" };
  return { value: distinct, detail: distinct.map(({ address, source }) => `${address.shown} (${source})`).join(", ") };
}

function indexesOf({ image, choice }: ImageChoice): UsedIndex[] {
  const { trustsOwnCertificates } = choice;
  return [choice.default ?? [], choice.additional].flat().flatMap(({ url, source }) => {
    const named = indexOf(url, source === "" ? `the default of ${image}` : `${source} of ${image}`);
    return named.map((index) => ({ ...index, trustsOwnCertificates }));
  });
}

function indexOf(text: string, source: string): UsedIndex[] {
  const address = parseIndexAddress(text);
  return address ? [{ address, source }] : [];
}

function outcomeOf(findings: readonly Finding[], detail: string): Outcome<undefined> {
  const first = findings.find(({ severity }) => severity === "error") ?? findings[0];
  if (!first) return { value: undefined, detail };
  const others = findings.filter((one) => one !== first).map(({ code }) => `also ${code}`);
  const why = [first.why, ...new Set(others)].filter((text) => text !== "").join("; ");
  return { value: undefined, finding: { ...first, why } };
}
