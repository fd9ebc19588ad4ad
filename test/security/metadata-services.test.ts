import { describe, expect, it } from "vitest";
import { addressOf } from "../../src/network/address.ts";
import { connectTcp } from "../../src/network/connect-tcp.ts";
import { findNetworkFault } from "../../src/network/faults.ts";

describe("a metadata service of a cloud", () => {
  it.each([
    "http://169.254.169.254/latest/api/token",
    "http://169.254.169.254.:80/",
    "http://2852039166/",
    "http://0xA9FEA9FE/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b::169.254.0.23]/",
    "http://[64:ff9b::100.100.100.200]/",
    "http://[64:ff9b::a83f:8110]/",
    "http://[fd00:ec2::254]/",
    "http://[fd00:c1::a9fe:a9fe]/",
    "http://169.254.0.23/",
    "http://169.254.169.252:988/",
    "http://169.254.170.2/v2/credentials",
    "http://169.254.170.23/v1/credentials",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
  ])("is not connected to, whoever names it: %s", async (url) => {
    const connecting = connectTcp(addressOf(new URL(url)), AbortSignal.timeout(5_000));
    const failure: unknown = await connecting.catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "ERR_IP_BLOCKED" });
    expect(findNetworkFault(failure)).toMatchObject({ kind: "unreachable" });
  });
});
