const sequence = 0x30;

/** Forms in DER that are mistaken for a certificate, by the bytes after the header of the outer sequence. */
const others: readonly (readonly [start: string, name: string])[] = [
  ["06092a864886f70d010702", "a PKCS #7 bundle (.p7b)"],
  ["020103", "a PKCS #12 file (.p12, .pfx)"],
  ["020100", "a private key"],
  ["020101", "a private key"],
];

/** Whether bytes begin like DER that is longer than 127 bytes, which no text does: the second byte is not ASCII. */
export function isDer(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  return tag === sequence && length > 0x80 && length <= 0x84;
}

/** How many bytes the element at the start of DER takes, its header included. */
export function derLength(bytes: Uint8Array): number {
  const end = headerLength(bytes);
  return end + bytes.subarray(2, end).reduce((length, byte) => length * 256 + byte, 0);
}

/** What DER that is no certificate is, in words. */
export function describeDer(bytes: Uint8Array): string {
  const content = Buffer.from(bytes.subarray(headerLength(bytes), headerLength(bytes) + 16)).toString("hex");
  return others.find(([start]) => content.startsWith(start))?.[1] ?? "DER of another kind";
}

function headerLength([, length = 0]: Uint8Array): number {
  return 2 + (length & 0x7f);
}
