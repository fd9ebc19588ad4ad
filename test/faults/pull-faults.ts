import { messageOf } from "../../testing/buildkit/recording.ts";
import type { StandInOptions } from "../../testing/buildkit/stand-in/stand-in.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { registryLogin } from "../../testing/registry/registry-gate.ts";
import type { Fault } from "./fault.ts";
import { writeLogin } from "./worlds.ts";

/** A buildkit that says this of every image. */
const says = (message: string): { buildkit: StandInOptions } => ({ buildkit: { reply: () => ({ message }) } });

/** A buildkit that says what the real one has said in the lab. */
const saysAsIn = (row: string) => says(messageOf(row));

/** buildkit gets the login for the registry. */
const sendLogin = async (world: HealthyWorld) => {
  await writeLogin(world, world.registry.host, registryLogin);
  world.settings.registry["sendToBuildkit"] = true;
};

/** What buildkit cannot pull, in its own words. */
export const pullFaults: readonly Fault[] = [
  { fault: "the registry's name does not resolve", code: "pull-name-unknown", world: saysAsIn("no such name") },
  { fault: "the DNS server fails", code: "pull-dns-broken", world: saysAsIn("broken DNS") },
  { fault: "no DNS server answers", code: "pull-dns-silent", world: saysAsIn("silent DNS") },
  {
    fault: "packets to a private address are dropped",
    code: "pull-dial-timeout",
    world: saysAsIn("private black hole"),
  },
  { fault: "packets to a public address are dropped", code: "pull-dial-timeout", world: saysAsIn("public black hole") },
  {
    fault: "layers are behind a black hole",
    code: "pull-no-answer",
    world: { buildkit: { reply: () => ({ message: "", after: "never" }) } },
  },
  { fault: "there is no route", code: "pull-unreachable", world: saysAsIn("no route") },
  { fault: "nothing listens on the registry's port", code: "pull-refused", world: saysAsIn("refused") },
  { fault: "a firewall cuts off connections", code: "pull-reset", world: saysAsIn("cut off") },
  { fault: "the registry speaks plain HTTP", code: "pull-not-tls", world: saysAsIn("plain HTTP") },
  { fault: "buildkit does not know the CA", code: "pull-ca-unknown", world: saysAsIn("unknown CA") },
  {
    fault: "the certificate is for another host",
    code: "pull-wrong-host",
    world: saysAsIn("certificate of another host"),
  },
  { fault: "the certificate has expired", code: "pull-certificate", world: saysAsIn("expired certificate") },
  { fault: "the registry does not have the tag", code: "pull-missing", world: saysAsIn("no such tag") },
  {
    fault: "the mirror does not have the tag, and buildkit does not resolve the registry's name",
    code: "pull-missing",
    world: saysAsIn("missing in a mirror, and upstream unknown"),
  },
  {
    fault: "the registry requires a login, and buildkit has none",
    code: "pull-login-required",
    severity: "warning",
    world: saysAsIn("basic without a login"),
  },
  {
    fault: "tokens without a login give no right",
    code: "pull-login-required",
    severity: "warning",
    world: saysAsIn("tokens that give no right"),
  },
  {
    fault: "the registry gives no token for the login that buildkit was sent",
    code: "pull-login-required",
    world: saysAsIn("token endpoint that gives none for a login"),
    inject: sendLogin,
  },
  { fault: "the policy of an endpoint denies it", code: "pull-forbidden", world: saysAsIn("forbidden") },
  { fault: "a firewall forbids it with a page", code: "pull-forbidden", world: saysAsIn("forbidden by a page") },
  { fault: "the registry limits requests", code: "pull-rate-limited", world: saysAsIn("rate limit") },
  { fault: "the registry fails", code: "pull-server-error", world: saysAsIn("server error") },
  { fault: "a proxy answers with a page", code: "pull-proxy-page", world: saysAsIn("page of a proxy") },
  {
    fault: "there is no image for the architecture of buildkit's node",
    code: "pull-architecture",
    world: saysAsIn("index for other machines"),
  },
  {
    fault: "the token endpoint refuses connections",
    code: "pull-token-endpoint",
    world: saysAsIn("token endpoint refuses connections"),
  },
  {
    fault: "the token endpoint has a certificate of an unknown CA",
    code: "pull-token-endpoint",
    world: saysAsIn("token endpoint of an unknown CA"),
  },
  {
    fault: "buildkit's disk is full",
    code: "pull-other",
    // https://github.com/moby/buildkit/issues/2727
    world: says("failed to compute cache key: failed to copy files: copy file range failed: no space left on device"),
  },
];
