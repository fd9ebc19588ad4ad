import { describe, expect, it } from "vitest";
import { findBuildNamespaces } from "../../../src/checks/data-plane/build-namespaces.ts";
import { apiServerError } from "../../../src/cluster/cluster.ts";
import { settingsSchema } from "../../../src/settings/schema.ts";
import { fakeCluster } from "./fake-cluster.ts";

const selector = "union.ai/namespace-type=flyte";
const active = (...names: string[]) => names.map((name) => ({ name, isTerminating: false }));
const terminating = (...names: string[]) => names.map((name) => ({ name, isTerminating: true }));
const forbidden = apiServerError(403, "namespaces is forbidden");
const { signal } = new AbortController();

async function found({
  select = true,
  named = [] as string[],
  namespaces = active() as ReturnType<typeof active> | Error,
}) {
  const { cluster, asked } = fakeCluster("union", { namespaces });
  const settings = { buildNamespaces: named, ...(select && { buildNamespaceSelector: selector }) };
  const outcome = await findBuildNamespaces(cluster, settingsSchema.parse({ cluster: settings }).cluster, signal);
  if (!("value" in outcome)) throw new Error("no namespaces");
  return { asked, outcome, value: outcome.value, code: "finding" in outcome ? outcome.finding.code : undefined };
}

describe("the namespaces where builds run", () => {
  it.each([
    { why: "that of the Helm release", is: ["union"] },
    { why: "those of the settings, sorted and each once", named: ["b", "a", "b"], is: ["a", "b"] },
  ])("without a selector are $why, and nothing is listed", async ({ named, is }) => {
    expect(await found({ select: false, ...(named && { named }) })).toMatchObject({
      value: is,
      asked: [],
      code: undefined,
    });
  });

  it.each([
    { why: "those that it finds", namespaces: active("b", "a"), is: ["a", "b"] },
    { why: "those and the ones of the settings", namespaces: active("b", "a"), named: ["c", "a"], is: ["a", "b", "c"] },
    {
      why: "none that is being deleted, even if it is in the settings",
      namespaces: [...active("a"), ...terminating("b", "c")],
      named: ["b"],
      is: ["a"],
    },
  ])("with a selector are $why", async ({ namespaces, named, is }) => {
    expect(await found({ namespaces, ...(named && { named }) })).toMatchObject({
      value: is,
      asked: [selector],
      code: undefined,
    });
  });

  it("are said to leave out those that are being deleted", async () => {
    const { outcome } = await found({ namespaces: [...active("a"), ...terminating("b")] });
    expect(outcome).toMatchObject({
      detail: `1 with the label ${selector}; not namespace b: being deleted`,
    });
  });

  it.each([
    { namespaces: forbidden, named: [], code: "build-namespaces-unlisted", is: ["union"] },
    { namespaces: forbidden, named: ["b", "a"], code: "build-namespaces-unlisted", is: ["a", "b"] },
    { namespaces: active(), named: [], code: "build-namespaces-none", is: ["union"] },
    { namespaces: terminating("x"), named: ["a"], code: "build-namespaces-none", is: ["a"] },
  ])(
    "are the next best with a warning, where the selector gives none: $code $named",
    async ({ is, code, ...given }) => {
      const { value, outcome, ...rest } = await found(given);
      expect(rest.code).toBe(code);
      expect(value).toEqual(is);
      expect(outcome).toMatchObject({ finding: { severity: "warning", args: { selector, namespaces: is } } });
    },
  );
});
