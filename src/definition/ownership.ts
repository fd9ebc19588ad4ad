/** Who owns a registration, from annotations of its pod template; they are not part of the definition. */
export interface Ownership {
  /** The Helm release on whose behalf it was registered: `prod-us/union/dataplane`. */
  owner: string;
  appVersion: string;
}

const prefix = "image-builder-registrar.union.ai/";
const keys = { owner: `${prefix}registered-by`, appVersion: `${prefix}app-version` } as const;

/** The ownership as pod template annotations. */
export function ownershipAnnotations({ owner, appVersion }: Ownership): Record<string, string> {
  return { [keys.owner]: owner, [keys.appVersion]: appVersion };
}

/** Reads the ownership from stored annotations; nothing if one of them is missing. */
export function readOwnership(annotations: Readonly<Record<string, string>>): Ownership | undefined {
  const { [keys.owner]: owner, [keys.appVersion]: appVersion } = annotations;
  return owner && appVersion ? { owner, appVersion } : undefined;
}

/** Whether an annotation is ours. */
export function isOwnAnnotation(key: string): boolean {
  return key.startsWith(prefix);
}
