import { expect, it } from "vitest";
import { buildkitLogins } from "../../../src/checks/images/buildkit-logins.ts";
import { pullsOf, type RequiredImage } from "../../../src/images/required-image.ts";
import { parseDockerConfig } from "../../../src/registry/docker-config.ts";
import { createLogins, type Logins } from "../../../src/registry/logins.ts";

const image = (reference: string): RequiredImage => {
  return { role: "base", reference, isTagKnown: true, ...pullsOf.base, note: "" };
};
const signal = new AbortController().signal;
const auths = {
  "https://index.docker.io/v1/": { username: "hub", password: "one" },
  "ghcr.io/acme": { username: "acme", password: "two" },
  "token.test": { identitytoken: "three" },
};
const runner = { runProcess: () => Promise.reject(new Error("no program")), environment: {}, cwd: "/" };
const stored = createLogins(parseDockerConfig(JSON.stringify({ auths }), "config.json"), "config.json", runner);

it("are found by the host that buildkit names, for the repositories that are pulled", async () => {
  const images = ["python:3.12", "ghcr.io/acme/base:1", "token.test/a:1", "other.test/a:1"].map(image);
  const findLogin = await buildkitLogins(images, stored, signal);
  expect(findLogin("registry-1.docker.io")).toMatchObject({ username: "hub", password: "one" });
  expect(findLogin("ghcr.io")).toMatchObject({ username: "acme", password: "two" });
  for (const host of ["docker.io", "token.test", "other.test"]) expect(findLogin(host)).toBeUndefined();
});

it("are none for a host whose repositories nobody pulls", async () => {
  const findLogin = await buildkitLogins([image("ghcr.io/other/base:1")], stored, signal);
  expect(findLogin("ghcr.io")).toBeUndefined();
  expect(findLogin("registry-1.docker.io")).toBeUndefined();
});

it("are asked for once for each host", async () => {
  const asked: string[] = [];
  const logins: Logins = {
    find: async (reference) => {
      asked.push(`${reference.host}/${reference.repository}`);
      return { secret: { kind: "password", username: "a", password: "b" }, host: reference.host, file: "config.json" };
    },
  };
  await buildkitLogins(["a.test/x:1", "a.test/y:1", "b.test/x:1"].map(image), logins, signal);
  expect(asked).toEqual(["a.test/x", "b.test/x"]);
});
