import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Leaf, leavesOfSettings } from "../../src/settings/leaves.ts";
import { dotted, flagOf, variableOf } from "../../src/settings/names.ts";
import { overlay } from "../../src/settings/sources.ts";
import { type Given, load } from "./loading.ts";
import { treeOf, valueAt, valuesOf } from "./samples.ts";

const apiKey = Buffer.from("host:id:secret:org").toString("base64");
const files = { a1: apiKey, b1: apiKey };
/** What variables hold that a setting names. */
const named = { a1: "secret", b1: "secret", UNION_CLIENT_SECRET: "secret" };

// The type of login decides which settings there are next to it; authentication.test.ts is about it.
const leaves = leavesOfSettings().filter(({ path }) => dotted(path) !== "controlPlane.auth.type");

/** What must stand in the file for a setting to be one: its type of login, with what else that type wants. */
function companions(leaf: Leaf): { [key: string]: unknown } {
  const auth: Readonly<Record<string, object>> = {
    clientId: { type: "clientSecret", clientSecretFile: "a1" },
    clientSecretFile: { type: "clientSecret", clientId: "a1" },
    clientSecretVariable: { type: "clientSecret", clientId: "a1" },
    scopes: { type: "clientSecret", clientId: "a1", clientSecretFile: "a1" },
    apiKeyFile: { type: "apiKey" },
    command: { type: "externalCommand" },
  };
  return leaf.path[1] === "auth" ? treeOf(["controlPlane", "auth"], auth[leaf.path[2] ?? ""]) : {};
}

/** A value as a flag and a variable carry it. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A setting given in the file, as a variable and as a flag, where each is wanted. */
function given(leaf: Leaf, { file, variable, flag }: { file?: unknown; variable?: unknown; flag?: unknown }): Given {
  const tree = file === undefined ? companions(leaf) : overlay(companions(leaf), treeOf(leaf.path, file));
  return {
    file: stringify(tree),
    files,
    environment: { ...named, ...(variable !== undefined && { [variableOf(leaf)]: textOf(variable) }) },
    ...(flag !== undefined && { flags: { [flagOf(leaf)]: textOf(flag) } }),
  };
}

/** What a setting has become: a duration is milliseconds then, all else is as given. */
function become(leaf: Leaf, value: unknown): unknown {
  return leaf.kind === "duration" ? { "90s": 90_000, "2m": 120_000 }[String(value)] : value;
}

describe.each(leaves.map((leaf) => [dotted(leaf.path), leaf] as const))("%s", (_name, leaf) => {
  const [one, other] = valuesOf(leaf);
  const loaded = (sources: Parameters<typeof given>[1]) => valueAt(load(given(leaf, sources)).settings, leaf.path);

  it.each(["file", "variable", "flag"])("can be given as %s", (source) => {
    expect(loaded({ [source]: one })).toEqual(become(leaf, one));
    expect(loaded({ [source]: other })).toEqual(become(leaf, other));
  });

  it("is taken from the flag before the variable, and from the variable before the file", () => {
    for (const [lower, upper] of [
      [one, other],
      [other, one],
    ]) {
      expect(loaded({ file: lower, variable: upper })).toEqual(become(leaf, upper));
      expect(loaded({ variable: lower, flag: upper })).toEqual(become(leaf, upper));
      expect(loaded({ file: lower, flag: upper })).toEqual(become(leaf, upper));
      expect(loaded({ file: lower, variable: lower, flag: upper })).toEqual(become(leaf, upper));
    }
  });

  it("has a description, and an example that may be copied", () => {
    expect(leaf.description).not.toBe("");
    expect(["", "[]", "{}", undefined]).not.toContain(textOf(leaf.example));
    const readable = typeof leaf.example === "string" ? { [leaf.example]: apiKey } : {};
    expect(() => load({ ...given(leaf, { file: leaf.example }), files: { ...files, ...readable } })).not.toThrow();
  });
});

it.each(leaves.filter(({ path }) => path[1] !== "auth").map((leaf) => [dotted(leaf.path), leaf] as const))(
  "%s is its default where it is not given",
  (_name, leaf) => {
    const { fallback } = leaf;
    const unit = String(fallback).endsWith("m") ? 60_000 : 1000;
    const isDuration = leaf.kind === "duration" && fallback !== undefined;
    const parsed = isDuration ? Number.parseInt(String(fallback), 10) * unit : fallback;
    expect(valueAt(load({}).settings, leaf.path)).toEqual(parsed);
  },
);
