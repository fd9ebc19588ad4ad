import { join } from "node:path";
import { expect, test } from "vitest";
import { chart } from "../chart/helm.ts";
import { helm } from "./helm.ts";
import { createNamespace } from "./namespace.ts";

const airGap = join(import.meta.dirname, "../../examples/values.air-gap.yaml");

test("the values of an air gap install, and the API server has their network policy", async () => {
  await using namespace = await createNamespace();
  // Nothing of that site can be reached from here, so no pod is started.
  const quiet = ["--set", "hooks.install=false,cronJob.schedule="];
  const where = ["--namespace", namespace.name];
  const installed = await helm(4, ["install", "registrar", chart, "--values", airGap, ...quiet, ...where]);
  expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });

  const { items } = JSON.parse(await namespace.kubectl("get", "networkpolicies", "--output=json"));
  const [dns, https, ...others] = items[0].spec.egress;
  expect(dns.to).toBeUndefined();
  expect(dns.ports.map(({ port }: { port: number }) => port)).toEqual([53, 53]);
  expect(https).toMatchObject({ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 443 }, { port: 6443 }] });
  expect(others.every(({ to }: { to: unknown }) => to !== undefined)).toBe(true);

  const removed = await helm(4, ["uninstall", "registrar", ...where]);
  expect(removed, removed.stderr).toMatchObject({ exitCode: 0 });
});
