import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { startApiServer } from "../../testing/api-server/api-server.ts";
import { runInProcess } from "../../testing/program/run-in-process.ts";

/** What a terminal obeys, what reverses the direction of text, what is not shown, and separators of lines. */
const obeyed = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const attack =
  "\u001b[2Jgone\r\nERROR forged\n✔ look up  2026.3.4 is current (1 ms)\u009b31m\u202egnp.exe\u2066\u2028x";
const status = "image-builder-registrar-status";

/** A control plane that refuses everything, in words that are made to deceive. */
async function startDeceiver() {
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ code: "failed_precondition", message: attack }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The flags that point a command at a control plane, for a Helm release whose cluster has a name. */
function against({ url }: { readonly url: string }): string[] {
  const release = ["--release-cluster", "test", "--app-version", "2026.3.4"];
  return ["--control-plane-endpoint", url, "--control-plane-org", "acme", ...release];
}

/** The files of a `.tgz`, by their names. */
async function unpack(bytes: Uint8Array): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const entry of Readable.from([bytes]).pipe(createGunzip()).pipe(extract()))
    files.set(entry.header.name, await text(entry));
  return files;
}

describe("the words of a control plane", () => {
  it.each(["text", "short", "json"])("do not deceive whoever reads a run as %s", async (form) => {
    await using plane = await startDeceiver();
    const { stdout, stderr } = await runInProcess(["register", ...against(plane), "--output", form]);
    expect(stdout).toContain(form === "short" ? "control-plane-rejected" : "gone");
    expect(`${stdout}${stderr}`).not.toMatch(obeyed);
    expect(stdout.split("\n").filter((line) => /^(?:ERROR forged|✔ look up)/.test(line))).toEqual([]);
  });

  it("do not deceive whoever reads Events and the status", async () => {
    await using plane = await startDeceiver();
    await using cluster = await startApiServer({ configMaps: { [status]: {} } });
    const job = ["--cluster-job-name", "registrar-upgrade", "--cluster-job-uid", "0-1-2"];
    const inCluster = ["--cluster-enabled", "true", "--cluster-settings-config-map", "registrar", ...job];
    const env = { KUBECONFIG: cluster.kubeconfig };
    await runInProcess(["register", ...against(plane), ...inCluster, "--trigger", "upgrade"], { env });
    const messages = cluster.events.map(({ message }) => message);
    expect(messages.join("")).toContain("gone");
    for (const message of messages) expect(message).not.toMatch(/\n/);
    const kept = JSON.parse(cluster.configMaps[status]?.["upgrade"] ?? "");
    expect(kept.failure.why).toContain("gone");
    expect([...messages, kept.failure.why].join("")).not.toMatch(obeyed);
  });

  it("do not deceive whoever opens a support bundle, whose names are our own", async () => {
    await using plane = await startDeceiver();
    const folder = await mkdtemp(join(tmpdir(), "bundle-"));
    try {
      const file = join(folder, "support.tgz");
      await runInProcess(["check", ...against(plane), "--bundle", file]);
      const files = await unpack(await readFile(file));
      expect([...files.keys()].every((name) => /^registrar-support\/[a-z]+\.(?:txt|json|yaml|html)$/.test(name))).toBe(
        true,
      );
      expect([...files.values()].join("")).toContain("gone");
      for (const content of files.values()) expect(content).not.toMatch(obeyed);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
