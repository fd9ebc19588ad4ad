import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";

/** Something that others have made and that we hand on. */
export interface Part {
  /** Kind of its package, as in a package URL (purl). */
  readonly kind: "npm" | "pypi" | "deb" | "generic";
  readonly name: string;
  readonly version: string;
  /** SPDX expression, where it is known. */
  readonly license?: string | undefined;
  /** Further parts of the package URL, such as the architecture. */
  readonly qualifiers?: Readonly<Record<string, string>>;
  /** The name under which the National Vulnerability Database knows it. */
  readonly cpe?: `cpe:2.3:${string}`;
}

/** What consists of the parts. */
export interface Whole {
  readonly type: "application" | "container";
  readonly name: string;
  readonly version: string;
}

/**
 * A software bill of materials: CycloneDX 1.6 in JSON, https://cyclonedx.org/docs/1.6/json/. It has no time and no random number, so
 * that the same parts give the same bytes.
 */
export function billOfMaterials(whole: Whole, parts: readonly Part[]): string {
  const subject = componentOf({ kind: "generic", name: whole.name, version: whole.version, license: "Apache-2.0" });
  subject.type = whole.type === "container" ? Enums.ComponentType.Container : Enums.ComponentType.Application;
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: subject }) });
  for (const part of parts) {
    const component = componentOf(part);
    bom.components.add(component);
    subject.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ kind, name, version, license, qualifiers, cpe }: Part): Models.Component {
  const { namespace, ownName } = splitName(kind, name);
  const purl = new PackageURL(kind, namespace, ownName, version, qualifiers).toString();
  return new Models.Component(Enums.ComponentType.Library, ownName, {
    bomRef: purl,
    purl,
    version,
    ...(namespace !== undefined && { group: namespace }),
    ...(cpe !== undefined && { cpe }),
    licenses: new Models.LicenseRepository(license === undefined ? [] : [new Models.LicenseExpression(license)]),
  });
}

function splitName(kind: Part["kind"], name: string): { namespace: string | undefined; ownName: string } {
  if (kind === "deb") return { namespace: "debian", ownName: name };
  const [, namespace, ownName = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return { namespace, ownName };
}
