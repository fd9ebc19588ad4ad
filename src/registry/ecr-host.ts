/** Domains of the plain names of AWS, one for each partition. Source: endpoint rules of the AWS SDK. */
const domains = ["amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov", "sc2s.sgov.gov"] as const;

export type AwsDomain = (typeof domains)[number];

/** The plain domain of each that dual-stack registries have. */
const dualStackDomains: Readonly<Record<string, AwsDomain>> = {
  "on.aws": "amazonaws.com",
  "on.amazonwebservices.com.cn": "amazonaws.com.cn",
};

/** A private registry of Amazon ECR. */
export interface EcrHost {
  host: string;
  account: string;
  region: string;
  isFips: boolean;
  isDualStack: boolean;
  /** Of the partition's plain names. */
  domain: AwsDomain;
}

/** Source: the pattern of amazon-ecr-credential-helper 0.12.0, which decides what the build task logs in to. */
const ecrPattern = /^(\d{12})\.dkr([.-])ecr(-fips)?\.([a-z0-9][a-z0-9-]*)\.(.+)$/;

/** Reads the host of a registry, without a port; nothing if it is not one of ECR. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const [, account = "", separator, fips, region = "", suffix = ""] = ecrPattern.exec(host) ?? [];
  const isDualStack = Object.hasOwn(dualStackDomains, suffix);
  const domain = domains.find((known) => known === (dualStackDomains[suffix] ?? suffix));
  if (domain === undefined || (separator === "-") !== isDualStack) return undefined;
  return { host, account, region, isFips: fips !== undefined, isDualStack, domain };
}
