import * as z from "zod";
import { imageReference, nonEmptyText } from "./field-types.ts";

const host = nonEmptyText.refine(
  (value) => /^[^/\s@]+$/.test(value) && URL.canParse(`http://${value}`),
  "is not host or host:port",
);

/** How `check` and `images mirror` ask registries. */
export const registrySchema = z.strictObject({
  authFile: nonEmptyText.optional().meta({
    description: "Docker configuration (config.json) with logins to registries; else registries are asked anonymously",
    examples: ["/etc/registrar-registry/.dockerconfigjson"],
  }),
  sendToBuildkit: z
    .boolean()
    .default(false)
    .meta({
      description: "Let check give buildkit these logins for its question; the connection to buildkit is plain TCP",
      examples: [true],
    }),
  mirrors: z
    .record(host, imageReference)
    .default({})
    .meta({
      description: "Mirrors by registry, as buildkitd.toml has them: check reads images from there",
      examples: [{ "docker.io": "registry.internal:5000/union" }],
    }),
  insecureHosts: z
    .array(host)
    .default([])
    .meta({
      description: "Registries (host:port) that speak plain HTTP",
      examples: [["registry.internal:5000"]],
    }),
});
