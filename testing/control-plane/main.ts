// A stand-in control plane for manual tests: `node testing/control-plane/main.ts --help`.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { createAuthority } from "../certificates/certificates.ts";
import { type Fault, faultKinds } from "./faults.ts";
import { type GatewayAnswer, gatewayAnswers } from "./gateway-answers.ts";
import { startControlPlane } from "./start.ts";

interface Flags {
  readonly address?: string;
  readonly port: number;
  readonly existing: "replace" | "refuse";
  readonly oauth?: true;
  readonly tls?: true;
  readonly latency: number;
  readonly lookupMsPerThousand: number;
  readonly registrations: number;
  readonly projectMissing?: true;
  readonly tokenLifetime: number;
  readonly fault?: Fault["kind"];
  readonly gateway?: GatewayAnswer;
  readonly faultTimes: number;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("not a whole number");
  return Number(text);
}

function decimalNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("not a decimal number");
  return Number(text);
}

const flags = new Command("control-plane")
  .description("Runs a stand-in for a Flyte control plane in memory, until it is interrupted.")
  .option(
    "--address <ip>",
    "address of this machine to listen on, for pods of a cluster; the loopback one unless given",
  )
  .option("--port <port>", "port to listen on, 0 for a random one", wholeNumber, 0)
  .addOption(
    new Option("--existing <answer>", "what deploying a registered version does")
      .choices(["replace", "refuse"])
      .default("replace"),
  )
  .option("--oauth", "ask for a token of a client that is made up at the start and printed")
  .option("--tls", "serve https with a certificate of a CA that is created at the start and written to a file")
  .option("--latency <ms>", "milliseconds that each call takes longer", wholeNumber, 0)
  .option(
    "--lookup-ms-per-thousand <ms>",
    "milliseconds that ListTasks takes longer for each 1,000 registrations, about 9.5 on a real server",
    decimalNumber,
    0,
  )
  .option("--registrations <count>", "old unsigned registrations of build-image to start with", wholeNumber, 0)
  .option("--project-missing", "start without the project system")
  .option("--token-lifetime <seconds>", "seconds after which a token expires", wholeNumber, 3600)
  .addOption(new Option("--fault <kind>", "what goes wrong from the start").choices(faultKinds))
  .addOption(new Option("--gateway <answer>", "what --fault gateway answers").choices(Object.keys(gatewayAnswers)))
  .option("--fault-times <count>", "how many requests it hits, 0 for all", wholeNumber, 0)
  .parse()
  .opts<Flags>();

/** Creates a CA, and a folder with its certificate. */
async function makeUpCertificates() {
  const authority = await createAuthority("stand-in control plane");
  const folder = mkdtempSync(join(tmpdir(), "control-plane-"));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, authority.certificatePem);
  return { folder, caFile, tls: await authority.issue() };
}

const credentials = { clientId: "registrar", clientSecret: randomBytes(12).toString("base64url") };
const certificates = flags.tls && (await makeUpCertificates());

const plane = await startControlPlane({
  port: flags.port,
  ...(flags.address !== undefined && { address: flags.address }),
  existing: flags.existing,
  latencyMs: flags.latency,
  lookupMsPerThousand: flags.lookupMsPerThousand,
  registrations: flags.registrations,
  log({ method, identity = "-", httpVersion }, status) {
    process.stderr.write(
      `${new Date().toISOString()} ${method} HTTP/${httpVersion} ${identity} ${status ?? "no answer"}\n`,
    );
  },
  ...(flags.projectMissing && { projects: [] }),
  ...(flags.oauth && { oauth: { ...credentials, tokenLifetimeSeconds: flags.tokenLifetime } }),
  ...(certificates && { tls: certificates.tls }),
});
if (flags.fault === "refused") await plane.setFault({ kind: flags.fault });
else if (flags.fault)
  await plane.setFault({
    kind: flags.fault,
    ...(flags.gateway && { gateway: flags.gateway }),
    ...(flags.faultTimes > 0 && { times: flags.faultTimes }),
  });
const ready = {
  url: plane.url,
  ...(flags.oauth && { tokenUrl: plane.tokenUrl, ...credentials }),
  ...(certificates && { caFile: certificates.caFile }),
};
process.stdout.write(`${JSON.stringify(ready)}\n`);

async function end(): Promise<void> {
  await plane.stop();
  if (certificates) rmSync(certificates.folder, { recursive: true });
}
process.once("SIGINT", end).once("SIGTERM", end);
