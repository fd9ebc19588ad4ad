import net from "node:net";
import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { type Registry, type RegistryOptions, startRegistry } from "../../testing/registry/registry.ts";
import { registryLogin } from "../../testing/registry/registry-gate.ts";
import type { Fault } from "./fault.ts";
import {
  allowPlainHttp,
  basePath,
  openServer,
  serve,
  setBaseImage,
  startBaseRegistry,
  withoutBuildkit,
  writeDockerConfig,
  writeLogin,
} from "./worlds.ts";

/** What a registry does not show this program may be right for builds, so it is a warning. */
const seenFromHere = { severity: "warning", world: withoutBuildkit } as const;

/** Users build on an image at a host. */
const baseImageAt = (host: string) => (world: HealthyWorld) => setBaseImage(world, `${host}/${basePath}:3.12`);

/** The registry with the base image answers in this way. */
const registryFails =
  (fault: Parameters<Registry["fail"]>[0]) => async (world: HealthyWorld, stack: AsyncDisposableStack) =>
    (await startBaseRegistry(world, stack)).fail(fault);

/** The registry with the base image is like this, and the program has a login for it. */
const registryWithLogin =
  (options: RegistryOptions, login: { username: string; password: string } = registryLogin) =>
  async (world: HealthyWorld, stack: AsyncDisposableStack) =>
    writeLogin(world, (await startBaseRegistry(world, stack, options)).host, login);

/** A registry that requires a login, which a program has. */
const loginBy = (helper: string) => async (world: HealthyWorld, stack: AsyncDisposableStack) => {
  const { host } = await startBaseRegistry(world, stack, { auth: "basic" });
  await writeDockerConfig(world, { credHelpers: { [host]: helper } });
};

/** Registries of base images, as this program sees them: the ways to them, logins, and what they answer. */
export const registryFaults: readonly Fault[] = [
  {
    fault: "its name does not resolve",
    code: "registry-name-unknown",
    ...seenFromHere,
    inject: baseImageAt("registry.invalid"),
  },
  {
    fault: "nothing listens on its port",
    code: "registry-refused",
    ...seenFromHere,
    inject: baseImageAt("127.0.0.1:9"),
  },
  {
    fault: "a firewall drops the packets to it",
    code: "registry-timeout",
    ...seenFromHere,
    inject: async (world, stack) => baseImageAt(stack.use(await openBlackHole()).address)(world),
  },
  {
    fault: "there is no route to it",
    code: "registry-unreachable",
    ...seenFromHere,
    // Linux connects TCP to no group of hosts (tcp_v4_connect).
    inject: baseImageAt("224.0.0.1"),
  },
  {
    fault: "something cuts off the connection",
    code: "registry-reset",
    ...seenFromHere,
    inject: async (world, stack) => {
      const host = await openServer(
        stack,
        net.createServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
      );
      allowPlainHttp(world, host);
      baseImageAt(host)(world);
    },
  },
  {
    fault: "a web filter answers with 403",
    code: "registry-page-answered",
    ...seenFromHere,
    inject: registryFails("page-403"),
  },
  {
    fault: "a login page answers with 200",
    code: "registry-page-answered",
    ...seenFromHere,
    inject: registryFails("page-200"),
  },
  {
    fault: "a web server without that API answers",
    code: "registry-not-spoken",
    ...seenFromHere,
    inject: registryFails("not-a-registry"),
  },
  {
    fault: "it redirects from https to plain HTTP",
    code: "registry-redirects-insecurely",
    severity: "warning",
    inject: async (world, stack) => {
      const { url } = stack.use(await startRegistry());
      const tls = await world.authority.issue();
      const origin = await serve(
        stack,
        ({ url: path = "" }, response) => response.writeHead(307, { location: `${url}${path}` }).end(),
        tls,
      );
      baseImageAt(new URL(origin).host)(world);
    },
  },
  {
    fault: "it limits the rate of requests",
    code: "registry-rate-limited",
    ...seenFromHere,
    inject: registryFails("rate-limited"),
  },
  {
    fault: "a reverse proxy in front of it has no backend",
    code: "registry-unavailable",
    ...seenFromHere,
    inject: registryFails("bad-gateway"),
  },
  {
    fault: "it is in maintenance",
    code: "registry-rejected",
    ...seenFromHere,
    inject: registryFails("unsupported"),
  },
  {
    fault: "it requires a login and there is none",
    code: "registry-login-required",
    ...seenFromHere,
    inject: (world, stack) => startBaseRegistry(world, stack, { auth: "basic" }),
  },
  {
    fault: "it refuses the login",
    code: "registry-login-refused",
    ...seenFromHere,
    inject: registryWithLogin({ auth: "basic" }, { username: "builder", password: "that of yesterday" }),
  },
  {
    fault: "it refuses the login, and the image is public",
    code: "registry-login-refused",
    ...seenFromHere,
    inject: registryWithLogin(
      { auth: "token", publicRepositories: [basePath] },
      { username: "builder", password: "that of yesterday" },
    ),
  },
  {
    fault: "the login may not pull the image",
    code: "registry-forbidden",
    ...seenFromHere,
    inject: registryWithLogin({ auth: "token", deniedRepositories: [basePath] }),
  },
  { fault: "it denies access", code: "registry-forbidden", ...seenFromHere, inject: registryFails("denied") },
  {
    fault: "the Docker configuration is not JSON",
    code: "registry-login-file-malformed",
    inject: async (world) => {
      world.settings.registry["authFile"] = await world.write("config.json", "auths:\n  ghcr.io: {}\n");
    },
  },
  {
    fault: "the program that has the login is not installed",
    code: "registry-login-helper-missing",
    ...seenFromHere,
    inject: loginBy("nowhere"),
  },
  {
    fault: "the program that has the login fails",
    code: "registry-login-helper-failed",
    ...seenFromHere,
    inject: async (world, stack) => {
      await world.write("docker-credential-broken", "#!/bin/sh\necho 'no such role'\nexit 1\n", 0o755);
      world.environment["PATH"] = `${world.path(".")}:${process.env["PATH"]}`;
      await loginBy("broken")(world, stack);
    },
  },
  {
    fault: "it names its token endpoint in plain HTTP",
    code: "registry-token-endpoint-insecure",
    ...seenFromHere,
    inject: async (world, stack) => {
      const tls = await world.authority.issue();
      const realm = `${stack.use(await startRegistry()).url}/token`;
      await registryWithLogin({ tls, auth: "token", realm })(world, stack);
    },
  },
  {
    fault: "its token endpoint gives no token",
    code: "registry-token-unusable",
    ...seenFromHere,
    inject: (world, stack) => startBaseRegistry(world, stack, { auth: "token", realm: `${world.registry.url}/v2/` }),
  },
];
