import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBuildkitAddress } from "../../../src/checks/buildkit/buildkit-address.ts";
import { RegistrarError } from "../../../src/findings/registrar-error.ts";

function codeOf(text: string): string {
  try {
    return parseBuildkitAddress(text).kind;
  } catch (error) {
    if (error instanceof RegistrarError) return error.code;
    throw error;
  }
}

describe("the address of buildkit", () => {
  it.each([
    ["tcp://buildkit:1234", "buildkit", 1234, "buildkit:1234"],
    ["tcp://op-buildkit.union.svc.cluster.local:8372", "op-buildkit.union.svc.cluster.local", 8372, undefined],
    ["tcp://10.0.0.1:1234", "10.0.0.1", 1234, "10.0.0.1:1234"],
    ["tcp://[2001:db8::1]:1234", "2001:db8::1", 1234, "[2001:db8::1]:1234"],
    ["tcp://[2001:db8:0:0:0:0:0:1]:1234", "2001:db8::1", 1234, "[2001:db8::1]:1234"],
  ])("%s is host and port", (text, hostname, port, authority) => {
    const address = { hostname, port, authority: authority ?? `${hostname}:${port}` };
    expect(parseBuildkitAddress(text)).toEqual({ kind: "tcp", address });
  });

  it.each([
    ["", "none"],
    ["unix:///run/buildkit/buildkitd.sock", "local"],
    ["docker-container://buildkitd", "local"],
    ["kube-pod://buildkitd-0?namespace=builds", "local"],
    ["ssh://builder@example.com", "local"],
  ])("%j is %s, which cannot be reached from here", (text, kind) => {
    expect(codeOf(text)).toBe(kind);
  });

  it.each([
    "buildkit:1234",
    "buildkit",
    "tcp://buildkit",
    "tcp://:1234",
    "tcp://",
    "tcp:buildkit:1234",
    "tcp://2001:db8::1:1234",
    "tcp://buildkit:1234/",
    "tcp://buildkit:1234/path",
    "tcp://buildkit:1234?x=y",
    "tcp://buildkit:1234#x",
    "tcp://user@buildkit:1234",
    "tcp://buildkit:65536",
    "tcp://build\nkit:1234",
    "http://buildkit:1234",
    "https://buildkit:1234",
    "grpc://buildkit:1234",
    "unix://",
    "TCP",
  ])("%j is malformed", (text) => {
    expect(codeOf(text)).toBe("buildkit-address-malformed");
  });

  it("parses or has the code, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
        expect(codeOf(text)).toMatch(/^(none|local|tcp|buildkit-address-malformed)$/);
      }),
    );
  });
});
