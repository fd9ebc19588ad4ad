import { describe, expect, it } from "vitest";
import {
  all,
  chart,
  cronJob,
  dataplane,
  dataplaneValues,
  helms,
  leastValues,
  one,
  rendered,
  settingsOf,
} from "./helm.ts";

const kindAndName = ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind} ${metadata.name}`;
const isOurs = (name: string) => name.includes("image-builder-registrar");

describe.each(helms)("a member of a fleet, under Helm %i", (major) => {
  const alone = (values: object) => rendered(major, chart, { ...leastValues, ...values });
  const embedded = async (values: object) => {
    const { imageBuilderRegistrar } = dataplaneValues as { imageBuilderRegistrar: object };
    const objects = await rendered(major, dataplane, {
      ...dataplaneValues,
      imageBuilderRegistrar: { ...imageBuilderRegistrar, ...values },
    });
    return objects.filter(({ metadata }) => isOurs(metadata.name));
  };

  it.each([
    ["alone", alone],
    ["embedded", embedded],
  ])("renders what verifies and checks, and nothing that registers on a person's behalf (%s)", async (_, render) => {
    const hooks = { rollback: true };
    const [owner, member] = [await render({ hooks }), await render({ hooks, role: "member" })];
    const left = member.map(kindAndName);
    const missing = owner.map(kindAndName).filter((name) => !left.includes(name));
    expect(missing.map((name) => name.replace(/ .*-image-builder-registrar/, " ")).sort()).toEqual([
      "CronJob -register",
      "CronJob -register-force",
      "Job -rollback",
    ]);
    expect(left.filter((name) => !owner.map(kindAndName).includes(name))).toEqual([]);
    expect([settingsOf(owner).policy.role, settingsOf(member).policy.role]).toEqual(["owner", "member"]);
    const { cronJob: scheduled, registerCronJob, forceCronJob } = settingsOf(member).cluster.chartObjects ?? {};
    expect([isOurs(scheduled ?? ""), registerCronJob, forceCronJob]).toEqual([true, undefined, undefined]);
  });

  it("runs as often as an owner, and verifies by helm test", async () => {
    const [owner, member] = [await alone({}), await alone({ role: "member" })];
    expect(cronJob(member, "scheduled")).toEqual(cronJob(owner, "scheduled"));
    expect(one(member, "Job")).toEqual(one(owner, "Job"));
    expect(one(member, "Pod")).toEqual(one(owner, "Pod"));
  });

  it("may not read its settings again, which only a run that writes does", async () => {
    const readable = async (values: object) => {
      const [role] = all(await alone(values), "Role");
      return role?.rules?.flatMap(({ resources, resourceNames = [] }) =>
        resources?.includes("configmaps") ? resourceNames : [],
      );
    };
    const ofBuilds = ["build-image-config"];
    const status = ["image-builder-registrar-status"];
    expect(await readable({})).toEqual(["reg-image-builder-registrar", ...status, ...ofBuilds]);
    expect(await readable({ role: "member" })).toEqual([...status, ...ofBuilds]);
  });
});
