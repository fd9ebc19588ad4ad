import { type BaseImage, findPython } from "../../base-image/find-python.ts";
import type { ImageReader } from "../../base-image/read-layers.ts";
import { formatImageReference, parseImageReference } from "../../registry/image-reference.ts";
import type { Platform } from "../../registry/registry-client.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import type { Settings } from "../../settings/schema.ts";
import { deadlines } from "../../system/deadlines.ts";
import { createTurns } from "../../system/turns.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { detailOf, findingOf } from "./python-finding.ts";

/** What the checks of base images take. */
interface BaseImageContext extends Pick<CheckContext, "parsed"> {
  world: Pick<CheckContext["world"], "clock">;
}

/** What the checks of base images need of others. */
export interface BaseImageNeeds {
  given: Check<GivenSettings>;
  registries: Check<ImageReader>;
  /** If buildkit cannot pull images, that is the cause of what this program cannot read either. */
  pulled: Check<unknown>;
  /** The references about which the check of the registries has no finding. */
  seen: Check<readonly string[]>;
  /** That of the machine where builds run. */
  platform(): Promise<Platform>;
}

/** A base image by the name that the settings give it, for other checks. */
export interface CheckedBaseImage {
  image: string;
  found: BaseImage;
}

/**
 * Each base image has the Python versions that builds on it ask for. A registry that does not give an image is a warning: the
 * image is read from here, and builds get it by buildkit.
 * @returns the checks of the images, in the order of the settings
 */
export function baseImageChecks(
  suite: Suite,
  context: BaseImageContext,
  { given, registries, pulled, seen, platform }: BaseImageNeeds,
): Check<CheckedBaseImage>[] {
  const { parsed, world } = context;
  const builds = "given" in parsed ? parsed.given.settings.builds : undefined;
  if (!builds || builds.baseImages.length === 0) {
    const options = { needs: [given], deadline: deadlines.checkOffline } as const;
    suite.check("base-image/images", "base images have the Python that builds ask for", options, () => ({
      notNeeded: "builds.baseImages is empty",
    }));
    return [];
  }
  const inTurn = createTurns();
  return builds.baseImages.map(({ image, python }, index) =>
    suite.check(
      `base-image/image-${index + 1}`,
      `${image} has the Python that builds ask for`,
      { needs: [registries], after: [pulled], deadline: deadlines.checkBaseImage, severity: "warning" },
      async ([reader], signal): Promise<Outcome<CheckedBaseImage>> => {
        const reference = parseImageReference(image);
        const { result, value: sound } = await seen.run();
        if (!sound?.of.includes(formatImageReference(reference))) return { explainedBy: result };
        const enough = world.clock.timeout(deadlines.baseImageLayers.milliseconds);
        const wanted = versionsOf(builds, python);
        const question = { reference, platform: await platform(), wanted, enough, inTurn };
        const found = await findPython(reader, question, signal);
        const value = { image, found };
        const problem = findingOf(image, found);
        return problem ? { finding: problem, value } : { detail: detailOf(found), value };
      },
    ),
  );
}

/** The versions of an image's own list, else those of all builds. */
function versionsOf(builds: Settings["builds"], own: readonly string[]): readonly string[] {
  return own.length > 0 ? own : builds.pythonVersions;
}
