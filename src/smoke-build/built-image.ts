import { createClient } from "@connectrpc/connect";
import type { Literal } from "#flyteidl2/core/literals_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import { type Finding, finding } from "../findings/finding.ts";
import { problem, RegistrarError } from "../findings/registrar-error.ts";
import { actionIdOf, type BuildContext, projectIdOf } from "./build-context.ts";
import { absent, type BuildRequests } from "./build-requests.ts";
import { placeOf } from "./failures/registry-place.ts";

/** The output of the task that SDKs read; under another name, their builds fail after they have succeeded. */
const outputName = "fully_qualified_image";

/**
 * Reads which image the build has pushed.
 * @throws {RegistrarError} build-output-missing, and those of `askDataPlane`
 */
export async function readImage(context: BuildContext, requests: BuildRequests): Promise<string> {
  const actionId = actionIdOf(context);
  const data = await requests.askDataPlane("get-action-data", "get-action-data", (transport, options) =>
    createClient(DataProxyService, transport).getActionData({ actionId }, options),
  );
  const { name, project, domain } = context.run;
  const about = { run: name, project, domain };
  if (data === absent) throw problem("build-output-missing", about, "the data plane does not give outputs");
  const literals = data.outputs?.literals ?? [];
  const image = textOf(literals.find((literal) => literal.name === outputName)?.value);
  if (image !== undefined) return image;
  const found = literals.map((literal) => literal.name).join(", ");
  throw problem("build-output-missing", about, `outputs: ${found || "none"}`);
}

function textOf(literal: Literal | undefined): string | undefined {
  if (literal?.value.case !== "scalar" || literal.value.value.value.case !== "primitive") return undefined;
  const primitive = literal.value.value.value.value.value;
  return primitive.case === "stringValue" ? primitive.value : undefined;
}

/**
 * Asks whether the pushed image is seen, which is what a user's next deploy asks: a run succeeds also where a proxy answers
 * every request of a push with a page.
 * @returns why it is not seen; nothing if it is, or if there is nobody to ask
 */
export async function askForImage(context: BuildContext, requests: BuildRequests): Promise<string | undefined> {
  const { plan, org, notes } = context;
  try {
    const answer = await requests.askDataPlane("get-image", undefined, (transport, options) =>
      createClient(ImageService, transport).getImage(
        { id: { name: plan.target }, organization: org, projectId: projectIdOf(context) },
        options,
      ),
    );
    if (answer === absent)
      notes.add("the control plane has no image service, so nothing has seen the image in the registry");
    return undefined;
  } catch (error) {
    if (!(error instanceof RegistrarError)) throw error;
    return error.finding.why;
  }
}

/** The warning that a pushed image is not seen. */
export function unseenImage(image: string, why: string, { subject }: BuildContext): Finding {
  return finding("warning", "build-image-not-seen", placeOf(image, why, subject), why);
}
