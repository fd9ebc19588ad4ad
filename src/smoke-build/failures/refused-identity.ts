/** Whom a cloud has refused what, as far as its words say. */
export interface Refusal {
  /** ARN of a role's session, e-mail address of a Google service account; empty if the words name none. */
  identity: string;
  /** `ecr:InitiateLayerUpload`, `artifactregistry.repositories.uploadArtifacts`; empty if the words name none. */
  action: string;
  /** What the right is missing on, by the cloud's name for it; empty if the words name nothing. */
  resource: string;
  /** Of AWS, the policy that refuses: `VPC endpoint policy`. Empty if the words name none. */
  policy: string;
}

/**
 * Reads who was refused what.
 * Source: "Troubleshoot access denied error messages" of AWS IAM; Google's "Permission '…' denied on resource '…'" and
 * "… does not have storage.objects.create access to …".
 */
export function readRefusal(words: string): Refusal {
  const first = (...patterns: readonly RegExp[]) =>
    patterns.map((pattern) => pattern.exec(words)?.[1] ?? "").find((found) => found !== "") ?? "";
  return {
    identity: first(
      /\bUser: (arn:[\w-]+:(?:iam|sts)::\d*:[\w+=,.@:/-]+)/,
      /\b([\w.-]{1,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.gserviceaccount\.com)\b/,
    ),
    action: first(
      /\b[Pp]ermission ["']([a-z]+(?:\.\w+)+)["']/,
      /\bdoes not have ([a-z]+(?:\.\w+)+) access\b/,
      /\b((?:kms|s3|ecr|sts):[A-Z]\w+)\b/,
      /\b(iam\.serviceAccounts\.\w+)\b/,
    ),
    resource: first(/\bon resource: ?"?(arn:[^\s"<]+)/, /\bon resource ["'](projects\/[^\s"']+)["']/),
    policy: first(
      /\bbecause no ([A-Za-z -]{1,40}?(?:policy|boundary)) allows\b/,
      /\bwith an explicit deny in an? ([A-Za-z -]{1,40}?(?:policy|boundary))\b/,
    ),
  };
}
