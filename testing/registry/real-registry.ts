import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerCertificate } from "../control-plane/listener.ts";
import { freePort } from "../network/free-port.ts";

/** The programs of a registry, where tools/docker-registry.sh and tools/registry-tools.sh have put them. */
export interface RegistryPrograms {
  /** Docker's registry 2.8, which sorts nothing and knows no pages. */
  readonly "2.8": string;
  /** Distribution v3. */
  readonly v3: string;
}

export type RegistryKind = keyof RegistryPrograms;

/** How a real registry is set up. */
export interface RealRegistryOptions {
  readonly programs: RegistryPrograms;
  /** Its storage, which several registries may share; its own unless told otherwise. */
  readonly storage?: string;
  readonly tls?: ServerCertificate;
  /** A login with user name and password, or tokens of a token server. */
  readonly auth?: "basic" | TokenAuth;
}

/** Where tokens come from. */
interface TokenAuth {
  readonly realm: string;
  /** PEM of the CA of the certificate that tokens are signed with. */
  readonly rootCertificate: string;
}

/** The login to a registry with `auth: "basic"`, and its line in a file of htpasswd (bcrypt). */
export const basicLogin = { username: "builder", password: "open sesame" } as const;
const htpasswd = "builder:$2a$04$97VYRyd5DVResO47lUr/SOHpAB2OYnHShpzCho1NCWwfMgM7URpFC\n";

/** What tokens are for, and who signs them. */
export const tokenService = { service: "registry.test", issuer: "token-server.test" } as const;

/** A running registry. `await using` stops it. */
export interface RealRegistry extends AsyncDisposable {
  /** `https://localhost:40123` */
  readonly url: string;
  /** `localhost:40123` */
  readonly host: string;
  /** Its storage folder. */
  readonly storage: string;
}

/** Starts a real registry on a random port of the loopback interface. */
export async function startRealRegistry(kind: RegistryKind, options: RealRegistryOptions): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "registrar-registry-"));
  const storage = options.storage ?? join(folder, "storage");
  const port = await freePort();
  const host = `localhost:${port}`;
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(configurationOf(folder, storage, port, options)));
  // OpenTelemetry of v3 would look for a collector.
  const environment = { PATH: process.env["PATH"], OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(options.programs[kind], ["serve", file], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let messages = "";
  child.stderr.on("data", (text) => {
    messages += text;
  });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `${options.tls ? "https" : "http"}://${host}`;
  if (await answers(port, child)) return { url, host, storage, [Symbol.asyncDispose]: stop };
  await stop();
  throw new Error(`the registry ${kind} does not start: ${messages}`);
}

/** JSON is YAML. */
function configurationOf(folder: string, storage: string, port: number, { tls, auth }: RealRegistryOptions): object {
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: "the same for all",
      ...(tls && {
        tls: { certificate: write("tls.crt", tls.certificatePem), key: write("tls.key", tls.keyPem) },
      }),
    },
    ...(auth === "basic" && { auth: { htpasswd: { realm: "Registry", path: write("htpasswd", htpasswd) } } }),
    ...(typeof auth === "object" && {
      auth: { token: { ...tokenService, realm: auth.realm, rootcertbundle: write("ca.crt", auth.rootCertificate) } },
    }),
  };
}

/** Whether it listens before it ends, and within 10 seconds. */
async function answers(port: number, child: ChildProcess): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && child.exitCode === null; ) {
    try {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
      return true;
    } catch {
      await sleep(20);
    }
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
