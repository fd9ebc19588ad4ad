// `make publish REGISTRY=registry.example.com/union`: builds the image, pushes it, packages the chart with that registry and the
// image's digest, pushes that, and prints how to install it. For sites that build their own. Further variables:
//   TARGETS="default flyte"   which images; default alone unless set
//   PLATFORMS=linux/amd64     for buildx; both architectures unless set
//   PLAIN_HTTP=1              the registry of a lab has no TLS
//   SOURCE=https://…          web page of the repository, for links
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import * as z from "zod";
import { newestChanges } from "./changelog.ts";
import { findHelm } from "./find-helm.ts";
import { packageChart } from "./package-chart.ts";
import { hasBuildx, pushByBuildah, pushByBuildx } from "./push-images.ts";

const root = join(import.meta.dirname, "../..");
const variables = z
  .object({
    REGISTRY: z
      .string({ error: "set REGISTRY, such as registry.example.com/union" })
      .regex(
        /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/,
        "REGISTRY must be host and path, such as registry.example.com/union",
      ),
    TARGETS: z
      .string()
      .default("default")
      .transform((text) => text.split(" "))
      .pipe(z.array(z.enum(["default", "flyte"]))),
    PLAIN_HTTP: z.literal("1", "PLAIN_HTTP must be 1 or absent").optional(),
    SOURCE: z.url({ protocol: /^https$/ }).optional(),
  })
  .safeParse(process.env);
if (!variables.success) {
  process.stderr.write(`make publish: ${variables.error.issues.map(({ message }) => message).join("; ")}\n`);
  process.exit(64);
}
const { REGISTRY: registry, TARGETS: targets, PLAIN_HTTP, SOURCE: source } = variables.data;
const changes = newestChanges(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
const { version } = changes;
const destination = { root, registry, version, isPlainHttp: PLAIN_HTTP === "1" };
const push = (await hasBuildx()) ? pushByBuildx : pushByBuildah;
const digests = await push(destination, targets);
if (digests.default === undefined) throw new Error("the chart needs the default image: add default to TARGETS");

const folder = mkdtempSync(join(tmpdir(), "registrar-publish-"));
try {
  const helm = await findHelm(root);
  const publication = { registry, digest: digests.default, flyteDigest: digests.flyte, source, changes };
  const { archive } = await packageChart(root, folder, helm, publication);
  const plainHttp = destination.isPlainHttp ? ["--plain-http"] : [];
  await execa(helm, ["push", archive, `oci://${registry}/charts`, ...plainHttp], { stdio: ["ignore", 2, "inherit"] });
  const image = `${registry}/image-builder-registrar:${version}`;
  process.stdout.write(`
Published ${image}@${digests.default}${digests.flyte === undefined ? "" : `\n      and ${image}-flyte@${digests.flyte}`}
      and oci://${registry}/charts/image-builder-registrar:${version}

Install it next to a data plane:

  helm install registrar oci://${registry}/charts/image-builder-registrar --version ${version}${plainHttp.map((flag) => ` ${flag}`).join("")} \\
    --namespace union --set clusterName=prod-us --set controlPlane.endpoint=dns:///union.example.com \\
    --set auth.clientId=dataplane-operator
`);
} finally {
  rmSync(folder, { recursive: true });
}
