import type { DefinitionContext } from "../definition/context.ts";
import { defaultBaseImage } from "../images/default-base-image.ts";
import type { Settings } from "../settings/schema.ts";

/** Where a build runs, in a user's place. */
export interface BuildPlace {
  project: string;
  domain: string;
}

/** What is built, and where. */
export interface BuildPlan {
  places: readonly BuildPlace[];
  baseImage: string;
  pythonVersion: string;
  /** Python packages to install; none if only an environment variable is set. */
  packages: readonly string[];
  /** The package index that users name in their code, if there is one; else uv decides. */
  packageIndex: string | undefined;
  /** As the task gets it: without a host, it goes to the data plane's default repository. */
  target: string;
  timeoutMilliseconds: number;
  /** The images of the registered task. */
  images: DefinitionContext["images"];
  configMap: string;
}

/** The settings that say what is built. */
export type PlannedSettings = Pick<Settings, "build" | "builds" | "release" | "task">;

const defaultPython = "3.12";
const imageName = "registrar-smoke";

/**
 * Plans the build of these settings.
 * @param images those of the definition that is registered
 * @param random at least 0 and less than 1, for a tag that is used once
 */
export function planBuild(
  { build, builds, release, task }: PlannedSettings,
  images: DefinitionContext["images"],
  random: () => number,
): BuildPlan {
  const [base] = builds.baseImages;
  const pythonVersion = build.pythonVersion ?? base?.python[0] ?? builds.pythonVersions[0] ?? defaultPython;
  const tag = build.tag === "unique" ? randomWord(16, random) : tagOf(release.cluster);
  const name = `${imageName}:${tag}`;
  return {
    places: build.projects.length > 0 ? build.projects.map(placeOf) : [{ project: task.project, domain: task.domain }],
    baseImage: build.baseImage ?? base?.image ?? publicBase(pythonVersion, builds.sdkVersion),
    pythonVersion,
    packages: build.packages,
    packageIndex: builds.packageIndex,
    target: build.registry === undefined ? name : `${build.registry}/${name}`,
    timeoutMilliseconds: build.timeout,
    images,
    configMap: task.configMapName,
  };
}

/** The name of each layer, in the order in which they are built. */
export function layersOf({ packages }: Pick<BuildPlan, "packages">): string[] {
  return ["an environment variable", ...(packages.length > 0 ? [`pip packages ${packages.join(" ")}`] : [])];
}

/** Lower-case letters and digits, drawn by chance. */
export function randomWord(length: number, random: () => number): string {
  const characters = "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length }, () => characters[Math.floor(random() * characters.length)]).join("");
}

function placeOf(text: string): BuildPlace {
  const [project = "", domain = ""] = text.split("/");
  return { project, domain };
}

function publicBase(python: string, sdkVersion: string | undefined): string {
  return sdkVersion === undefined ? `python:${python}-slim` : defaultBaseImage(python, sdkVersion);
}

/** Clusters share a registry, so each has a tag of its own. */
function tagOf(cluster: string): string {
  const tag = cluster.replaceAll(/[^A-Za-z0-9_.-]/g, "-").replace(/^[.-]+/, "");
  return tag.slice(0, 128) || "smoke";
}
