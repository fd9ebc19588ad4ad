import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { writeCredentials } from "./credentials.ts";
import { enclosedAddress } from "./enclosure.ts";
import { writeNodeFiles } from "./node-files.ts";
import { type Server, startServer } from "./server.ts";
import { waitFor } from "./wait-for.ts";

/** What a cluster is made of. */
export interface LocalClusterOptions {
  /** For all of its files. */
  folder: string;
  /** The kubelet puts its pods below it. */
  cgroup: string;
  /** Archives of images that pods may use without a registry. */
  images: readonly string[];
}

/** A one-node cluster that runs. */
export interface LocalCluster {
  kubeconfig: string;
  version: string;
}

const serviceNetwork = { range: "10.0.0.0/24", apiServer: "10.0.0.1" };

/** Fixed ports: the network is the cluster's own. */
const ports = { api: 6443, etcd: 2379, etcdPeers: 2380, kubelet: 10250, kubeletHealth: 10248 };

/** Milliseconds for one part to start. */
const startTime = 60_000;

/**
 * Starts a real one-node Kubernetes of programs on PATH: etcd, API server, controller manager, scheduler, containerd, kubelet
 * and kube-proxy. There is no cluster DNS. Call it in an enclosure, which also ends it.
 */
export async function startLocalCluster({ folder, cgroup, images }: LocalClusterOptions): Promise<LocalCluster> {
  const logs = join(folder, "log");
  mkdirSync(logs);
  const addresses = [serviceNetwork.apiServer, enclosedAddress];
  const credentials = await writeCredentials(folder, { port: ports.api, addresses });
  const { kubeconfig } = credentials;
  const node = writeNodeFiles(folder, { cgroup, ports });
  const servers: Server[] = [];
  const start = (program: string, flags: Record<string, string | number>) => {
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    servers.push(startServer(program, args, logs));
  };
  const ready = (what: string, look: () => Promise<unknown>) =>
    waitFor(
      what,
      async () => {
        await look();
        return true;
      },
      { milliseconds: startTime, alive: () => servers.forEach((server) => void server.ensureRuns()) },
    );
  const kubectl = (...args: string[]) => execa("kubectl", ["--kubeconfig", kubeconfig, ...args]);
  const ctr = (...args: string[]) => execa("ctr", ["--address", node.containerdSocket, "--namespace=k8s.io", ...args]);

  const etcd = `http://127.0.0.1:${ports.etcd}`;
  const etcdPeers = `http://127.0.0.1:${ports.etcdPeers}`;
  start("etcd", {
    name: "e",
    "data-dir": join(folder, "etcd"),
    "log-level": "error",
    "unsafe-no-fsync": "true",
    "listen-client-urls": etcd,
    "advertise-client-urls": etcd,
    "listen-peer-urls": etcdPeers,
    "initial-advertise-peer-urls": etcdPeers,
    "initial-cluster": `e=${etcdPeers}`,
  });
  start("kube-apiserver", {
    "etcd-servers": etcd,
    "bind-address": "0.0.0.0",
    "secure-port": ports.api,
    "advertise-address": enclosedAddress,
    "service-cluster-ip-range": serviceNetwork.range,
    "tls-cert-file": credentials.certificate,
    "tls-private-key-file": credentials.key,
    "client-ca-file": credentials.ca,
    "token-auth-file": credentials.tokens,
    "service-account-key-file": credentials.serviceAccountPublicKey,
    "service-account-signing-key-file": credentials.serviceAccountKey,
    "service-account-issuer": "https://kubernetes.default.svc",
    "authorization-mode": "Node,RBAC",
    "kubelet-preferred-address-types": "Hostname",
  });
  start("containerd", { config: node.containerdConfig });
  await ready("containerd", () => ctr("version"));
  const imported = Promise.all(images.map((archive) => ctr("images", "import", archive)));
  await ready("the API server", () => kubectl("get", "--raw=/readyz"));
  const local = { kubeconfig, "bind-address": "127.0.0.1" };
  start("kube-controller-manager", {
    ...local,
    "leader-elect": "false",
    "root-ca-file": credentials.ca,
    "service-account-private-key-file": credentials.serviceAccountKey,
  });
  start("kube-scheduler", { ...local, "leader-elect": "false" });
  start("kubelet", {
    kubeconfig,
    config: node.kubeletConfig,
    "root-dir": node.kubeletFolder,
    "cert-dir": node.certificates,
    "hostname-override": "localhost",
  });
  // Zeros: it may not change the kernel's settings of connection tracking.
  start("kube-proxy", {
    ...local,
    "hostname-override": "localhost",
    "proxy-mode": "iptables",
    "conntrack-max-per-core": 0,
    "conntrack-tcp-timeout-established": 0,
    "conntrack-tcp-timeout-close-wait": 0,
  });
  await imported;
  await ready("the node", () => kubectl("wait", "--for=condition=Ready", "node/localhost", "--timeout=1s"));
  await ready("service accounts", () => kubectl("get", "serviceaccount", "default"));
  const { stdout } = await kubectl("version", "--output=json");
  return { kubeconfig, version: JSON.parse(stdout).serverVersion.gitVersion };
}
