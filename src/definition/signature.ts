import { createHash } from "node:crypto";

/** What a registration says of itself, in annotations of its pod template; they change nothing else in the stored spec. */
export interface Signature {
  /** `sha256:…` of the definition without its signature. */
  fingerprint: string;
  /** The release that registered it. */
  registeredBy: string;
  appVersion: string;
}

const prefix = "image-builder-registrar.union.ai/";
const keys = {
  fingerprint: `${prefix}fingerprint`,
  registeredBy: `${prefix}registered-by`,
  appVersion: `${prefix}app-version`,
} as const;

/**
 * The fingerprint of a definition: over its release and the file as rendered without a signature, so it depends on the
 * template and on every setting that enters it, and not on who registers it. Two data planes of one release and one
 * configuration agree. The release counts even where no image names it (`task.images`): each is registered under its own.
 */
export function fingerprintOf(appVersion: string, unsignedSource: string): string {
  return `sha256:${createHash("sha256").update(`${appVersion}\n${unsignedSource}`).digest("hex")}`;
}

/** The signature as pod template annotations. */
export function signatureAnnotations(signature: Signature): Record<string, string> {
  return {
    [keys.fingerprint]: signature.fingerprint,
    [keys.registeredBy]: signature.registeredBy,
    [keys.appVersion]: signature.appVersion,
  };
}

/** The signature found in stored annotations, or nothing where there is none or only a part of one. */
export function readSignature(annotations: Readonly<Record<string, string>>): Signature | undefined {
  const {
    [keys.fingerprint]: fingerprint,
    [keys.registeredBy]: registeredBy,
    [keys.appVersion]: appVersion,
  } = annotations;
  return fingerprint && registeredBy && appVersion ? { fingerprint, registeredBy, appVersion } : undefined;
}

/** Whether an annotation is ours. */
export function isSignatureKey(key: string): boolean {
  return key.startsWith(prefix);
}
