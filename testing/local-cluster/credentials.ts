import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthority } from "../certificates/certificates.ts";

/** The files by which the servers of a cluster know each other and us. */
export interface ClusterCredentials {
  ca: string;
  certificate: string;
  key: string;
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
  tokens: string;
  kubeconfig: string;
}

/** Makes a CA, the API server's certificate, the key of service accounts and an administrator's token. */
export async function writeCredentials(
  folder: string,
  api: { port: number; addresses: readonly string[] },
): Promise<ClusterCredentials> {
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const ca = await createAuthority("kubernetes");
  const { certificatePem, keyPem } = await ca.issue({
    commonName: "kube-apiserver",
    dnsNames: ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"],
    ipAddresses: ["127.0.0.1", ...api.addresses],
  });
  const serviceAccounts = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const token = randomBytes(16).toString("hex");
  const caData = Buffer.from(ca.certificatePem).toString("base64");
  const server = `https://127.0.0.1:${api.port}`;
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "local",
    clusters: [{ name: "local", cluster: { server, "certificate-authority-data": caData } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "local", context: { cluster: "local", user: "admin", namespace: "default" } }],
  };
  return {
    ca: write("ca.crt", ca.certificatePem),
    certificate: write("api.crt", certificatePem),
    key: write("api.key", keyPem),
    serviceAccountKey: write("service-accounts.key", serviceAccounts.privateKey),
    serviceAccountPublicKey: write("service-accounts.pub", serviceAccounts.publicKey),
    tokens: write("tokens.csv", `${token},admin,admin,"system:masters"\n`),
    kubeconfig: write("kubeconfig", JSON.stringify(kubeconfig)),
  };
}
