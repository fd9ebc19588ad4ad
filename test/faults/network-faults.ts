import type { Names } from "../../src/network/name-service.ts";
import { messageOf } from "../../testing/buildkit/recording.ts";
import type { StandInOptions } from "../../testing/buildkit/stand-in/stand-in.ts";
import type { HealthyWorld, WorldOptions } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";
import { basePath, setBaseImage, withDepot } from "./worlds.ts";

type Reply = ReturnType<NonNullable<StandInOptions["reply"]>>;

const region = "us-east-1";
const api = `api.ecr.${region}.amazonaws.com`;
/** The registry of healthy worlds. */
const registry = `123456789012.dkr.ecr.${region}.amazonaws.com`;
const bucket = `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`;

/** A VPC with all endpoints. Names of S3 stay public; S3 is reached by a gateway endpoint. */
const vpc: Readonly<Record<string, readonly string[]>> = {
  [api]: ["10.0.1.7"],
  [registry]: ["10.0.1.8"],
  [bucket]: ["52.216.1.1"],
};

/** An error of getaddrinfo. */
const dnsError = (code: string, host: string) => Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code });

/** The DNS of a VPC that gives other addresses for some names, or fails; no address: the name is not known. */
function dnsWith(
  others: Readonly<Record<string, readonly string[] | "EAI_AGAIN">>,
  aliases: readonly string[] = [],
): Names {
  const addresses: typeof others = { ...vpc, ...others };
  return {
    async lookUp(host) {
      const found = addresses[host] ?? [];
      if (found === "EAI_AGAIN") throw dnsError(found, host);
      if (found.length === 0) throw dnsError("ENOTFOUND", host);
      return found.map((address) => ({ address }));
    },
    findAliases: async () => aliases,
  };
}

/** The checks run in a pod, of a network whose names have to be private. */
const inPod = (world: HealthyWorld) => {
  world.environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
  world.settings["network"] = { requirePrivate: true };
};

/** A row about names; the system's DNS, which a process would ask, is not the test's to set. */
const names = (dns: Names, world: WorldOptions = {}) => ({ names: dns, world, inject: inPod, isProcess: false });

/** A row about what buildkit says of one server, in the words that it had for such a cause in the lab. */
const buildkitSays = (row: string, host: string): Pick<Fault, "names" | "world" | "inject"> =>
  names(dnsWith({}), {
    buildkit: {
      reply: ({ identifier }) => ({ message: identifier.startsWith(`https://${host}/`) ? messageOf(row) : "" }),
    },
  });

/** Users build on an image of the registry. buildkit says this of the image, and that of the URL of a server. */
const withBaseImage = (ofImage: Reply, host: string, row: string): Pick<Fault, "names" | "world" | "inject"> => ({
  ...names(dnsWith({}), {
    buildkit: {
      reply: ({ identifier }) => {
        if (identifier.startsWith(`docker-image://${registry}/`)) return ofImage;
        return { message: identifier.startsWith(`https://${host}/`) ? messageOf(row) : "" };
      },
    },
  }),
  inject: (world) => {
    inPod(world);
    setBaseImage(world, `${registry}/${basePath}:3.12`);
  },
});

/** Builds push to this repository. */
const pushTo = (repository: string, login: string): WorldOptions => ({
  buildConfig: { "default-repository": repository, "authentication-type": login },
});

/** The way from a cluster to the services of its cloud: their names, seen from a pod, and connections of buildkit. */
export const networkFaults: readonly Fault[] = [
  {
    fault: "the data plane has Depot in place of buildkit",
    code: "depot-needs-internet",
    world: withDepot,
    inject: (world) => {
      world.settings["network"] = { requirePrivate: true };
    },
  },
  { fault: "DNS does not know the registry", code: "egress-name-unknown", ...names(dnsWith({ [registry]: [] })) },
  {
    fault: "buildkit's DNS does not know the registry",
    code: "egress-name-unknown",
    ...buildkitSays("URL of an unknown name", registry),
  },
  {
    fault: "buildkit's DNS does not know the registry, which has the base image too",
    code: "egress-name-unknown",
    ...withBaseImage({ message: messageOf("no such name") }, registry, "URL of an unknown name"),
  },
  { fault: "no DNS server answers", code: "egress-dns-failed", ...names(dnsWith({ [registry]: "EAI_AGAIN" })) },
  {
    fault: "buildkit's DNS server fails",
    code: "egress-dns-failed",
    ...buildkitSays("broken DNS", registry),
  },
  {
    fault: "a DNS filter blocks the API of ECR",
    code: "egress-name-sinkholed",
    ...names(dnsWith({ [api]: ["0.0.0.0"] })),
  },
  {
    fault: "the endpoint of the API has no private DNS",
    code: "egress-name-public",
    ...names(dnsWith({ [api]: ["52.94.1.1"] })),
  },
  {
    fault: "a leftover record of the registry is public",
    code: "egress-name-split",
    ...names(dnsWith({ [registry]: ["10.0.1.8", "52.94.1.1"] })),
  },
  {
    fault: "the endpoint has IPv6 addresses of a network that is not given",
    code: "egress-name-unproven",
    severity: "warning",
    ...names(dnsWith({ [registry]: ["10.0.1.8", "2600:1f14::8"] })),
  },
  {
    fault: "the registry has a dual-stack name, which endpoints do not take over",
    code: "egress-name-dual-stack",
    severity: "warning",
    ...names(
      dnsWith({
        [`123456789012.dkr-ecr.${region}.on.aws`]: ["52.94.1.1"],
        [`ecr.${region}.api.aws`]: ["10.0.1.7"],
      }),
      pushTo(`123456789012.dkr-ecr.${region}.on.aws/union`, "aws"),
    ),
  },
  {
    fault: "the private zone of the registry is not linked to the network",
    code: "egress-zone-unlinked",
    ...names(
      dnsWith({ "acme.azurecr.io": ["20.1.1.1"] }, ["acme.privatelink.azurecr.io"]),
      pushTo("acme.azurecr.io/union", "azure"),
    ),
  },
  {
    fault: "the VPC has no endpoint of S3",
    code: "egress-endpoint-missing",
    ...buildkitSays("URL in a black hole", bucket),
  },
  {
    fault: "the VPC has no endpoint of S3, which has the layers of the base image",
    code: "egress-endpoint-missing",
    ...withBaseImage({ message: "", after: "never" }, bucket, "URL in a black hole"),
  },
  {
    fault: "the security group of an endpoint drops buildkit's packets",
    code: "egress-endpoint-blocked",
    ...buildkitSays("private black hole", registry),
  },
  {
    fault: "a firewall refuses buildkit's connections to the API",
    code: "egress-refused",
    ...buildkitSays("URL that refuses", api),
  },
  {
    fault: "a firewall cuts off buildkit's connection to the API",
    code: "egress-unclear",
    severity: "warning",
    ...buildkitSays("cut off", api),
  },
];
