import * as z from "zod";
import { type DescribedFinding, describe, type Finding } from "../../findings/finding.ts";
import { type Audience, type ChartObjects, type CommandName, errorsPage, readerOf } from "../../findings/reader.ts";
import { flagOf } from "../../settings/names.ts";
import type { Invocation } from "../../settings/parse-settings.ts";
import { salvageSettings } from "../../settings/salvage.ts";
import { type Settings, settingsSchema } from "../../settings/schema.ts";
import { fromYaml } from "../../settings/sources.ts";
import { readText } from "../../system/text-file.ts";
import type { World } from "./world.ts";

/** Puts a finding into words. */
export type Describe = (finding: Finding) => DescribedFinding;

type AudienceWorld = Pick<World, "environment" | "readFile" | "docsUrl">;

/** Puts findings into words for whoever reads the output of this run: in a pod of the chart, or on a workstation. */
export function describeFor(invocation: Invocation, world: AudienceWorld, command?: CommandName): Describe {
  let audience: Audience | undefined;
  return (finding) => {
    audience ??= audienceOf(invocation, world, command);
    return describe(finding, readerOf(audience), audience.docsUrl);
  };
}

function audienceOf(invocation: Invocation, world: AudienceWorld, command: CommandName | undefined): Audience {
  const isPod = world.environment["KUBERNETES_SERVICE_HOST"] !== undefined;
  return {
    settingsFlags: settingsFlags(invocation),
    chart: isPod ? chartObjectsIn(invocation, world) : undefined,
    isCheck: command === "check",
    isMember: isMemberBy(invocation, world),
    docsUrl: world.docsUrl ?? errorsPage,
  };
}

/** The role, even if other settings are wrong. */
function isMemberBy(invocation: Invocation, { readFile }: AudienceWorld): boolean {
  try {
    return salvageSettings(invocation, readFile).policy.role === "member";
  } catch {
    return false;
  }
}

/** A value that may contain a secret is left out; the others are shown as they were given. */
function settingsFlags({ configFile, flyteConfigFile, flags }: Invocation): string[] {
  return [
    ...(configFile === undefined ? [] : ["--config", configFile]),
    ...(flyteConfigFile === undefined ? [] : ["--flyte-config", flyteConfigFile]),
    ...flags
      .filter(({ leaf }) => leaf.path.join(".") !== "policy.force")
      .flatMap(({ leaf, value }) => [flagOf(leaf), mayHoldSecret(leaf.kind, value) ? "…" : value]),
  ];
}

/** Environment variables of a pod template, and a proxy's password. */
function mayHoldSecret(kind: string, value: string): boolean {
  return kind === "list" || kind === "object" || value.includes("@");
}

const chartSettings = z.object({ release: settingsSchema.shape.release, cluster: settingsSchema.shape.cluster });

/** The objects of the chart, even if other settings are wrong: findings about those name them too. */
function chartObjectsIn({ configFile }: Invocation, { readFile }: AudienceWorld): ChartObjects | undefined {
  try {
    const { data } = chartSettings.safeParse(configFile === undefined ? {} : fromYaml(readText(configFile, readFile)));
    return data && chartObjectsOf(data);
  } catch {
    return undefined;
  }
}

function chartObjectsOf({ release, cluster }: Pick<Settings, "release" | "cluster">): ChartObjects | undefined {
  const { chartObjects, statusConfigMap, settingsConfigMap } = cluster;
  if (!chartObjects || settingsConfigMap === undefined) return undefined;
  const { namespace, name: helmRelease } = release;
  return { ...chartObjects, namespace, helmRelease, statusConfigMap, settingsConfigMap };
}
