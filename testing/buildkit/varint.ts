import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** The number, or the flag, in a field of a message of protobuf; 0 if it is not there. */
export function varintOf(message: Uint8Array, field: number): number {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === WireType.Varint) return Number(reader.int64());
    reader.skip(type, number);
  }
  return 0;
}
