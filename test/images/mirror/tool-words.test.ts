import fc from "fast-check";
import { expect, it } from "vitest";
import { toolWords } from "../../../src/images/mirror/tool-words.ts";

/** What the tools printed, recorded with skopeo 1.9.3, crane 0.22.1, regctl 0.11.7 and oras 1.3.6. */
const recorded: [string, string, string][] = [
  [
    "skopeo without a login",
    `Getting image list signatures
Copying 4 of 4 images in list
Copying blob sha256:d38c21e97aeddc8ab2e3bdd4aa29284cab2d0ca515807ef14c15263a1918e286
time="2026-11-26T18:06:41Z" level=fatal msg="copying image 1/4 from manifest list: pinging container registry 127.0.0.1:1: Get \\"http://127.0.0.1:1/v2/\\": dial tcp 127.0.0.1:1: connect: connection refused"
`,
    'copying image 1/4 from manifest list: pinging container registry 127.0.0.1:1: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
  [
    "crane without a login",
    `2026/11/26 18:06:41 Copying from 127.0.0.1:5601/a/multi:1 to 127.0.0.1:5603/m/a:1
Error: HEAD http://127.0.0.1:5603/v2/m/a/manifests/1: unexpected status code 401 Unauthorized (HEAD responses have no body, use GET for details)
`,
    "Error: HEAD http://127.0.0.1:5603/v2/m/a/manifests/1: unexpected status code 401 Unauthorized (HEAD responses have no body, use GET for details)",
  ],
  [
    "regctl, with a hint after the error",
    `failed to access target registry: failed to request manifest head 127.0.0.1:5602/x:1: Head "https://127.0.0.1:5602/v2/x/manifests/1": http: server gave HTTP response to HTTPS client
Try updating your registry with "regctl registry set --tls disabled <registry>"
`,
    'failed to access target registry: failed to request manifest head 127.0.0.1:5602/x:1: Head "https://127.0.0.1:5602/v2/x/manifests/1": http: server gave HTTP response to HTTPS client',
  ],
  [
    "oras, with a hint after the error",
    `Error from destination registry for "127.0.0.1:5603/m/a:1": basic credential not found
Please check whether the registry credential stored in the authentication file at "/root/.docker/config.json" is correct
`,
    'Error from destination registry for "127.0.0.1:5603/m/a:1": basic credential not found',
  ],
];

it.each(recorded)("are those of the error: %s", (_, output, words) => {
  expect(toolWords(output)).toBe(words);
});

it("are the last line if none speaks of an error, and empty if there is none", () => {
  expect(toolWords("one\ntwo\n")).toBe("two");
  expect(toolWords("\n")).toBe("");
});

it("are one short line without control characters, whatever a tool prints", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 800 }), (output) => {
      const words = toolWords(output);
      expect(words).not.toMatch(/\p{Cc}/u);
      expect(words.length).toBeLessThanOrEqual(400);
    }),
  );
});
