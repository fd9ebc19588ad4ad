import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import { addBuildNamespaces, type HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { type Fault, registerNow } from "./fault.ts";
import { openServer } from "./worlds.ts";

const buildkit = (address: string) => ({ buildConfig: { "buildkit-uri": address } });

/** What build pods would not find in the data plane. */
export const dataPlaneFaults: readonly Fault[] = [
  {
    fault: "the ConfigMap does not exist",
    code: "build-config-missing",
    world: { cluster: { configMaps: {} } },
  },
  {
    fault: "the operator has not copied the ConfigMap into a namespace where builds run",
    code: "build-config-not-copied",
    world: { cluster: { namespaces: { "system-production": { serviceAccounts: ["default", "union"] } } } },
    inject: (world) =>
      Object.assign(world.settings, {
        release: { namespace: "union", name: "dataplane" },
        cluster: { buildNamespaces: ["union", "system-production"] },
      }),
  },
  {
    fault: "the operator has not copied the ConfigMap into one namespace of several",
    code: "build-config-not-copied",
    inject: (world) => addBuildNamespaces(world, { development: {}, staging: { configMaps: {} }, production: {} }),
  },
  {
    fault: "one namespace of several has neither ConfigMap nor service account",
    code: "build-namespace-unprovisioned",
    inject: (world) =>
      addBuildNamespaces(world, { development: {}, staging: { configMaps: {}, serviceAccounts: [] }, production: {} }),
  },
  {
    fault: "a namespace of the settings does not exist",
    code: "build-namespace-unprovisioned",
    inject: (world) => {
      world.settings["cluster"] = { buildNamespaces: ["union", "system-prodution"] };
    },
  },
  {
    fault: "namespaces may not be listed",
    code: "build-namespaces-unlisted",
    severity: "warning",
    world: { cluster: { forbidden: ["GET namespaces"] } },
    inject: (world) => addBuildNamespaces(world, { production: {} }),
  },
  {
    fault: "the label selector does not parse",
    code: "build-namespaces-unlisted",
    severity: "warning",
    inject: (world) => {
      world.settings["cluster"] = { buildNamespaceSelector: "union.ai/namespace-type:flyte" };
    },
  },
  {
    fault: "no namespace has the label",
    code: "build-namespaces-none",
    severity: "warning",
    inject: (world) => addBuildNamespaces(world, {}),
  },
  {
    fault: "the only namespace with the label is being deleted",
    code: "build-namespaces-none",
    severity: "warning",
    inject: (world) => addBuildNamespaces(world, { production: { isTerminating: true, configMaps: {} } }),
  },
  {
    fault: "one namespace of several has an outdated copy of the ConfigMap",
    code: "build-config-differs",
    severity: "warning",
    inject: (world) => {
      addBuildNamespaces(world, { development: {}, staging: {}, production: {} });
      const copy = world.cluster.namespaces["staging"]?.configMaps?.["build-image-config"];
      Object.assign(copy ?? {}, { "default-repository": "registry.example.com/old" });
    },
  },
  {
    fault: "the API server never answers",
    code: "cluster-unreachable",
    severity: "warning",
    world: { cluster: { silent: true } },
  },
  {
    fault: "the API server is down",
    code: "cluster-unreachable",
    severity: "warning",
    inject: (world) => world.cluster.stop(),
  },
  {
    fault: "the credentials of the kubeconfig have expired",
    code: "cluster-unreachable",
    severity: "warning",
    world: { cluster: { knowsNobody: true } },
  },
  {
    fault: "the kubeconfig is not YAML",
    code: "cluster-unreachable",
    severity: "warning",
    inject: async (world) => {
      world.environment["KUBECONFIG"] = await world.write("kubeconfig", "clusters: [");
    },
  },
  {
    fault: "the ConfigMap has no address for buildkit",
    code: "build-config-key-missing",
    world: { buildConfig: { "buildkit-uri": undefined } },
  },
  {
    fault: "the ConfigMap has no storage",
    code: "build-config-key-missing",
    world: { buildConfig: { "storage.yaml": undefined } },
  },
  {
    fault: "the ConfigMap has no repository",
    code: "build-config-key-missing",
    world: { buildConfig: { "default-repository": undefined } },
  },
  {
    fault: "the address of buildkit is quoted twice",
    code: "build-config-quoted",
    world: buildkit('"tcp://buildkit:1234"'),
  },
  {
    fault: "the AWS account is a number that a template could not format",
    code: "build-config-unformatted",
    world: { buildConfig: { "default-repository": "%!s(int64=123456789012).dkr.ecr.us-east-1.amazonaws.com/union" } },
  },
  { fault: "the repository is empty", code: "repository-empty", world: { buildConfig: { "default-repository": " " } } },
  {
    fault: "the repository is a URL",
    code: "repository-malformed",
    world: { buildConfig: { "default-repository": "https://123456789012.dkr.ecr.us-east-1.amazonaws.com/union" } },
  },
  {
    fault: "the repository has capital letters",
    code: "repository-malformed",
    world: { buildConfig: { "default-repository": "ghcr.io/Acme/union" } },
  },
  {
    fault: "the registry login ends with a newline",
    code: "build-config-whitespace",
    severity: "warning",
    world: { buildConfig: { "authentication-type": "aws\n" } },
  },
  {
    fault: "image optimization is switched by a word that is no boolean",
    code: "image-optimization-malformed",
    severity: "warning",
    world: { buildConfig: { "enable-image-optimization": "yes" } },
  },
  {
    fault: "the registry login is unknown",
    code: "authentication-type-unknown",
    severity: "warning",
    world: { buildConfig: { "authentication-type": "gcp" } },
  },
  {
    fault: "the registry login is for another cloud than the repository",
    code: "authentication-type-contradicts",
    world: { buildConfig: { "default-repository": "us-docker.pkg.dev/acme/union" } },
  },
  {
    fault: "the ConfigMap may not be read",
    code: "cluster-unreadable",
    severity: "warning",
    world: { cluster: { configMaps: {}, forbidden: ["GET configmaps"] } },
  },
  {
    fault: "service accounts may not be read",
    code: "cluster-unreadable",
    severity: "warning",
    world: { cluster: { forbidden: ["GET serviceaccounts"] } },
  },
  {
    fault: "the service account that the data plane's PodTemplate names does not exist",
    code: "service-account-missing",
    world: { cluster: { serviceAccounts: ["default"] } },
  },
  {
    fault: "the service account does not exist in one namespace of several",
    code: "service-account-missing",
    inject: (world) => addBuildNamespaces(world, { development: {}, staging: { serviceAccounts: ["default"] } }),
  },
  {
    fault: "the service account of the settings does not exist, and no PodTemplate names one",
    code: "service-account-missing",
    world: { cluster: { podTemplates: {} } },
    inject: (world) => {
      world.settings["cluster"] = { buildServiceAccount: "builder" };
    },
  },
  {
    fault: "the service account of the pod template does not exist",
    code: "service-account-missing",
    inject: async (world) => {
      world.settings.task["podTemplate"] = { serviceAccountName: "image-builder" };
      await registerNow(world);
    },
  },
  {
    fault: "the address of buildkit has no scheme",
    code: "buildkit-address-malformed",
    world: buildkit("buildkit:1234"),
  },
  {
    fault: "the address of buildkit has a path",
    code: "buildkit-address-malformed",
    world: buildkit("tcp://buildkit:1234/"),
  },
  {
    fault: "the address of buildkit has no port",
    code: "buildkit-address-malformed",
    world: buildkit("tcp://buildkit"),
  },
  {
    fault: "the name of buildkit does not resolve",
    code: "buildkit-name-unknown",
    world: buildkit("tcp://buildkit.invalid:1234"),
  },
  {
    fault: "the name of buildkit's Service does not resolve in a pod",
    code: "buildkit-name-unknown",
    world: {
      buildConfig: {
        "buildkit-uri": "tcp://buildkit.union.svc.cluster.local:1234",
        // A pod looks it up.
        "default-repository": "localhost:5000/union",
        "authentication-type": "basic",
      },
    },
    inject: (world) => {
      world.environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
    },
  },
  { fault: "nothing listens at buildkit's address", code: "buildkit-refused", world: buildkit("tcp://127.0.0.1:9") },
  {
    fault: "no pod of buildkit is ready",
    code: "buildkit-refused",
    world: { ...buildkit("tcp://localhost:9"), cluster: { services: { localhost: [false] } } },
  },
  {
    fault: "buildkit is scaled to zero",
    code: "buildkit-scaled-to-zero",
    world: { ...buildkit("tcp://localhost:9"), cluster: { services: { localhost: [] } } },
  },
  {
    fault: "buildkit refuses connections and its pods may not be listed",
    code: "buildkit-refused",
    world: { ...buildkit("tcp://localhost:9"), cluster: { forbidden: ["GET endpointslices"] } },
  },
  {
    fault: "a firewall drops the packets to buildkit",
    code: "buildkit-timeout",
    inject: async (world, stack) => setBuildkit(world, `tcp://${stack.use(await openBlackHole()).address}`),
  },
  {
    fault: "buildkit requires TLS",
    code: "buildkit-tls",
    severity: "warning",
    inject: async (world, stack) => {
      const { certificatePem, keyPem } = await world.authority.issue();
      const server = tls.createServer({ cert: certificatePem, key: keyPem, ALPNProtocols: ["h2"] });
      setBuildkit(world, `tcp://${await openServer(stack, server)}`);
    },
  },
  {
    fault: "a web server listens at buildkit's address",
    code: "buildkit-foreign",
    inject: async (world, stack) => {
      const server = http.createServer((_, response) => response.writeHead(404).end());
      setBuildkit(world, `tcp://${await openServer(stack, server)}`);
    },
  },
  {
    fault: "a proxy without a backend listens at buildkit's address",
    code: "buildkit-foreign",
    inject: async (world, stack) =>
      setBuildkit(
        world,
        `tcp://${await openServer(
          stack,
          net.createServer((socket) => socket.destroy()),
        )}`,
      ),
  },
];

function setBuildkit(world: HealthyWorld, address: string): void {
  Object.assign(world.cluster.configMaps["build-image-config"] ?? {}, { "buildkit-uri": address });
}
