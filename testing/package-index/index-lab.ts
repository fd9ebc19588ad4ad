import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { ServerCertificate } from "../control-plane/listener.ts";

/** The only package of a stand-in index. */
export const wheelProject = "registrar-probe";
const wheel = "registrar_probe-1.0-py3-none-any.whl";

/** A stand-in package index, and what was asked of it. */
export interface IndexServer extends AsyncDisposable {
  /** Its address, as `UV_INDEX_URL` takes it. */
  readonly url: string;
  /** Paths of the requests, in their order. */
  readonly requests: readonly string[];
}

/** Makes a wheel with nothing but its metadata. */
export function makeWheel(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "wheel-"));
  const metadata = "Metadata-Version: 2.1\\nName: registrar-probe\\nVersion: 1.0\\n";
  const tags = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n";
  const script = [
    "import sys, zipfile",
    "with zipfile.ZipFile(sys.argv[1], 'w') as wheel:",
    `    wheel.writestr('registrar_probe-1.0.dist-info/METADATA', '${metadata}')`,
    `    wheel.writestr('registrar_probe-1.0.dist-info/WHEEL', '${tags}')`,
    "    wheel.writestr('registrar_probe-1.0.dist-info/RECORD', '')",
  ].join("\n");
  try {
    execFileSync("python3", ["-c", script, join(folder, wheel)]);
    return readFileSync(join(folder, wheel));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a stand-in index has, and how it is reached. */
interface IndexOptions {
  /** Its only file; without it, it has no package at all. */
  wheel?: Buffer;
  /** Over TLS. */
  certificate?: ServerCertificate;
  /** Its page of pip has no end. */
  isEndless?: boolean;
  /** The only Authorization header that it accepts. */
  authorization?: string;
  /** Is called at each request. */
  note?: () => void;
}

/** Serves the Simple API in HTML, as PEP 503 has it. */
export async function startIndex(options: IndexOptions): Promise<IndexServer> {
  const { wheel: content, certificate, isEndless = false, authorization, note = () => {} } = options;
  const requests: string[] = [];
  const listener: http.RequestListener = ({ url = "", headers }, response) => {
    requests.push(url);
    note();
    if (authorization !== undefined && headers.authorization !== authorization) {
      // A page of an error may show the request.
      response.writeHead(401, { "www-authenticate": "Basic" }).end(`denied: ${headers.authorization}`);
    } else if (isEndless && url === "/simple/pip/") {
      response.setHeader("content-type", "text/html");
      const page = Readable.from(
        Iterator.from({ next: () => ({ done: false, value: `<a href="/files/${wheel}">a</a>` }) }),
      );
      page.pipe(response).on("close", () => page.destroy());
    } else if (content && [`/simple/${wheelProject}/`, "/simple/pip/"].includes(url)) {
      response.setHeader("content-type", "text/html").end(`<!DOCTYPE html><a href="/files/${wheel}">${wheel}</a>`);
    } else if (content && url === `/files/${wheel}`) {
      response.setHeader("content-length", content.length).end(content);
    } else {
      response.writeHead(404).end();
    }
  };
  const server = certificate
    ? https.createServer({ key: certificate.keyPem, cert: certificate.certificatePem }, listener)
    : http.createServer(listener);
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate ? "https" : "http"}://127.0.0.1:${port}/simple`,
    requests,
    [Symbol.asyncDispose]: () => close(server),
  };
}

/** Refuses every tunnel, and notes where it was to lead: what is asked of the public index. */
export async function startPublicWatch(note: () => void): Promise<IndexServer> {
  const requests: string[] = [];
  const server = http.createServer();
  server.on("connect", ({ url = "" }, socket) => {
    requests.push(url);
    note();
    socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: () => close(server) };
}

/** One run of `uv pip install` in an image. */
export interface UvRun {
  uv: string;
  /** The image's root: `@` in its variables and files. */
  environment: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
  /** The proxy for whatever is not on this machine. */
  publicWatch: IndexServer;
  arguments?: readonly string[];
}

/** Runs `uv pip install` as a build does, into a folder; what is needed of the machine is its Python. */
export async function installWithUv({ uv, environment, files = {}, publicWatch, ...run }: UvRun) {
  const root = mkdtempSync(join(tmpdir(), "image-"));
  const at = (text: string) => text.replaceAll("@", root);
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    }
    const own = {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      UV_CACHE_DIR: join(root, "cache"),
      UV_HTTP_RETRIES: "0",
      UV_PYTHON_DOWNLOADS: "never",
      HTTPS_PROXY: publicWatch.url,
      NO_PROXY: "127.0.0.1",
    };
    const given = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, at(value)]));
    const { execa } = await import("execa");
    const target = join(root, "target");
    const words = ["pip", "install", "--target", target, ...(run.arguments ?? []), wheelProject];
    const { exitCode, stderr } = await execa(uv, words, {
      cwd: root,
      env: { ...own, ...given },
      extendEnv: false,
      reject: false,
    });
    return { exitCode, stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function listen(server: http.Server): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await promise;
}

async function close(server: http.Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
