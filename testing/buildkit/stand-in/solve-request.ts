import { createHash } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { encodePlatform, fieldsOf, stringOf } from "../../../src/buildkit/messages.ts";
import type { Platform } from "../../../src/registry/registry-client.ts";
import { varintOf } from "../varint.ts";

/** The question in a `SolveRequest`. */
export interface SolveRequest {
  /** `docker-image://images.test/team/app:1`, `https://…` */
  identifier: string;
  attributes: Readonly<Record<string, string>>;
  /** Empty: that of buildkit's machine. */
  architecture: string;
  session: string;
  /** Whether the history of builds leaves it out. */
  isInternal: boolean;
}

/**
 * Reads a request with one source, as strictly as buildkit does.
 * @throws {Error} where the operation that names the result names another digest than that of the source's bytes
 */
export function readSolve(message: Uint8Array): SolveRequest {
  const [operation, result] = fieldsOf(only(message, 2), 1);
  if (!operation || !result) throw new Error("a definition has a source and a result");
  const digest = `sha256:${createHash("sha256").update(operation).digest("hex")}`;
  if (stringOf(only(result, 1), 1) !== digest) throw new Error("invalid missing input digest");
  const source = only(operation, 3);
  return {
    identifier: stringOf(source, 1),
    attributes: Object.fromEntries(fieldsOf(source, 2).map((pair) => [stringOf(pair, 1), stringOf(pair, 2)])),
    architecture: stringOf(only(operation, 10), 1),
    session: stringOf(message, 5),
    isInternal: varintOf(message, 11) === 1,
  };
}

/** A `ListWorkersResponse` of one worker. */
export function encodeWorkers(platforms: readonly Platform[]): Uint8Array {
  const worker = new BinaryWriter();
  for (const platform of platforms) worker.tag(3, WireType.LengthDelimited).bytes(encodePlatform(platform));
  return new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(worker.finish()).finish();
}

function only(message: Uint8Array, field: number): Uint8Array {
  return fieldsOf(message, field)[0] ?? new Uint8Array();
}
