import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chart,
  dataplane,
  dataplaneValues,
  helms,
  leastValues,
  rendered,
  scheduledPod,
  settingsOf,
  templated,
  type Values,
  withValues,
} from "./helm.ts";

// Helm reads every unquoted number in a values file as a float, and its templates print a large one as 1.234567e+06.

describe.each(helms)("unquoted numbers in the parent's values, under Helm %i", (major) => {
  const render = (values: Values) => templated(major, dataplane, withValues(dataplaneValues, values));

  it.each([
    ["controlPlane.org", { global: { ORG_NAME: 1234567 } }],
    ["controlPlane.org", { orgName: "{{ .Values.global.AWS_ACCOUNT_ID }}", global: { AWS_ACCOUNT_ID: 123456789012 } }],
    ["clusterName", { global: { CLUSTER_NAME: 20261126 } }],
    ["clusterName", { global: { CLUSTER_NAME: 1000000 } }],
    ["auth.clientId", { global: { AUTH_CLIENT_ID: 2 ** 60 } }],
    ["auth.clientId", { secrets: { admin: { clientId: 2 ** 60 } } }],
    ["extraEnv.value", { additionalPodEnvVars: { LIMIT: 2 ** 60 } }],
  ])("are refused as %s where a template has changed them: %j", async (path, values) => {
    const { stderr, exitCode } = await render(values);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(new RegExp(`image-builder-registrar: ${path} is \\d(\\.\\d+)?e\\+\\d+, a number that Helm`));
  });

  it.each([
    [{ global: { ORG_NAME: 7 } }, "7"],
    [{ global: { ORG_NAME: "007" } }, "007"],
    [{ global: { ORG_NAME: 123456 } }, "123456"],
    [{ orgName: 1234567 }, "1234567"],
    [{ orgName: 123456789012 }, "123456789012"],
  ])("are kept with all their digits: %j", async (values, org) => {
    const objects = await rendered(major, dataplane, withValues(dataplaneValues, values));
    expect(settingsOf(objects).controlPlane.org).toBe(org);
  });

  it("are exact in environment variables, as far as a float holds them", async () => {
    const numbers = fc.sample(fc.maxSafeInteger(), { numRuns: 50, seed: major });
    const additionalPodEnvVars = Object.fromEntries(numbers.map((number, index) => [`N${index}`, number]));
    const objects = await rendered(major, dataplane, withValues(dataplaneValues, { additionalPodEnvVars }));
    const given = new Map(scheduledPod(objects).containers[0]?.env?.map(({ name, value }) => [name, value]));
    expect(numbers.map((_, index) => given.get(`N${index}`))).toEqual(numbers.map(String));
  });

  it("count as bytes in a memory limit", async () => {
    const values = withValues(leastValues, { resources: { limits: { memory: 20_000_000 } } });
    expect((await templated(major, chart, values)).stderr).toContain(
      "resources.limits.memory is 20000000; below 64Mi the program is killed",
    );
  });
});
