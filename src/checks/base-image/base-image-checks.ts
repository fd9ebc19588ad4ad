import { findPython } from "../../base-image/find-python.ts";
import type { ImageEnvironment } from "../../base-image/image-environment.ts";
import type { ImageReader } from "../../base-image/read-layers.ts";
import { parseImageReference } from "../../registry/image-reference.ts";
import type { Platform } from "../../registry/registry-client.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import { createTurns } from "../../system/turns.ts";
import type { CheckContext } from "../check-context.ts";
import type { Check } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import { detailOf, findingOf } from "./python-finding.ts";

/** What the checks of base images take. */
export interface BaseImageContext extends Pick<CheckContext, "parsed"> {
  world: Pick<CheckContext["world"], "clock">;
}

/** What they need of other checks. */
export interface BaseImageNeeds {
  given: Check<GivenSettings>;
  registries: Check<{ client: ImageReader }>;
  /** That of the machine where builds run. */
  platform(): Promise<Platform>;
}

/** What a base image says, for other checks. */
export interface CheckedBaseImage {
  /** As the settings name it. */
  image: string;
  environment: ImageEnvironment;
  /** Contents of uv's and pip's configuration files by absolute path; undefined for one that was not read. */
  files: ReadonlyMap<string, string | undefined>;
  /** Whether all layers were read; else there may be files that are not known. */
  isComplete: boolean;
}

/**
 * Each base image has the Python versions that builds on it ask for. A registry that does not give an image is a warning: the
 * image is read from here, and builds get it by buildkit.
 * @returns what the images say; without those that could not be read
 */
export function baseImageChecks(
  suite: Suite,
  { parsed, world }: BaseImageContext,
  { given, registries, platform }: BaseImageNeeds,
): Check<readonly CheckedBaseImage[]> {
  const builds = "given" in parsed ? parsed.given.settings.builds : undefined;
  if (!builds || builds.baseImages.length === 0) {
    const options = { needs: [given], deadline: deadlines.checkOffline } as const;
    const none = suite.check("base-image/images", "base images have the Python that builds ask for", options, () => ({
      notNeeded: "builds.baseImages is empty",
    }));
    return allOf([], none);
  }
  const inTurn = createTurns();
  const checks = builds.baseImages.map(({ image, python }, index) =>
    suite.check(
      `base-image/image-${index + 1}`,
      `${image} has the Python that builds ask for`,
      { needs: [given, registries], deadline: deadlines.checkBaseImage, severity: "warning" },
      async ([, { client }], signal) => {
        const enough = world.clock.timeout(deadlines.baseImageLayers.milliseconds);
        const wanted = python.length > 0 ? python : builds.pythonVersions;
        const reference = parseImageReference(image);
        const question = { reference, platform: await platform(), wanted, enough, inTurn };
        const found = await findPython(client, question, signal);
        const { environment, configFiles: files, isComplete } = found;
        const value = { image, environment, files, isComplete };
        const problem = findingOf(image, found);
        return problem ? { finding: problem, value } : { detail: detailOf(found), value };
      },
    ),
  );
  return allOf(checks, checks[0] ?? given);
}

/** One check for all; if none of them has found anything, it ends as the other one does. */
function allOf<T>(checks: readonly Check<T>[], otherwise: Check<unknown>): Check<readonly T[]> {
  return {
    async run() {
      const ended = await Promise.all(checks.map((check) => check.run()));
      const values = ended.flatMap(({ value }) => (value ? [value.of] : []));
      const { result } = await otherwise.run();
      return values.length === 0 && checks.length > 0 ? { result } : { result, value: { of: values } };
    },
  };
}
