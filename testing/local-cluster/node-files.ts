import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** Where the parts of a node find each other. */
export interface NodeFiles {
  containerdConfig: string;
  containerdSocket: string;
  kubeletConfig: string;
  kubeletFolder: string;
  certificates: string;
}

/** Addresses of pods. */
const podNetwork = "10.244.7.0/24";

/**
 * Writes the configuration of containerd, of its network plugin and of the kubelet, all below one folder. The settings
 * that are not defaults are those that a node without a system of its own needs: cgroup v1, no CAP_SYS_RESOURCE, no
 * AppArmor, a disk that is anything but empty.
 */
export function writeNodeFiles(
  folder: string,
  { cgroup, ports }: { cgroup: string; ports: { kubelet: number; kubeletHealth: number } },
): NodeFiles {
  const place = (...parts: string[]) => join(folder, ...parts);
  mkdirSync(place("cni"), { recursive: true });
  const files: NodeFiles = {
    containerdConfig: place("containerd.toml"),
    containerdSocket: place("containerd.sock"),
    kubeletConfig: place("kubelet.yaml"),
    kubeletFolder: place("kubelet"),
    certificates: place("certificates"),
  };
  const cri = `plugins."io.containerd.grpc.v1.cri"`;
  writeFileSync(
    files.containerdConfig,
    `version = 2
root = "${place("containerd-root")}"
state = "${place("containerd-state")}"
[grpc]
address = "${files.containerdSocket}"
[${cri}]
sandbox_image = "localhost/pause:3.10"
restrict_oom_score_adj = true
disable_apparmor = true
[${cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${place("cni")}"
[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
`,
  );
  const ipam = {
    type: "host-local",
    dataDir: place("ipam"),
    ranges: [[{ subnet: podNetwork }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  const network = { cniVersion: "0.4.0", name: "pods", plugins: [{ type: "ptp", ipMasq: false, ipam }] };
  writeFileSync(place("cni", "10-pods.conflist"), JSON.stringify(network));
  writeFileSync(
    files.kubeletConfig,
    stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      address: "127.0.0.1",
      port: ports.kubelet,
      healthzPort: ports.kubeletHealth,
      readOnlyPort: 0,
      authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
      authorization: { mode: "AlwaysAllow" },
      containerRuntimeEndpoint: `unix://${files.containerdSocket}`,
      failSwapOn: false,
      failCgroupV1: false,
      cgroupDriver: "cgroupfs",
      cgroupRoot: cgroup,
      enforceNodeAllocatable: [],
      localStorageCapacityIsolation: false,
      makeIPTablesUtilChains: false,
      featureGates: { KubeletInUserNamespace: true },
      evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
      imageGCHighThresholdPercent: 100,
      // Once an image was pulled, kubelet pulls it again for a pod that names it otherwise, which no registry has under its local name.
      imagePullCredentialsVerificationPolicy: "NeverVerify",
      podLogsDir: place("logs"),
      volumePluginDir: place("volume-plugins"),
      clusterDomain: "cluster.local",
      syncFrequency: "1s",
    }),
  );
  return files;
}
