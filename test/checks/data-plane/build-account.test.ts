import { describe, expect, it } from "vitest";
import { accountFinder } from "../../../src/checks/data-plane/build-account.ts";
import { apiServerError } from "../../../src/cluster/cluster.ts";
import { settingsSchema } from "../../../src/settings/schema.ts";
import { fakeCluster } from "./fake-cluster.ts";

const union = { serviceAccount: "union" };
const forbidden = apiServerError(403, "podtemplates is forbidden");
const ofTask = { task: { podTemplate: { serviceAccountName: "of-task" } } };
const ofSetting = { cluster: { buildServiceAccount: "of-setting" } };

describe("the service account of build pods", () => {
  it.each([
    {
      why: "that of the task, whatever else",
      settings: { ...ofTask, ...ofSetting },
      podTemplates: { union },
      is: "of-task task",
    },
    {
      why: "that of the PodTemplate before the setting",
      settings: ofSetting,
      podTemplates: { union },
      is: "union PodTemplate",
    },
    {
      why: "that of the setting without a PodTemplate",
      settings: ofSetting,
      podTemplates: {},
      is: "of-setting setting",
    },
    {
      why: "that of the setting where the PodTemplate names none",
      settings: ofSetting,
      podTemplates: { union: {} },
      is: "of-setting setting",
    },
    { why: "default without any", settings: {}, podTemplates: {}, is: "default nothing" },
    {
      why: "default where the PodTemplate may not be read",
      settings: {},
      podTemplates: { union: forbidden },
      is: "default nothing",
    },
  ])("is $why", async ({ settings, podTemplates, is }) => {
    const { cluster } = fakeCluster("union", { podTemplates });
    const { account, namedBy, unread } = await accountFinder(cluster, settingsSchema.parse(settings))("union");
    expect(`${account} ${namedBy}`).toBe(is);
    expect(unread).toBe(Object.values(podTemplates).includes(forbidden as never) ? forbidden.message : "");
  });

  // As Flyte looks for a PodTemplate: in the pod's namespace, then in its own.
  it.each([
    {
      why: "that of the namespace's own PodTemplate",
      podTemplates: { other: { serviceAccount: "own" }, union },
      is: "own",
    },
    { why: "that of the data plane's, if it has none", podTemplates: { union }, is: "union" },
    {
      why: "that of the data plane's, if its own may not be read",
      podTemplates: { other: forbidden, union },
      is: "union",
    },
    { why: "default, if its own names none", podTemplates: { other: {}, union }, is: "default" },
  ])("is in another namespace $why", async ({ podTemplates, is }) => {
    const { cluster } = fakeCluster("union", { podTemplates });
    expect(await accountFinder(cluster, settingsSchema.parse({}))("other")).toMatchObject({ account: is });
  });

  it("takes one request for the data plane's PodTemplate, however many namespaces there are", async () => {
    const { cluster, asked } = fakeCluster("union", { podTemplates: { union } });
    const accountOf = accountFinder(cluster, settingsSchema.parse({}));
    await Promise.all(["a", "b", "union", "c"].map(accountOf));
    expect(asked.toSorted()).toEqual(["a", "b", "c", "union"].map((namespace) => `${namespace}/task-template`));
  });
});
