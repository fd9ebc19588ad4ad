import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { findForeignAnswer } from "../../control-plane/foreign-answer.ts";
import type { BucketPlace } from "../../findings/catalog/bucket-rights.ts";
import { problem, type RegistrarError } from "../../findings/registrar-error.ts";
import { findNetworkFault } from "../../network/faults.ts";
import type { BuildSubject } from "../build-evidence.ts";
import { shownWords } from "./build-words.ts";
import { readRefusal } from "./refused-identity.ts";

/** The requests of a build, in their order. */
export type BuildStep =
  | "select-cluster"
  | "create-upload-location"
  | "upload-inputs"
  | "create-run"
  | "get-action-details"
  | "get-action-data";

/** Each request in words that follow "may not" and "cannot". */
const requests: Readonly<Record<BuildStep, string>> = {
  "select-cluster": "select the cluster of a build",
  "create-upload-location": "sign the upload of a build",
  "upload-inputs": "upload the inputs of a run",
  "create-run": "start a run",
  "get-action-details": "read a run",
  "get-action-data": "read the outputs of a run",
};

/** No cluster is set up for the project. Source: Union's page on task routing, and the probes of its Helm charts. */
const notRouted = /\bno enabled cluster in pool\b|\bno clusters? found\b|\bcluster "[^"]*" not found\b/;

/** A cluster is set up, and the control plane does not reach it now. Source: the same probes, which wait for it. */
const unhealthy = /\bcould not select a cluster\b|\bfailed to get (?:data )?proxy\b|\bunhealthy\b|\bstill syncing\b/;

/** The backend signs uploads and writes inputs. Source: dataproxy/service of the open source server; GCP's signBlob. */
const unsigned = /\bfailed to create signed URL\b|\bfailed to write inputs\b|\bserviceAccounts\.signBlob\b/;

/** Codes by which the control plane rejects what it was sent. */
const rejections: ReadonlySet<ConnectCode> = new Set([
  ConnectCode.InvalidArgument,
  ConnectCode.FailedPrecondition,
  ConnectCode.NotFound,
]);

/**
 * The error for a request of a build, where a build knows more about it than the session.
 * @param error what the Connect call threw
 * @returns nothing for the network, for what something in front of the control plane has answered, and for what is the same for
 * every request (a login, an overload): requestFailure has errors for those
 */
export function buildRequestFailure(
  error: unknown,
  step: BuildStep,
  subject: BuildSubject,
): RegistrarError | undefined {
  if (!(error instanceof ConnectError) || findForeignAnswer(error) || findNetworkFault(error)) return undefined;
  const { project, domain, run, identity } = subject;
  const where = { project, domain };
  const request = requests[step];
  const words = error.rawMessage;
  const why = `${ConnectCode[error.code]}: ${shownWords(words)}`;
  if (notRouted.test(words)) return problem("build-not-routed", where, why);
  if (unhealthy.test(words)) return problem("build-cluster-unhealthy", where, why);
  if (unsigned.test(words)) return problem("build-upload-unsigned", { ...signerOf(words), request }, why);
  if (error.code === ConnectCode.PermissionDenied) {
    return problem("build-not-allowed", { ...where, identity, request }, why);
  }
  if (!rejections.has(error.code)) return undefined;
  if (step === "get-action-details") return problem("build-run-lost", { ...where, run }, why);
  if (step === "get-action-data") return problem("build-output-missing", { ...where, run }, why);
  return problem("build-inputs-refused", { ...where, request }, why);
}

/** The cloud of the bucket, by the words of its refusal: the answer names no bucket. */
function signerOf(words: string): BucketPlace {
  const { identity, action, resource } = readRefusal(words);
  return { cloud: cloudOf(`${action} ${words}`), bucket: "", identity, action, resource };
}

function cloudOf(words: string): BucketPlace["cloud"] {
  if (/\b(?:s3|kms|sts):|\barn:aws|\bAmazonS3\b/.test(words)) return "aws";
  if (/\bsignBlob\b|\bstorage\.objects\b|\bgserviceaccount\.com\b|\bgoogleapis?\b/.test(words)) return "google";
  return /\bAuthorizationPermissionMismatch\b|\bblob\.core\.|\bazure\b/i.test(words) ? "azure" : "other";
}
