import { expect, test } from "vitest";
import { addressOf } from "../../src/network/address.ts";
import { bypassesProxy } from "../../src/network/no-proxy.ts";

test.each([
  ["", false],
  ["*", true],
  ["union.example.com", true],
  ["UNION.example.COM", true],
  ["example.com", true],
  [".example.com", true],
  ["*.example.com", true],
  ["ample.com", false],
  ["n.example.com", false],
  ["deeper.union.example.com", false],
  ["union.example.com:443", true],
  ["union.example.com:8443", false],
  ["elsewhere, example.com", true],
  ["elsewhere example.com", true],
  [",,", false],
  ["10.0.0.0/8", false],
])("NO_PROXY=%s leaves the proxy out for union.example.com: %s", (noProxy, bypasses) => {
  expect(bypassesProxy(addressOf(new URL("https://union.example.com")), noProxy)).toBe(bypasses);
});

test.each([
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.0.0.0/8", true],
  ["11.1.2.3", "10.0.0.0/8", false],
  ["10.1.2.3", "fd00::/8,10.1.0.0/16", true],
  ["10.1.2.3", "10.0.0.0/99", false],
  ["10.1.2.3", "10.0.0.0/", false],
  ["10.1.2.3", "10.1.2.3:443", true],
  ["10.1.2.3", "10.1.2.3:8443", false],
  ["10.1.2.3", "2.3", false],
  ["[fd00::1]", "fd00::/8", true],
  ["[fd00::1]", "fd00::1", true],
  ["[fd00::1]", "[fd00::1]", true],
  ["[fd00::1]", "fe80::/10", false],
  ["[FD00::1]", "FD00::/8", true],
  ["[::1]", "::1", true],
  ["[0:0::1]", "::1", true],
  ["[::1]", "0:0:0:0:0:0:0:1", true],
  ["[::1]", "elsewhere, ::1", true],
  ["[::1]", "[::1]:443", true],
  ["[::1]", "[::1]:8443", false],
  ["[::1]", "::2", false],
  ["[::1]", "::/0", true],
  ["[::1]", "::/129", false],
  ["[::1]", "127.0.0.0/8", false],
  ["[::1]", "localhost", false],
  ["[::1]", "*", true],
])("the address %s is reached without the proxy by NO_PROXY=%s: %s", (host, noProxy, bypasses) => {
  expect(bypassesProxy(addressOf(new URL(`https://${host}`)), noProxy)).toBe(bypasses);
});
