// The files that are offered for download with a version, in build/, after its images have been pushed.
//   --registry R --digest sha256:… --flyte-digest sha256:…   where the images are
//   --source https://…                                       web page of the repository
//   --images FOLDER       archives of the images: amd64.tar, flyte-arm64.tar …
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { newestChanges } from "./changelog.ts";
import { findHelm } from "./find-helm.ts";
import { makeAssets } from "./make-assets.ts";

const root = join(import.meta.dirname, "../..");
const flag = { type: "string" } as const;
const { values } = parseArgs({
  options: { registry: flag, digest: flag, "flyte-digest": flag, source: flag, images: flag },
});
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const given = z
  .object({ registry: z.string(), digest, "flyte-digest": digest, source: z.url(), images: z.string() })
  .parse(values);
const images = readdirSync(given.images)
  .filter((file) => file.endsWith(".tar"))
  .map((file) => ({ name: file.slice(0, -".tar".length), archive: join(given.images, file) }));
const publication = {
  registry: given.registry,
  digest: given.digest,
  flyteDigest: given["flyte-digest"],
  platforms: images.filter(({ name }) => !name.startsWith("flyte-")).map(({ name }) => `linux/${name}`),
  source: given.source,
  changes: newestChanges(readFileSync(join(root, "CHANGELOG.md"), "utf8")),
};
const helm = await findHelm(root);
process.stdout.write(await makeAssets(root, join(root, "dist"), join(root, "build"), helm, publication, images));
