// Installs the chart on the cluster of KUBECONFIG next to a stand-in control plane, says how to try it, and stays until it is
// ended (tools/cluster.ts).
import { dirname } from "node:path";
import { createRelease, fullname } from "./release.ts";

const namespace = "union";
const { controlPlane, install } = await createRelease(4, { namespace });
const { exitCode, stdout, stderr } = await install({ cronJob: { schedule: "*/10 * * * *" } });
const { KUBECONFIG, CLUSTER_ENTRY, KUBECTL = "", HELM4 = "" } = process.env;
const variables = `KUBECONFIG=${KUBECONFIG} PATH=${dirname(KUBECTL)}:${dirname(HELM4)}:$PATH`;
const enter = `nsenter --target ${CLUSTER_ENTRY} --net --mount --pid env ${variables} bash`;
process.stdout.write(`${stdout}${stderr}
${exitCode === 0 ? "Installed" : "Could not install"}; the control plane is at ${controlPlane.plane.url}.
${CLUSTER_ENTRY === undefined ? "" : `From another terminal, a shell that reaches the cluster:\n  ${enter}\n`}To try:
  kubectl -n ${namespace} logs job/${fullname}-register
  kubectl -n ${namespace} create job --from=cronjob/${fullname}-register register-$(date +%s)
  kubectl -n ${namespace} create job --from=cronjob/${fullname}-check check-$(date +%s)
  kubectl -n ${namespace} create job --from=cronjob/${fullname}-build build-$(date +%s)
  helm -n ${namespace} upgrade dataplane chart --reuse-values --set appVersion=2026.3.5
Ctrl-C ends it.
`);
