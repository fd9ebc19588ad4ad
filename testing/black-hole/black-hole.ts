import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";

/** A port whose packets get no answer, as behind a firewall that drops them. */
export interface BlackHole extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  address: string;
}

/** Listens in a process that never accepts; once its queue is full, the kernel drops who knocks. */
const deafListener = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  require("node:fs").writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** Opens a black hole. `await using` closes it at the end of a block. */
export async function openBlackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ["-e", deafListener], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  const filling = Array.from({ length: 4 }, () => net.connect(Number(port), "127.0.0.1").on("error", () => {}));
  await Promise.all(filling.slice(0, 2).map((socket) => socket.connecting && once(socket, "connect")));
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of filling) socket.destroy();
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
