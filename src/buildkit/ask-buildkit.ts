import { problem } from "../findings/registrar-error.ts";
import type { Address } from "../network/address.ts";
import { findNetworkFault } from "../network/faults.ts";
import type { ImageReference } from "../registry/image-reference.ts";
import type { Platform } from "../registry/registry-client.ts";
import type { Clock } from "../system/clock.ts";
import { deadlines } from "../system/deadlines.ts";
import { type FindLogin, startAuthSession } from "./auth-session.ts";
import { connectToBuildkit } from "./buildkit-connection.ts";
import { callUnary, type GrpcAnswer } from "./grpc.ts";
import { decodePlatforms, encodeSolve, type Source } from "./messages.ts";
import { type PullFault, pullFaultOf } from "./pull-faults.ts";
import { sourceOfUrl, type UrlAnswer, urlAnswerOf } from "./url-answer.ts";

/** What buildkit is asked about an image. */
export interface ImageQuestion {
  reference: ImageReference;
  /** That of buildkit's machine unless given. */
  platform?: Platform | undefined;
}

/** Whether buildkit can pull an image. */
export type PullAnswer = { kind: "available" } | PullFault;

/**
 * An open connection to a buildkitd. Any number of questions may be asked at the same time. All throw buildkit-foreign if the
 * connection breaks, and their signal's reason.
 */
export interface Buildkit {
  /**
   * Whether buildkit can pull an image: with its name resolution, its network, its CAs and its mirrors. It reads the manifests and
   * the configuration; the layers stay where they are.
   */
  ask(question: ImageQuestion, signal: AbortSignal): Promise<PullAnswer>;
  /** Whether buildkit reaches what is at a URL, such as a package index: it asks for a page below it that is not there. */
  askUrl(url: URL, signal: AbortSignal): Promise<UrlAnswer>;
  /**
   * The platforms for which buildkit runs steps, that of its machine first.
   * @throws {RegistrarError} buildkit-timeout
   */
  listPlatforms(signal: AbortSignal): Promise<Platform[]>;
  close(): void;
}

interface Options {
  /**
   * Credentials to hand to buildkit, over a connection without TLS; without it, buildkit asks registries anonymously. buildkit
   * remembers those of a host for ten minutes after their last use, for whoever has the same (util/resolver/pool.go).
   */
  findLogin?: FindLogin | undefined;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Connects to a buildkitd, which is `buildkitd --addr tcp://…` without TLS: a data plane's `buildkit-uri` names no certificates.
 * What is asked appears in no history of builds. Of an image, buildkit's disk gets manifests, configuration and a record of 0 bytes
 * without the layers; the session ends with the connection (0.16.0, 0.34.2).
 * @throws {RegistrarError} buildkit-name-unknown, buildkit-refused, buildkit-timeout, buildkit-tls, buildkit-foreign
 */
export async function openBuildkit(address: Address, { findLogin, clock, signal }: Options): Promise<Buildkit> {
  const connection = await connectToBuildkit(address, { clock, signal });
  const session = randomId(clock);
  let asked = 0;
  startAuthSession(connection, session, findLogin ?? (() => undefined));

  /** @returns nothing at the deadline */
  const call = async (method: string, request: Uint8Array, outer: AbortSignal): Promise<GrpcAnswer | undefined> => {
    const deadline = clock.timeout(deadlines.buildkitQuestion.milliseconds);
    try {
      const answer = await callUnary(connection, `${service}/${method}`, request, AbortSignal.any([outer, deadline]));
      if (isForeign(answer)) throw new Error(answer.message);
      return answer;
    } catch (error) {
      if (error === deadline.reason && deadline.aborted) return undefined;
      outer.throwIfAborted();
      throw problem("buildkit-foreign", { address: address.authority }, findNetworkFault(error)?.detail ?? error);
    }
  };
  const solve = (sourceFor: (request: string) => Source, outer: AbortSignal) => {
    const request = `${session}-${++asked}`;
    return call("Solve", encodeSolve(sourceFor(request), { request, session }), outer);
  };

  return {
    async ask({ reference, platform }, outer) {
      const source = { identifier: `docker-image://${nameOf(reference)}`, attributes: {}, platform };
      const answer = await solve(() => source, outer);
      if (answer?.status === 0) return { kind: "available" };
      const { host } = reference;
      return answer ? { host, ...pullFaultOf(answer.message) } : { kind: "no-answer", words: "", host };
    },
    async askUrl(url, outer) {
      const answer = await solve((request) => sourceOfUrl(url, request), outer);
      if (answer?.status === 0) return { kind: "answers", status: 200 };
      return answer ? urlAnswerOf(answer.message) : { kind: "no-answer", words: "", host: url.host };
    },
    async listPlatforms(outer) {
      const answer = await call("ListWorkers", new Uint8Array(), outer);
      if (!answer) throw problem("buildkit-timeout", { address: address.authority });
      if (answer.status === 0) return decodePlatforms(answer.body);
      throw problem("buildkit-foreign", { address: address.authority }, answer.message);
    },
    close: () => connection.destroy(),
  };
}

/**
 * Asks a buildkitd about one image, over a connection of its own.
 * @throws {RegistrarError} as `openBuildkit`
 */
export async function askBuildkit(address: Address, question: ImageQuestion, options: Options): Promise<PullAnswer> {
  const buildkit = await openBuildkit(address, options);
  try {
    return await buildkit.ask(question, options.signal);
  } finally {
    buildkit.close();
  }
}

const service = "/moby.buildkit.v1.Control";

/** Another server of gRPC: UNIMPLEMENTED, in the words of Go's; buildkit has that code for challenges that it does not know. */
function isForeign({ status, message }: GrpcAnswer): boolean {
  return status === 12 && /^unknown (service|method) /.test(message);
}

/** The reference in full, as buildkit requires it. */
function nameOf({ host, repository, tag, digest }: ImageReference): string {
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** 128 random bits: a session is found by its id. */
function randomId(clock: Clock): string {
  const words = Array.from({ length: 4 }, () => Math.floor(clock.random() * 2 ** 32));
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}
