import type { Reader } from "../reader.ts";
import { pullCodes } from "./pull-codes.ts";
import { grantPull, type Puller } from "./pull-rights.ts";
import { hostText, mirrorIt } from "./pull-texts.ts";
import type { RegistryPlace } from "./registry-kinds.ts";

/** An image that a build cannot pull, and why. */
export interface PullPlace extends RegistryPlace {
  /** What follows `pull-` in the code of that fault: `name-unknown`, `forbidden`, `other`. */
  fault: string;
  /** Of the server that it is about; empty if the words name none. */
  host: string;
  /** To which a connection was tried; empty if it is not known. */
  address: string;
}

/** Whom a fix is about: buildkit pulls with the worker's identity, but by its own network. */
export function pullFix(puller: Puller, place: PullPlace, reader: Reader): string {
  const { fault, image, host, address } = place;
  if (fault === "login-required" || fault === "forbidden") return rightsFix(puller, place, reader);
  if (puller === "node") return nodeFix(place, reader);
  const known = Object.entries(pullCodes).find(([code]) => code === `pull-${fault}`)?.[1] ?? pullCodes["pull-other"];
  return known.fix({ images: [image], host, address }, reader);
}

function rightsFix(puller: Puller, place: PullPlace, { setting }: Reader): string {
  const grant = grantPull(puller, place);
  const missing = "Registries say the same of an image that does not exist";
  return puller === "node"
    ? `${grant} Or name a login in ${setting("task.podTemplate")} (imagePullSecrets), or a copy in ${setting("task.imageNamePrefix")}. ${missing}.`
    : `${grant} Builds log in with imageBuilder.authenticationType of the data plane, whose default noop logs in nowhere. ${missing}: correct its name, or ${mirrorIt}.`;
}

/** The kubelet has the network, the CAs and the mirrors of its node. */
function nodeFix({ fault, image, host }: PullPlace, { setting }: Reader): string {
  const elsewhere = `copy it to a registry that nodes reach (registrar images mirror), and set ${setting("task.imageNamePrefix")} to that`;
  switch (fault) {
    case "missing":
      return `Correct ${setting("appVersion")} or ${setting("task.imageNamePrefix")}, or copy ${image} to where they point: registrar images mirror.`;
    case "architecture":
      return `Copy ${image} with all its platforms (registrar images mirror does), or set ${setting("task.podTemplate")}.nodeSelector to nodes of its architecture.`;
    case "rate-limited":
      return `Wait, or ${elsewhere}: limits for anonymous clients count per address.`;
    case "ca-unknown":
    case "wrong-host":
    case "certificate":
    case "not-tls":
      return `Correct TLS between nodes and ${hostText(host)} (see why): the CA in the trust store of the nodes, or in containerd's certs.d; or ${elsewhere}.`;
    default:
      return `Allow TCP 443 from the nodes to ${hostText(host)} and let its name resolve there (route, firewall, VPC endpoint); or ${elsewhere}.`;
  }
}
