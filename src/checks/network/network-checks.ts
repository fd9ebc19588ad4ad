import net from "node:net";
import type { OpenCluster } from "../../cluster/cluster.ts";
import { describeCause } from "../../findings/describe-cause.ts";
import { problem } from "../../findings/registrar-error.ts";
import type { GivenSettings } from "../../settings/parse-settings.ts";
import type { Settings } from "../../settings/schema.ts";
import { deadlines } from "../../system/deadlines.ts";
import type { CheckContext } from "../check-context.ts";
import { accountFinder } from "../data-plane/build-account.ts";
import type { BuildConfig } from "../data-plane/build-config.ts";
import type { Placed, Places } from "../data-plane/each-namespace.ts";
import type { Check, Outcome } from "../engine/check.ts";
import type { Suite } from "../engine/suite.ts";
import type { CloudService } from "./cloud-service.ts";
import { cloudNeeds, registryHost } from "./cloud-services.ts";
import { type AskBuildkit, judgeConnection } from "./connection-verdict.ts";
import { type NamedService, outcomeOfServers } from "./egress-finding.ts";
import { findName } from "./find-name.ts";
import { judgeName } from "./name-verdict.ts";

/** What the checks of the network need of others. */
interface Needs {
  given: Check<GivenSettings>;
  configs: Check<Places<BuildConfig>>;
  /** Passes where buildkit can be asked. */
  buildkit: Check<AskBuildkit>;
}

/** The role that EKS gives to the pods of a service account, which STS exchanges (IAM roles for service accounts). */
const roleAnnotation = "eks.amazonaws.com/role-arn";

/**
 * The servers of the cloud that builds need have names that resolve, to private addresses where that is required, and buildkit
 * reaches them. Like the checks of buildkit, they are about the first namespace; all servers are asked at the same time, once.
 * @returns the last of them: an error of it is the root of what buildkit cannot pull from those servers
 */
export function networkChecks(
  suite: Suite,
  { world: { openCluster, clock, names }, isPod }: CheckContext,
  { given, configs, buildkit }: Needs,
): Check<unknown> {
  const needed = suite.check(
    "network/services",
    "the servers that builds need are known",
    { needs: [given, configs], deadline: deadlines.checkObject },
    async ([{ settings }, [first]], signal): Promise<Outcome<readonly CloudService[]>> => {
      if (first.of.buildkit === "") {
        if (settings.network.requirePrivate) throw problem("depot-needs-internet", { name: first.of.name });
        return { notNeeded: "buildkit-uri is empty: the data plane has no buildkit (Depot)" };
      }
      return servicesOf(first, settings, (namespace) => openCluster(namespace, signal));
    },
  );
  const named = suite.check(
    "network/names",
    "their names resolve",
    // If the cluster's DNS fails, buildkit's name is the first that is not found.
    { needs: [given, needed], after: [buildkit], deadline: deadlines.checkEgressNames },
    async ([{ settings }, services], outer): Promise<Outcome<readonly NamedService[]>> => {
      if (!isPod) return { notHere: "only pods resolve names as buildkit does: run this check in the cluster" };
      const signal = AbortSignal.any([outer, clock.timeout(deadlines.egressLookup.milliseconds)]);
      const found = await Promise.all(
        services.map(async (service) => {
          const answer = await findName(service, names, signal);
          const addresses = answer.kind === "found" ? answer.addresses : [];
          return { service, addresses, fault: judgeName(service, answer, settings.network) };
        }),
      );
      // What is optional and has no name is not there.
      const judged = found.filter(({ addresses, fault }) => fault !== undefined || addresses.length > 0);
      const detail = judged.map(({ service, addresses }) => `${service.host} ${addresses.join(" ")}`).join(", ");
      return outcomeOfServers(judged, detail, { seenBy: "pods", cidrs: settings.network.cidrs });
    },
  );
  return suite.check(
    "network/connections",
    "buildkit reaches them",
    { needs: [given, named, buildkit], deadline: deadlines.checkEgress },
    async ([{ settings }, services, ask], signal): Promise<Outcome<readonly NamedService[]>> => {
      const ofCloud = services.filter(({ service }) => service.way !== "none");
      if (ofCloud.length === 0) return { notNeeded: "the checks of images ask buildkit about the registry" };
      const { cidrs } = settings.network;
      const judged = await Promise.all(
        ofCloud.map(async ({ service, addresses }) => {
          const answer = await ask(`https://${service.host}/`, signal);
          return { service, addresses, fault: judgeConnection(service, answer, { addresses, cidrs }) };
        }),
      );
      const detail = judged.map(({ service }) => service.host).join(", ");
      return outcomeOfServers(judged, detail, { seenBy: "buildkit", cidrs });
    },
  );
}

/** The servers that builds in a namespace need; where no cloud is known, its registry alone. */
async function servicesOf(
  { namespace, of: { repository } }: Placed<BuildConfig>,
  settings: Settings,
  openCluster: (namespace: string) => ReturnType<OpenCluster>,
): Promise<Outcome<readonly CloudService[]>> {
  const needs = cloudNeeds({ repository, hasRole: false }, settings.network);
  if ("nothing" in needs) {
    const host = registryHost(repository);
    if (settings.network.cloud === "none") return { notNeeded: needs.nothing };
    if (net.isIP(host.replace(/^\[|\]$/g, "")) !== 0) return { notNeeded: `the registry ${host} has no name` };
    return { value: [{ host, purpose: "the registry", way: "none" }], detail: `${host}; ${needs.nothing}` };
  }
  if (needs.cloud !== "aws") return passed(needs.services);
  const role = await readRole(namespace, settings, openCluster);
  const withRole = cloudNeeds({ repository, hasRole: role.hasRole }, settings.network);
  return passed("services" in withRole ? withRole.services : needs.services, role.unread);
}

function passed(services: readonly CloudService[], unread = ""): Outcome<readonly CloudService[]> {
  const servers = services.map(({ host, purpose }) => `${host} (${purpose})`).join(", ");
  return { value: services, detail: unread === "" ? servers : `${servers}; ${unread}` };
}

/** Whether the pods of builds get a role of AWS. What cannot be read is no failure: the checks of the data plane report it. */
async function readRole(
  namespace: string,
  settings: Settings,
  openCluster: (namespace: string) => ReturnType<OpenCluster>,
): Promise<{ hasRole: boolean; unread?: string }> {
  try {
    const home = await openCluster(settings.release.namespace);
    const { account } = await accountFinder(home, settings)(namespace);
    const annotations = await home.inNamespace(namespace).readAnnotations(account);
    return { hasRole: Object.hasOwn(annotations, roleAnnotation) };
  } catch (error) {
    const why = describeCause(error);
    return {
      hasRole: false,
      unread: `whether builds need STS is not known, as their service account has not been read: ${why}`,
    };
  }
}
