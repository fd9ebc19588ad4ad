import net from "node:net";
import * as z from "zod";
import { nonEmptyText } from "./field-types.ts";

const cidr = nonEmptyText.refine((value) => {
  const [address = "", length = "", ...others] = value.split("/");
  const longest = net.isIPv4(address) ? 32 : net.isIPv6(address) ? 128 : -1;
  return others.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= longest;
}, "is not a CIDR block such as 10.0.0.0/16");

/** How buildkit is to reach the services of its cloud; for `check`. */
export const networkSchema = z.strictObject({
  cloud: z
    .enum(["auto", "aws", "google", "azure", "none"])
    .default("auto")
    .meta({ description: "Cloud whose services builds need; auto: that of the repository's host", examples: ["aws"] }),
  region: nonEmptyText
    .refine((value) => /^[a-z0-9-]+$/.test(value), "is not the name of a region")
    .optional()
    .meta({ description: "Region of the cloud; else that of the repository's host", examples: ["eu-central-1"] }),
  requirePrivate: z
    .boolean()
    .default(false)
    .meta({
      description: "Require that the names of the cloud's services resolve to private addresses",
      examples: [true],
    }),
  cidrs: z
    .array(cidr)
    .default([])
    .meta({
      description: "CIDR blocks of the network (VPC), those of pods too: what else counts as private",
      examples: [["10.0.0.0/16", "100.64.0.0/16"]],
    }),
});

export type NetworkSettings = z.output<typeof networkSchema>;
