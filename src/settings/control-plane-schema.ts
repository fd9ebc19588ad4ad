import * as z from "zod";
import { describeCause } from "../findings/describe-cause.ts";
import { parseProxy } from "../network/route.ts";
import { identifier, nonEmptyText, text, variableName } from "./field-types.ts";

/** Checked even if something else is wrong, so that one run shows everything. */
const always = () => true;

const scopes = z
  .array(nonEmptyText)
  .optional()
  .meta({
    description: "OAuth 2 scopes to request; else those that the control plane publishes",
    examples: [["api://00000000-0000-0000-0000-000000000000/.default"]],
  });

const authSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z
    .strictObject({
      type: z.literal("clientSecret"),
      clientId: nonEmptyText.meta({ description: "OAuth 2 client id", examples: ["dataplane-operator"] }),
      clientSecretFile: nonEmptyText.optional().meta({
        description: "File with the client secret; surrounding whitespace is ignored",
        examples: ["/etc/union/secret/client_secret"],
      }),
      clientSecretVariable: variableName.optional().meta({
        description: "Environment variable with the client secret, instead of a file",
        examples: ["UNION_CLIENT_SECRET"],
      }),
      scopes,
    })
    .refine((auth) => auth.clientSecretFile !== undefined || auth.clientSecretVariable !== undefined, {
      path: ["clientSecretFile"],
      error: "set this or clientSecretVariable",
      when: always,
    })
    .refine((auth) => auth.clientSecretFile === undefined || auth.clientSecretVariable === undefined, {
      path: ["clientSecretVariable"],
      error: "is set in addition to clientSecretFile; set one of the two",
      when: always,
    }),
  z.strictObject({
    type: z.literal("apiKey"),
    apiKeyFile: nonEmptyText
      .optional()
      .meta({ description: "File with the API key; else FLYTE_API_KEY", examples: ["/etc/registrar/api-key"] }),
    scopes,
  }),
  z.strictObject({
    type: z.literal("externalCommand"),
    command: z
      .array(nonEmptyText)
      .min(1, "is empty")
      .meta({ description: "Program and arguments that print a token", examples: [["uctl", "get-token"]] }),
  }),
]);

/** How to connect and log in to the control plane. */
export const controlPlaneSchema = z.strictObject({
  endpoint: nonEmptyText.optional().meta({
    description: "Address of the control plane: dns:///host, host, host:port, https://… or http://…",
    examples: ["dns:///union.example.com"],
  }),
  org: identifier.optional().meta({ description: "Organisation; not derived from the host name", examples: ["acme"] }),
  insecure: z
    .boolean()
    .default(false)
    .meta({
      description: "Plain HTTP without TLS; as with the flyte CLI, no token is sent",
      examples: [true],
    }),
  insecureSkipVerify: z
    .boolean()
    .default(false)
    .meta({
      description: "Accept any server certificate; the flyte CLI accepts only a self-signed one",
      examples: [true],
    }),
  caFile: nonEmptyText.optional().meta({
    description: "File of CAs to trust in addition to the public ones (PEM or DER), for API and token endpoint",
    examples: ["/etc/registrar/ca.crt"],
  }),
  proxy: text
    .superRefine((given, { addIssue }) => {
      const wrong = problemOfProxy(given);
      if (wrong !== undefined) addIssue({ code: "custom", message: wrong });
    })
    .optional()
    .meta({
      description: "HTTP proxy: http://…, https://… or host:port, empty for none; else HTTPS_PROXY or ALL_PROXY",
      examples: ["http://proxy:3128"],
    }),
  noProxy: text
    .optional()
    .meta({ description: "Hosts reached without the proxy; else NO_PROXY", examples: [".svc,10.0.0.0"] }),
  auth: authSchema.default({ type: "none" }).meta({ description: "How to authenticate", examples: [{ type: "none" }] }),
});

/** What is wrong with the address of a proxy. */
function problemOfProxy(given: string): string | undefined {
  if (given === "") return undefined;
  try {
    parseProxy(given);
    return undefined;
  } catch (error) {
    return describeCause(error);
  }
}

export type Auth = z.output<typeof authSchema>;
