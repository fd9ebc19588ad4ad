import fc from "fast-check";
import { expect, test } from "vitest";
import { createUnframer, frame } from "../../src/buildkit/grpc.ts";

test("messages arrive as they were sent, however the network cuts them", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(messages, cuts, (sent, sizes) => {
      const bytes = Buffer.concat(sent.map(frame));
      const unframe = createUnframer();
      const received: Buffer[] = [];
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const size = sizes[index % sizes.length] ?? 1;
        received.push(...unframe(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(received.map((message) => message.toString("hex"))).toEqual(
        sent.map((message) => Buffer.from(message).toString("hex")),
      );
    }),
  );
});
