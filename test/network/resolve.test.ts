import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { resolve } from "../../src/network/resolve.ts";

const never = new AbortController().signal;
const deaf = () => new Promise<never>(() => {});

describe("resolve", () => {
  it("gives every address", async () => {
    const lookUp = async () => [{ address: "10.0.0.1" }, { address: "::1" }];
    expect(await resolve("union", never, lookUp)).toEqual(["10.0.0.1", "::1"]);
  });

  it("says what the system says of a name that is not known", async () => {
    await expect(resolve("union.invalid", never)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  });

  it("leaves a lookup behind that no DNS server answers", async () => {
    const controller = new AbortController();
    const resolving = resolve("union", controller.signal, deaf);
    controller.abort();
    await expect(resolving).rejects.toMatchObject({ code: "EAI_AGAIN", message: "no DNS server answered in time" });
    await expect(resolve("union", controller.signal, deaf)).rejects.toMatchObject({ code: "EAI_AGAIN" });
  });

  it.each([
    { how: "with an answer", lookUp: async () => [{ address: "10.0.0.1" }] },
    { how: "with an error", lookUp: () => Promise.reject(new Error("no such name")) },
  ])("leaves nothing at the signal once a lookup has ended $how", async ({ lookUp }) => {
    const { signal } = new AbortController();
    const resolving = resolve("union", signal, lookUp).catch(() => []);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await resolving;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
