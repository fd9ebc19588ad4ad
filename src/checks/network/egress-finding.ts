import { type Finding, finding } from "../../findings/finding.ts";
import { RegistrarError } from "../../findings/registrar-error.ts";
import type { Outcome } from "../engine/check.ts";
import type { CloudService } from "./cloud-service.ts";
import type { ConnectionFault } from "./connection-verdict.ts";
import type { NameFault } from "./name-verdict.ts";

/** A server that builds need, and the addresses of its name. */
export interface NamedService {
  service: CloudService;
  /** As pods resolve the name. */
  addresses: readonly string[];
}

/** What was found out about one server. */
export interface Judged extends NamedService {
  fault: NameFault | ConnectionFault | undefined;
}

/** What else the texts of a finding need. */
interface Seen {
  seenBy: "pods" | "buildkit";
  cidrs: readonly string[];
}

/**
 * Ends a check of several servers: with those that have no error, and one finding. It is that of the first fault, errors before
 * warnings, for all servers that have it and are reached in the same way; its reason mentions the others.
 * @throws {RegistrarError} that finding, if no server is left
 */
export function outcomeOfServers(
  judged: readonly Judged[],
  detail: string,
  seen: Seen,
): Outcome<readonly NamedService[]> {
  const value = judged.filter(({ fault }) => fault?.severity !== "error");
  const found = oneFinding(judged, seen);
  if (!found) return { value, detail };
  if (value.length === 0) throw new RegistrarError(found);
  return { value, finding: found };
}

function oneFinding(judged: readonly Judged[], seen: Seen): Finding | undefined {
  const faulty = judged.flatMap(({ service, fault }) => (fault ? { service, ...fault } : []));
  const isError = ({ severity }: { severity: Finding["severity"] }) => severity === "error";
  const errorsFirst = [...faulty.filter(isError), ...faulty.filter((fault) => !isError(fault))];
  const groups = Map.groupBy(errorsFirst, ({ code, service }) => `${code} ${service.way}`);
  const [first, ...others] = groups.values();
  const [leader] = first ?? [];
  if (!first || !leader) return undefined;
  const services = first.map(({ service }) => service);
  const args = {
    hosts: services.map(({ host }) => host),
    way: leader.service.way,
    endpointServices: services.flatMap(({ endpointService }) => endpointService ?? []),
    privateHosts: [...new Set(services.flatMap(({ privateHost }) => privateHost ?? []))],
    ...seen,
  };
  const also = others.map((group) => `also ${group[0]?.code}: ${group.map(({ service }) => service.host).join(", ")}`);
  return finding(leader.severity, leader.code, args, [...first.map(({ why }) => why), ...also].join("; "));
}
