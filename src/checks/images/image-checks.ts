import type { Definition } from "../../definition/definition.ts";
import type { Registries } from "../../images/open-registries.ts";
import type { RequiredImage } from "../../images/required-image.ts";
import { requiredImages } from "../../images/required-images.ts";
import type { Platform } from "../../registry/registry-client.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { Builder } from "../buildkit/buildkit-checks.ts";
import type { CheckContext } from "../check-context.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { Places } from "../data-plane/each-namespace.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import type { Registered } from "../registration/registration-checks.ts";
import { askBuildkitForImages } from "./buildkit-answers.ts";
import { buildkitLogins } from "./buildkit-logins.ts";
import { outcomeOfGroups } from "./image-findings.ts";
import { askRegistriesForImages } from "./registry-answers.ts";

/** What the checks of images need of others. */
interface Needs {
  given: Check<GivenSettings>;
  definition: Check<Definition>;
  /** Of a member, whose builds run the images of its owner; absent where they are those of the settings. */
  registered: Check<Registered> | undefined;
  registries: Check<Registries>;
  configs: Check<Places<BuildConfig>>;
  buildkit: Check<Builder>;
  /** Those of buildkit to its cloud. */
  connections: Check<unknown>;
}

/** What the checks of images find, for the others. */
export interface ImageChecks {
  /** Ends after buildkit was asked: an error of it is the root of what this program cannot pull either. */
  pulled: Check<unknown>;
  /** Gives the references about which there is no finding of the registries. */
  seen: Check<readonly string[]>;
  /** That of the machine where builds run; `builds.architecture`, else buildkit's, else amd64. */
  platform(): Promise<Platform>;
}

/**
 * buildkit can pull what builds are made from, and their registries have it. buildkit's own answer is the evidence: its network,
 * CAs and mirrors may be others than those of this pod, which adds what buildkit does not say (tags, architectures).
 */
export function imageChecks(suite: Suite, context: CheckContext, needs: Needs): ImageChecks {
  const { given, definition, registered, registries, configs, buildkit, connections } = needs;
  const { world, openBuildkit } = context;
  const required = suite.check(
    "images/required",
    "the images that builds require are known",
    { needs: [given, definition], after: registered ? [registered] : [], deadline: deadlines.checkOffline },
    async ([{ settings }, { ownership }]): Promise<Outcome<readonly RequiredImage[]>> => {
      const { release, builds } = settings;
      const ofOwner = (await registered?.run())?.value?.of.images;
      const task = ofOwner ? { ...settings.task, images: ofOwner } : settings.task;
      const { appVersion } = ownership;
      const { images } = requiredImages({ appVersion, task, release, builds, registrarImage: undefined });
      const value = images.filter(
        ({ role, isTagKnown }) => isTagKnown && role !== "buildkit" && role !== "build-secrets",
      );
      return { value, detail: value.map(({ reference }) => reference).join(", ") };
    },
  );
  const pulled = suite.check(
    "images/buildkit",
    "buildkit can pull them",
    {
      needs: [given, required, configs, buildkit, registries],
      after: [connections],
      deadline: deadlines.checkPull,
    },
    async ([{ settings }, images, [first], builder, { client, logins }], signal) => {
      const ofBuildkit = images.filter(({ pulledBy }) => pulledBy === "buildkit");
      const { sendToBuildkit } = settings.registry;
      const findLogin = sendToBuildkit ? await buildkitLogins(ofBuildkit, logins, signal) : undefined;
      const asked = await askBuildkitForImages(ofBuildkit, {
        buildkit: findLogin ? await openBuildkit(builder.address, findLogin, signal) : builder.buildkit,
        platform: platformOf(settings, builder),
        config: first.of,
        isLoginSent: findLogin !== undefined,
        cidrs: settings.network.cidrs,
        registries: client,
        names: world.names,
        clock: world.clock,
        signal,
      });
      return outcomeOfGroups(asked);
    },
  );
  const seen = suite.check(
    "images/registries",
    "their registries have them",
    { needs: [given, required, registries], after: [pulled], deadline: deadlines.checkRegistries },
    async ([{ settings }, images, { client }], signal) => {
      const builder = (await buildkit.run()).value?.of;
      const answers = await askRegistriesForImages(images, {
        client,
        platform: platformOf(settings, builder),
        pulled: (await pulled.run()).value?.of,
        clock: world.clock,
        signal,
      });
      return outcomeOfGroups(answers);
    },
  );
  return {
    pulled,
    seen,
    async platform() {
      const settings = (await given.run()).value?.of.settings;
      return platformOf(settings, (await buildkit.run()).value?.of);
    },
  };
}

function platformOf(settings: GivenSettings["settings"] | undefined, builder: Builder | undefined): Platform {
  const given = settings?.builds.architecture;
  if (given !== undefined) return { os: "linux", architecture: given };
  const [first] = builder?.platforms ?? [];
  return first ?? { os: "linux", architecture: "amd64" };
}
