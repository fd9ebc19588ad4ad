import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { ServerCertificate } from "../control-plane/listener.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/** What a server certificate says; the defaults are those of a sound one for localhost. */
export interface CertificateRequest {
  readonly commonName?: string;
  /** "localhost" unless told otherwise. Without any name and address, the certificate has a common name only. */
  readonly dnsNames?: readonly string[];
  /** "127.0.0.1" unless told otherwise. */
  readonly ipAddresses?: readonly string[];
  /** Yesterday unless told otherwise. */
  readonly notBefore?: Date;
  /** Tomorrow unless told otherwise. */
  readonly notAfter?: Date;
  /** Signed by its own key instead of the CA's. */
  readonly selfSigned?: boolean;
  /** Marked as a CA certificate, as `openssl req -x509` does by default. */
  readonly isAuthority?: boolean;
  /** The server sends its own certificate only, without those of the intermediate CAs. */
  readonly isAlone?: boolean;
  /** URL of the issuer's certificate, as public CAs and those of Windows add it. */
  readonly caIssuers?: string;
  /** "serverAuth" unless told otherwise. */
  readonly usage?: "serverAuth" | "clientAuth";
}

/** A CA of a test. */
export interface Authority {
  /** Its own certificate, for `caCertFilePath` or `SSL_CERT_FILE`. */
  readonly certificatePem: string;
  /** Issues a server certificate. Its PEM includes those of the intermediate CAs. */
  issue(request?: CertificateRequest): Promise<ServerCertificate>;
  /** Creates an intermediate CA below this one, which is valid as long as a certificate unless told otherwise. */
  issueAuthority(name: string, validity?: Pick<CertificateRequest, "notBefore" | "notAfter">): Promise<Authority>;
}

interface Signer {
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

/** `Acme/Acme Root CA` has an organization. */
function distinguishedName(name: string): string {
  const [commonName, organization] = name.split("/").reverse();
  return `${organization === undefined ? "" : `O=${organization}, `}CN=${commonName}`;
}

async function sign(
  subject: Signer,
  issuer: Signer,
  request: CertificateRequest,
  extensions: Extension[],
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    subject: distinguishedName(subject.name),
    issuer: distinguishedName(issuer.name),
    notBefore: request.notBefore ?? new Date(Date.now() - dayMs),
    notAfter: request.notAfter ?? new Date(Date.now() + dayMs),
    publicKey: subject.keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(request.isAuthority ?? false, undefined, true),
      await SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...extensions,
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
}

function serverExtensions(request: CertificateRequest): Extension[] {
  const { dnsNames = ["localhost"], ipAddresses = ["127.0.0.1"], caIssuers, usage = "serverAuth" } = request;
  const names: JsonGeneralNames = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]]),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)]),
    ...(caIssuers === undefined ? [] : [new AuthorityInfoAccessExtension({ caIssuers })]),
  ];
}

function authority(signer: Signer, certificatePem: string, intermediatesPem: string): Authority {
  return {
    certificatePem,
    async issue(request = {}) {
      const subject = { name: request.commonName ?? "localhost", keys: await generateKeys() };
      const issuer = request.selfSigned ? subject : signer;
      const leaf = await sign(subject, issuer, request, serverExtensions(request));
      return {
        certificatePem: leaf + (request.selfSigned || request.isAlone ? "" : intermediatesPem),
        keyPem: await keyPem(subject.keys),
      };
    },
    async issueAuthority(name, validity = {}) {
      const subject = { name, keys: await generateKeys() };
      const pem = await sign(subject, signer, { ...validity, isAuthority: true }, authorityExtensions());
      return authority(subject, pem, pem + intermediatesPem);
    },
  };
}

const authorityExtensions = (): Extension[] => [
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

/** Creates a root CA. */
export async function createAuthority(name: string): Promise<Authority> {
  const signer = { name, keys: await generateKeys() };
  return authority(signer, await sign(signer, signer, { isAuthority: true }, authorityExtensions()), "");
}
