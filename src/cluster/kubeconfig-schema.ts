import * as z from "zod";

// A kubeconfig, as far as it is used here; source of the keys: package clientcmd/api/v1 of client-go. Like kubectl, it ignores
// unknown keys, takes empty text for not set, and refuses a number in place of text.

const text = z
  .string()
  .transform((value) => value || undefined)
  .optional();

const clusterSchema = z.object({
  server: text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.boolean().default(false),
  "tls-server-name": text,
  "proxy-url": text,
});

const userSchema = z.object({
  token: text,
  tokenFile: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).default([]),
  "as-user-extra": z.record(z.string(), z.array(z.string())).default({}),
  // The rest of these two is for the Kubernetes client.
  exec: z.looseObject({ command: z.string() }).optional(),
  "auth-provider": z.looseObject({}).optional(),
});

const contextSchema = z.object({ cluster: text, user: text, namespace: text });

/** One kubeconfig; each list as a map from name to entry. */
export const kubeconfigSchema = z.object({
  kind: z.literal("Config").optional(),
  clusters: named(z.object({ name: z.string(), cluster: clusterSchema.prefault({}) }), ({ cluster }) => cluster),
  users: named(z.object({ name: z.string(), user: userSchema.prefault({}) }), ({ user }) => user),
  contexts: named(z.object({ name: z.string(), context: contextSchema.prefault({}) }), ({ context }) => context),
  "current-context": text,
});

export type Kubeconfig = z.output<typeof kubeconfigSchema>;
export type KubeconfigCluster = z.output<typeof clusterSchema>;
export type KubeconfigUser = z.output<typeof userSchema>;

function named<Item extends { name: string }, Value>(item: z.ZodType<Item>, entryOf: (item: Item) => Value) {
  return z
    .array(item)
    .default([])
    .refine((items) => new Set(items.map(({ name }) => name)).size === items.length, "two entries have the same name")
    .transform((items): ReadonlyMap<string, Value> => new Map(items.map((each) => [each.name, entryOf(each)])));
}
