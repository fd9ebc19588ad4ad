import * as z from "zod";

/** Text without NUL (not possible in argv) and lone surrogates (not possible in protobuf). */
export const text = z
  .string()
  .refine((value) => !value.includes("\0"), "contains a NUL character")
  .refine((value) => value.isWellFormed(), "is not well-formed Unicode");

/** Text with at least one character. */
export const nonEmptyText = text.min(1, "is empty");

/** The name of an environment variable, as shells take it. */
export const variableName = nonEmptyText.refine(
  (value) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(value),
  "is not the name of an environment variable",
);

const durationPattern = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** A duration as in Kubernetes and Go (`90s`, `4m`, `1m30s`), parsed into milliseconds. */
export const duration = z
  .string()
  .refine((value) => value !== "" && durationPattern.test(value), "is not a duration such as 90s, 4m or 1m30s")
  .transform((value) => {
    const [hours = 0, minutes = 0, seconds = 0] = (durationPattern.exec(value) ?? [])
      .slice(1)
      .map((n) => Number(n ?? 0));
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  })
  .refine((milliseconds) => milliseconds >= 1000 && milliseconds <= 24 * 3_600_000, "is not between 1s and 24h");

/** Characters of a version of a task. Source: max_len in flyteidl2/task/task_definition.proto. */
export const longestVersion = 63;

/** Room for the revision, up to `-r99999`. */
const longestAppVersion = longestVersion - "-r99999".length;

/**
 * The platform's version. Restricted on purpose: it becomes an image tag, a version of the task and a part of messages.
 * A trailing `-r<number>` is reserved: it marks a further registration of one appVersion.
 */
export const appVersion = nonEmptyText
  .max(longestAppVersion, `is longer than ${longestAppVersion} characters`)
  .refine((value) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value), "has a character that image tags cannot have")
  .refine((value) => /\d/.test(value), "has no digit, so it is not a version (latest and the like cannot be compared)")
  .refine(
    (value) => !/-r\d+$/.test(value),
    "ends with -r and a number, which marks a further registration of an appVersion",
  );

/** A repository or image reference, with tag or digest, as container runtimes accept it. */
export const imageReference = nonEmptyText
  .max(512, "is longer than 512 characters")
  .refine((value) => /^[a-z0-9]/.test(value), "does not begin with a lower-case letter or a digit (no scheme)")
  .refine((value) => /^[A-Za-z0-9._/:@-]+$/.test(value), "has a character that image references cannot have")
  .refine((value) => !/\/{2}|\/$|[:@]$/.test(value), "has an empty part");

/** A Kubernetes object name (RFC 1123 subdomain). */
export const objectName = nonEmptyText
  .max(253, "is longer than 253 characters")
  .refine(
    (value) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value),
    "is not a Kubernetes object name (lower-case letters, digits, - and .)",
  );

/** A project, domain or organisation id: it travels in URLs and messages. */
export const identifier = nonEmptyText
  .max(63, "is longer than 63 characters")
  .refine((value) => /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(value), "is not an identifier");
