import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AddressKind, judgeAddress } from "../../src/network/address-kind.ts";

const vpc = ["10.0.0.0/16", "198.19.0.0/16", "2600:1f14::/56"];

describe("the kind of an address", () => {
  it.each<[address: string, kind: AddressKind, within?: AddressKind]>([
    ["10.0.1.2", "private"],
    ["10.255.255.255", "private"],
    ["11.0.0.1", "public"],
    ["172.16.0.1", "private"],
    ["172.32.0.1", "public"],
    ["192.168.1.1", "private"],
    ["192.169.1.1", "public"],
    ["100.64.3.4", "private"],
    ["100.127.255.254", "private"],
    ["100.128.0.1", "public"],
    ["52.94.1.1", "public"],
    ["198.19.7.7", "public", "private"],
    ["0.0.0.0", "local"],
    ["127.0.0.53", "local"],
    ["169.254.170.23", "local"],
    ["::", "local"],
    ["::1", "local"],
    ["fe80::1", "local"],
    ["fe80::1%eth0", "local"],
    ["fd00:ec2::23", "private"],
    ["2600:1f14::1", "public", "private"],
    ["2600:1f15::1", "public"],
    ["199.36.153.3", "public"],
    ["199.36.153.4", "google"],
    ["199.36.153.9", "google"],
    ["199.36.153.12", "public"],
    ["2600:2d00:2:1000::5", "google"],
    ["2600:2d00:2:2000::5", "google"],
    ["2600:2d00:2:3000::5", "public"],
    ["64:ff9b::a00:1", "private"],
    ["64:ff9b::10.0.0.1", "private"],
    ["64:FF9B:0::0A00:0001", "private"],
    ["64:ff9b:0:0:0:0:a00:1", "private"],
    ["64:ff9b::345e:101", "public"],
    ["64:ff9b:1::a00:1", "public"],
    ["::ffff:10.1.2.3", "private"],
    ["::ffff:a01:203", "private"],
    ["0:0:0:0:0:FFFF:52.94.1.1", "public"],
    ["::ffff:199.36.153.8", "google"],
    ["::ffff:127.0.0.1", "local"],
  ])("of %s is %s, and within the network's blocks the same, or %s", (address, kind, within = kind) => {
    expect(judgeAddress(address, []).kind).toBe(kind);
    expect(judgeAddress(address, vpc).kind).toBe(within);
  });

  it("names the address inside of another, and whether a gateway translates it", () => {
    expect(judgeAddress("64:ff9b::a00:1", [])).toMatchObject({ effective: "10.0.0.1", isNat64: true });
    expect(judgeAddress("::ffff:10.0.0.1", [])).toMatchObject({ effective: "10.0.0.1", isNat64: false });
    expect(judgeAddress("2600::1", [])).toMatchObject({ effective: "2600::1", isNat64: false });
  });

  it("of an IPv4 address is the same in whatever form it is wrapped", () => {
    const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
    const full = (high: number, low: number) => hex(high, low).padStart(4, "0");
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...wrappings), fc.boolean(), (address, [short, long], isUpper) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
        const { kind } = judgeAddress(address, vpc);
        const tails = [address, `${hex(a, b)}:${hex(c, d)}`, `${full(a, b)}:${full(c, d)}`];
        for (const form of [short, long].flatMap((prefix) => tails.map((tail) => prefix + tail))) {
          const judged = judgeAddress(isUpper ? form.toUpperCase() : form, vpc);
          expect(judged).toMatchObject({ kind, effective: address });
        }
      }),
    );
  });

  it("of an IPv6 address does not depend on how it is written", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
        expect(judgeAddress(address, vpc).kind).toBe(judgeAddress(written, vpc).kind);
      }),
    );
  });

  it.each(["", "example.com", "10.0.0", "10.0.0.1/8", "::g"])("of %j is none", (text) => {
    expect(() => judgeAddress(text, [])).toThrow(TypeError);
  });
});

/** Prefixes of an IPv4 address in 128 bits, short and in full. */
const wrappings = [
  ["::ffff:", "0:0:0:0:0:ffff:"],
  ["64:ff9b::", "64:ff9b:0:0:0:0:"],
] as const;
