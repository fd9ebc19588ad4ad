import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFlyteFolder } from "../manual-procedure/flyte-cli.ts";

/** An image that an SDK user describes. */
export interface SdkImage {
  readonly name: string;
  readonly baseImage: string;
  /** `3.12` */
  readonly pythonVersion: string;
  readonly env: Readonly<Record<string, string>>;
  readonly packages: readonly string[];
  /** Project and domain of the user. */
  readonly project: string;
  readonly domain: string;
}

/** A control plane of plain HTTP. */
interface Plane {
  readonly url: string;
}

/** Arguments of the CLI that builds the image of `writeSdkBuild` remotely. */
export const sdkBuildArguments = ["build", "smoke.py", "env"] as const;

/** Has the real CLI build an image; what it printed. */
export async function buildWithSdk(flyteCommand: string, plane: Plane, image: SdkImage) {
  await using folder = await createFlyteFolder(flyteCommand, adminOf(plane));
  await writeSdkBuild(folder.path, plane, image);
  return await folder.run(sdkBuildArguments);
}

/** Writes `config.yaml` and `smoke.py` of a user. */
export async function writeSdkBuild(folder: string, plane: Plane, image: SdkImage): Promise<void> {
  const task = { org: "acme", project: image.project, domain: image.domain };
  const config = { admin: adminOf(plane), task, image: { builder: "remote" } };
  // JSON is YAML.
  await writeFile(join(folder, "config.yaml"), JSON.stringify(config));
  await writeFile(join(folder, "smoke.py"), sourceOf(image));
}

function adminOf({ url }: Plane) {
  return { endpoint: `dns:///${new URL(url).host}`, insecure: true };
}

/** A base that is to get layers must be cloned as extendable. JSON of these texts is Python. */
function sourceOf({ name, baseImage, pythonVersion, env, packages }: SdkImage): string {
  const [named, words] = [JSON.stringify(name), packages.map((text) => JSON.stringify(text)).join(", ")];
  return `import flyte

image = flyte.Image.from_base(${JSON.stringify(baseImage)})
image = image.clone(name=${named}, python_version=(${pythonVersion.replace(".", ", ")}), extendable=True)
image = image.with_env_vars(${JSON.stringify(env)}).with_pip_packages(${words})
env = flyte.TaskEnvironment(name=${named}, image=image)
`;
}
