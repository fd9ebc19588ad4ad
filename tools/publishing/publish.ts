// `make publish REGISTRY=registry.example.com/union`: builds the image, pushes it, packages the chart with that registry and the
// image's digest, pushes that, and prints how to install it. For sites that build their own. Further variables:
//   TARGETS="default flyte"   which images; default alone unless set
//   PLATFORMS=linux/amd64     for buildx; both architectures unless set
//   BASE=…, AUTHORITIES=…, SBOM_SCANNER=…   for buildx without Docker Hub: docker-bake.hcl
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
import { explainFailure } from "./publish-failure.ts";
import { buildxDriver, pushByBuildah, pushByBuildx } from "./push-images.ts";

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
      .pipe(z.array(z.enum(["default", "flyte"], "TARGETS must be default, or default flyte")))
      .refine((targets) => targets.includes("default"), "TARGETS must contain default: the chart needs it"),
    PLAIN_HTTP: z.literal("1", "PLAIN_HTTP must be 1 or absent").optional(),
    SOURCE: z.url({ protocol: /^https$/ }).optional(),
  })
  .safeParse(process.env);
if (!variables.success) fail(variables.error.issues.map(({ message }) => message).join("; "), 64);
const { REGISTRY: registry, TARGETS: targets, PLAIN_HTTP, SOURCE: source } = variables.data;

const driver = await buildxDriver();
if (driver === "docker")
  fail(
    "this builder has the driver docker, which makes neither attestations nor several architectures\nfix: docker buildx create --use",
    1,
  );

const folder = mkdtempSync(join(tmpdir(), "registrar-publish-"));
try {
  process.stdout.write(await publish());
} catch (error) {
  rmSync(folder, { recursive: true });
  fail(explainFailure(error, { hasDocker: driver !== undefined, registry }), 1);
}
rmSync(folder, { recursive: true });

/** Builds and pushes image and chart. @returns how to install them */
async function publish(): Promise<string> {
  // Before anything is pushed: an image without its chart helps nobody.
  const helm = await findHelm(root);
  const changes = newestChanges(readFileSync(join(root, "CHANGELOG.md"), "utf8"));
  const { version } = changes;
  const push = driver === undefined ? pushByBuildah : pushByBuildx;
  const destination = { root, registry, version, isPlainHttp: PLAIN_HTTP === "1" };
  const { digests, platforms } = await push(destination, targets);
  if (digests.default === undefined) throw new Error("the build does not tell the digest of the default image");
  const publication = { registry, digest: digests.default, flyteDigest: digests.flyte, platforms, source, changes };
  const { archive } = await packageChart(root, folder, helm, publication);
  const plainHttp = destination.isPlainHttp ? ["--plain-http"] : [];
  await execa(helm, ["push", archive, `oci://${registry}/charts`, ...plainHttp], {
    stdin: "ignore",
    stdout: 2,
    stderr: ["inherit", "pipe"],
  });
  const image = `${registry}/image-builder-registrar:${version}`;
  return `
Published ${image}@${digests.default}${digests.flyte === undefined ? "" : `\n      and ${image}-flyte@${digests.flyte}`}
      and oci://${registry}/charts/image-builder-registrar:${version}

Install it next to a data plane:

  helm install registrar oci://${registry}/charts/image-builder-registrar --version ${version}${plainHttp.map((flag) => ` ${flag}`).join("")} \\
    --namespace union --set clusterName=prod-us --set controlPlane.endpoint=dns:///union.example.com \\
    --set auth.clientId=dataplane-operator
`;
}

/** Ends with a message for people. */
function fail(message: string, exitCode: number): never {
  process.stderr.write(`make publish: ${message}\n`);
  process.exit(exitCode);
}
