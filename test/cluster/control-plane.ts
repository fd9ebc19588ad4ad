import { createAuthority } from "../../testing/certificates/certificates.ts";
import { type ControlPlane, startControlPlane } from "../../testing/control-plane/start.ts";
import { imageContent } from "../../testing/registry/image-content.ts";
import { type Registry, startRegistry } from "../../testing/registry/registry.ts";

/** Milliseconds for which its certificate is valid: long enough for a check not to warn of its end. */
const year = 365 * 86_400_000;

/** The appVersions that the tests install. */
const mirrored = ["2026.3.3", "2026.3.4", "2026.3.5", "2026.8.3"];

/** A stand-in control plane for pods, and what they need to be let in. */
export interface PodControlPlane {
  readonly plane: ControlPlane;
  /** A stand-in registry with Union's images, over plain HTTP. */
  readonly registry: Registry;
  /** What its certificate and that of its token endpoint are signed by. */
  readonly authorityPem: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Starts a stand-in at the address by which pods reach this machine.
 * @param isAuthless plain HTTP without authentication, as inside of a cluster; else TLS and OAuth
 */
export async function startPodControlPlane(isAuthless = false): Promise<PodControlPlane> {
  const address = process.env["REGISTRAR_TEST_ADDRESS"] ?? "127.0.0.1";
  const authority = await createAuthority("test CA");
  const names = { commonName: "control plane", dnsNames: [], ipAddresses: [address] };
  const tls = await authority.issue({ ...names, notAfter: new Date(Date.now() + year) });
  const client = { clientId: "dataplane-operator", clientSecret: "stand-in-secret" };
  const plane = await startControlPlane({ address, ...(!isAuthless && { tls, oauth: { ...client, tls } }) });
  const registry = await startRegistry({ address });
  for (const name of ["build-image", "frontend-v2"]) {
    for (const appVersion of mirrored) registry.push(`union/${name}`, appVersion, imageContent());
  }
  return { plane, registry, authorityPem: authority.certificatePem, ...client };
}
