import { createHash } from "node:crypto";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Platform } from "../registry/registry-client.ts";

/*
 * The few messages of buildkit's API that are used here, by their field numbers (buildkit 0.34.2: api/services/control/control.proto,
 * solver/pb/ops.proto, session/auth/auth.proto; the same in 0.16.0). They are written with the writer and the reader of the protobuf
 * library: seven messages of one to four fields are less than the four .proto files, and the generator, that their classes need.
 */

const lengthDelimited = WireType.LengthDelimited;

/** Something that buildkit fetches. */
export interface Source {
  /** `docker-image://…` or `https://…` */
  identifier: string;
  attributes: Readonly<Record<string, string>>;
  /** Of an image; absent, that of buildkit's machine. */
  platform: Platform | undefined;
}

/**
 * A `SolveRequest` with a source as its only operation. Nothing is exported, so the layers of an image stay where they are; and the
 * request is internal, so the history of builds does not list it.
 * @param session id of the session that buildkit asks for credentials
 */
export function encodeSolve(source: Source, ids: { request: string; session: string }): Uint8Array {
  const operation = encodeOperation(source);
  // The last operation names the result: by its digest, as everything does in buildkit's graph (LLB).
  const digest = `sha256:${createHash("sha256").update(operation).digest("hex")}`;
  const result = writer().tag(1, lengthDelimited).bytes(encodeString(1, digest)).finish();
  const definition = writer().tag(1, lengthDelimited).bytes(operation).tag(1, lengthDelimited).bytes(result).finish();
  return writer()
    .tag(1, lengthDelimited)
    .string(ids.request)
    .tag(2, lengthDelimited)
    .bytes(definition)
    .tag(5, lengthDelimited)
    .string(ids.session)
    .tag(11, WireType.Varint)
    .bool(true)
    .finish();
}

function encodeOperation({ identifier, attributes, platform }: Source): Uint8Array {
  const source = writer().tag(1, lengthDelimited).string(identifier);
  for (const [name, value] of Object.entries(attributes)) {
    const pair = writer().tag(1, lengthDelimited).string(name).tag(2, lengthDelimited).string(value).finish();
    source.tag(2, lengthDelimited).bytes(pair);
  }
  const operation = writer().tag(3, lengthDelimited).bytes(source.finish());
  if (platform) operation.tag(10, lengthDelimited).bytes(encodePlatform(platform));
  return operation.finish();
}

/** `pb.Platform` */
export function encodePlatform({ architecture, os, variant = "" }: Platform): Uint8Array {
  return writer()
    .tag(1, lengthDelimited)
    .string(architecture)
    .tag(2, lengthDelimited)
    .string(os)
    .tag(3, lengthDelimited)
    .string(variant)
    .finish();
}

/** The platforms in a `ListWorkersResponse`, the default worker's first. */
export function decodePlatforms(message: Uint8Array): Platform[] {
  return fieldsOf(message, 1)
    .flatMap((worker) => fieldsOf(worker, 3))
    .map((platform) => {
      const variant = stringOf(platform, 3);
      return { os: stringOf(platform, 2), architecture: stringOf(platform, 1), ...(variant !== "" && { variant }) };
    });
}

/** A message with one text in it, such as `CredentialsRequest`. */
export function encodeString(field: number, text: string): Uint8Array {
  return writer().tag(field, lengthDelimited).string(text).finish();
}

/** A `BytesMessage`, of which the tunnel of a session is made. */
export function encodeBytes(data: Uint8Array): Uint8Array {
  return writer().tag(1, lengthDelimited).bytes(data).finish();
}

/** The data of a `BytesMessage`. */
export function decodeBytes(message: Uint8Array): Uint8Array {
  return fieldsOf(message, 1)[0] ?? new Uint8Array();
}

/** A `CredentialsResponse`. */
export function encodeCredentials({ username, password }: { username: string; password: string }): Uint8Array {
  return writer().tag(1, lengthDelimited).string(username).tag(2, lengthDelimited).string(password).finish();
}

/** The text of a field, or an empty one. */
export function stringOf(message: Uint8Array, field: number): string {
  return new TextDecoder().decode(fieldsOf(message, field)[0]);
}

/**
 * The values of a field of bytes, a text or a message, however often it is there.
 * @throws {RangeError} or Error, from the protobuf library, if these bytes are not a message
 */
export function fieldsOf(message: Uint8Array, field: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === lengthDelimited) found.push(reader.bytes());
    else reader.skip(type, number);
  }
  return found;
}

function writer(): BinaryWriter {
  return new BinaryWriter();
}
