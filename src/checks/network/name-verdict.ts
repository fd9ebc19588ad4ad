import net from "node:net";
import type { Finding } from "../../findings/finding.ts";
import { type JudgedAddress, judgeAddress } from "../../network/address-kind.ts";
import type { NetworkSettings } from "../../settings/network-schema.ts";
import type { CloudService } from "./cloud-service.ts";

/** What a lookup gave for a name. */
export type NameAnswer =
  | { kind: "found"; addresses: readonly string[]; aliases: readonly string[] }
  | { kind: "unknown"; why: string }
  | { kind: "failed"; why: string };

/** Codes about a name. */
export type NameCode =
  | "egress-name-unknown"
  | "egress-dns-failed"
  | "egress-name-sinkholed"
  | "egress-name-public"
  | "egress-name-split"
  | "egress-name-unproven"
  | "egress-name-dual-stack"
  | "egress-zone-unlinked";

/** What is wrong with a name. */
export interface NameFault {
  code: NameCode;
  severity: Finding["severity"];
  why: string;
}

/**
 * Judges the addresses of a name. Without `requirePrivate`, and of what a private network reaches over public addresses (S3 by its
 * gateway endpoint, a registry of no cloud), it only has to resolve. Private Google Access works over public addresses too, so
 * these are a warning there.
 * @returns nothing if all is well
 */
export function judgeName(
  service: CloudService,
  answer: NameAnswer,
  { requirePrivate, cidrs }: Pick<NetworkSettings, "requirePrivate" | "cidrs">,
): NameFault | undefined {
  const error = (code: NameCode, why: string): NameFault => ({ code, severity: "error", why });
  const warning = (code: NameCode, why: string): NameFault => ({ code, severity: "warning", why });
  if (answer.kind === "unknown") return service.isOptional ? undefined : error("egress-name-unknown", answer.why);
  if (answer.kind === "failed") return error("egress-dns-failed", answer.why);
  const { way, host, privateHost } = service;
  if (way === "none") return undefined;
  const judged = answer.addresses.map((address) => judgeAddress(address, cidrs));
  const why = `${host}: ${judged.map(addressText).join(", ")}`;
  if (judged.some(({ kind }) => kind === "local")) return error("egress-name-sinkholed", why);
  if (!requirePrivate || way === "gateway") return undefined;

  const isInside = ({ kind }: JudgedAddress) => kind === "private" || (kind === "google" && way === "google");
  const outside = judged.filter((address) => !isInside(address));
  if (outside.length === 0) return undefined;
  const isSplit = outside.length < judged.length;
  if (way === "google") return warning(isSplit ? "egress-name-split" : "egress-name-public", why);
  // Endpoints have global unicast addresses of their network, which look like any other.
  const isUnproven = ({ effective }: JudgedAddress) =>
    net.isIPv6(effective) && !cidrs.some((cidr) => cidr.includes(":"));
  if (outside.every(isUnproven)) return warning("egress-name-unproven", why);
  const privateLink = answer.aliases.find((alias) => /\.privatelink\./i.test(alias));
  if (privateLink !== undefined) return error("egress-zone-unlinked", `${why}; alias of ${privateLink}`);
  if (isSplit) return error("egress-name-split", why);
  return privateHost === undefined ? error("egress-name-public", why) : warning("egress-name-dual-stack", why);
}

/** `52.94.1.1`, `64:ff9b::345e:101 (52.94.1.1 by NAT64)` */
function addressText({ address, effective, isNat64 }: JudgedAddress): string {
  if (address === effective) return address;
  return `${address} (${effective}${isNat64 ? " by NAT64" : ""})`;
}
