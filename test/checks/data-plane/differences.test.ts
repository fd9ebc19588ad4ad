import { expect, it } from "vitest";
import { differences } from "../../../src/checks/data-plane/differences.ts";

const usual = { name: "settings", repository: "ghcr.io/acme", authentication: "basic", buildkit: "tcp://b:1" };
const config = (namespace: string, changes: Partial<typeof usual> = {}) => ({
  namespace,
  of: { ...usual, ...changes },
});
const found = (...configs: ReturnType<typeof config>[]) =>
  differences(configs).map(({ namespace, of }) => [namespace, of.finding([namespace])] as const);

it("finds nothing where all values are the same, or where there is one namespace", () => {
  expect(found()).toEqual([]);
  expect(found(config("a"))).toEqual([]);
  expect(found(config("a"), config("b"), config("c"))).toEqual([]);
});

it("warns of the namespaces that differ from most, wherever they are, and says in which keys", () => {
  const old = { repository: "ghcr.io/old", buildkit: "" };
  const [[namespace, finding] = [], ...rest] = found(config("a", old), config("b"), config("c"));
  expect([namespace, rest]).toEqual(["a", []]);
  expect(finding).toMatchObject({
    severity: "warning",
    code: "build-config-differs",
    args: { namespaces: ["a"], name: "settings", keys: ["default-repository", "buildkit-uri"] },
    why: 'default-repository is "ghcr.io/old", elsewhere "ghcr.io/acme"; buildkit-uri is "", elsewhere "tcp://b:1"',
  });
});

it("takes the first namespace as the rule where none is the most frequent", () => {
  expect(found(config("a"), config("b", { authentication: "noop" })).map(([namespace]) => namespace)).toEqual(["b"]);
});
