import { shellQuote } from "../shell-quote.ts";
import type { Cloud } from "./cloud-fixes.ts";
import { identityText, roleOf } from "./registry-kinds.ts";

/** A bucket of the data plane, and who was refused there. */
export interface BucketPlace {
  cloud: Cloud | "other";
  /** `acme-fast-registration`; empty if it is not known. */
  bucket: string;
  /** The identity that the refusal names; empty if it names none. */
  identity: string;
  /** The right that the refusal names, `s3:PutObject`; empty if it names none. */
  action: string;
  /** What the right is missing on, `arn:aws:kms:…`; empty if the refusal names nothing. */
  resource: string;
}

const s3Actions = ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:ListBucket"];
const kmsActions = ["kms:GenerateDataKey", "kms:Decrypt"];

const googleRights = "roles/storage.objectAdmin and roles/storage.bucketViewer";
const azureRights = "Storage Blob Data Contributor on the storage account";

/** Uploads are signed by the backend, whose rights count, and not those of whoever uploads. */
const backends = {
  aws: "the backend role (the IAM role that signs uploads; the worker role does not count here)",
  google: "the backend's Google service account, which signs uploads (the worker's does not count here)",
  azure: "the backend's managed identity, which signs uploads (the worker's does not count here)",
} as const;

/** Who signs uploads, for the subject of a sentence. */
export function backendText({ cloud, identity }: BucketPlace): string {
  if (identity !== "") return identityText(identity);
  return cloud === "aws" || cloud === "google" || cloud === "azure" ? backends[cloud] : "the backend's identity";
}

/** The rights by name: `Give <who> <rights>.` */
export function grantBucket(place: BucketPlace): string {
  const { cloud, bucket, action, resource } = place;
  const who = backendText(place);
  const named = bucket === "" ? "the bucket" : `bucket ${bucket}`;
  if (action.startsWith("kms:")) {
    return `Give ${who} ${kmsActions.join(" and ")} on ${resource === "" ? "the key of the bucket" : resource}: in its policy and, if that does not delegate to IAM, in the key's own policy.`;
  }
  switch (cloud) {
    case "aws":
      return `Give ${who} ${s3Actions.join(", ")} on ${named} and its objects, and ${kmsActions.join(" and ")} on its KMS key if it has one.`;
    case "google":
      return `Give ${who} ${googleRights} on ${named}.`;
    case "azure":
      return `Give ${who} ${azureRights}.`;
    default:
      return `Give ${who} the right to write to ${named}. In AWS, that is ${s3Actions.join(", ")} of the backend role, with ${kmsActions.join(" and ")} on its KMS key; in Google Cloud ${googleRights}; in Azure ${azureRights}.`;
  }
}

/** What the backend needs in order to sign the URL of an upload, and to write inputs itself. */
export function grantSigning(place: BucketPlace): string {
  const { cloud } = place;
  const google = "roles/iam.serviceAccountTokenCreator on itself (it has iam.serviceAccounts.signBlob)";
  if (cloud === "google") return `Give ${backendText(place)} ${google}, and ${googleRights} on the bucket.`;
  if (cloud === "aws" || cloud === "azure") return grantBucket(place);
  return `${grantBucket(place)} To sign URLs, Google Cloud also requires ${google}.`;
}

/** Shows who may do what in the bucket. */
export function showBucket({ cloud, bucket, identity, action, resource }: BucketPlace): string {
  const role = roleOf(identity);
  if (cloud === "aws" && role) {
    const actions = action === "" ? "s3:PutObject" : action;
    const on = resource === "" ? `arn:aws:s3:::${bucket}/*` : resource;
    return `aws iam simulate-principal-policy --policy-source-arn ${shellQuote(role.arn)} --action-names ${shellQuote(actions)} --resource-arns ${shellQuote(on)}`;
  }
  if (bucket !== "") {
    if (cloud === "aws") return `aws s3api get-bucket-policy --bucket ${shellQuote(bucket)}`;
    if (cloud === "google") return `gcloud storage buckets get-iam-policy ${shellQuote(`gs://${bucket}`)}`;
  }
  if (cloud === "azure")
    return `az role assignment list --all --query "[?contains(scope, 'storageAccounts')]" --output table`;
  return "kubectl get serviceaccounts --all-namespaces -o yaml";
}
