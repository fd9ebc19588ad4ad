import dns from "node:dns/promises";
import type { LookUp } from "./resolve.ts";

/** DNS, as this machine has it. */
export interface Names {
  lookUp: LookUp;
  /** The alias (CNAME) of a name, from the DNS servers themselves; a name without one is an error. */
  findAliases(host: string): Promise<readonly string[]>;
}

/** The system's DNS. */
export const systemNames: Names = { lookUp: dns.lookup, findAliases: dns.resolveCname };
