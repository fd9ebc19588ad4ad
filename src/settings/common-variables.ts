import type { IgnoredVariable } from "../findings/catalog/settings-codes.ts";
import type { Environment } from "../system/surroundings.ts";
import { type Leaf, startsWith } from "./leaves.ts";
import { dotted } from "./names.ts";
import { describeProblems } from "./problems.ts";
import { settingsSchema } from "./schema.ts";
import { fromText, put, type RawSettings, type Source, valueAt } from "./sources.ts";

/**
 * Variables of the manual procedure and of proxies, with the settings that they fill in. Other programs use these names too,
 * so that one may be set for another purpose: each counts only if no other source has its setting, or one that replaces it.
 */
export const commonVariables: readonly {
  /** The first that is not empty counts. */
  variables: readonly string[];
  path: readonly string[];
  replacedBy?: readonly string[];
}[] = [
  { variables: ["APP_VERSION"], path: ["appVersion"], replacedBy: ["appVersionFrom"] },
  { variables: ["CONFIG_MAP_NAME"], path: ["task", "configMapName"] },
  { variables: ["LOG_LEVEL"], path: ["task", "logLevel"] },
  { variables: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"], path: ["controlPlane", "proxy"] },
  { variables: ["NO_PROXY", "no_proxy"], path: ["controlPlane", "noProxy"] },
];

/**
 * The settings in common variables. One that cannot be used is probably meant for another program, so it is no error.
 * @param above the settings of all other sources
 */
export function fromCommonVariables(
  environment: Environment,
  above: RawSettings,
  leaves: readonly Leaf[],
): Source & { ignored: IgnoredVariable[] } {
  const settings: RawSettings = {};
  const used: { path: readonly string[]; variable: string }[] = [];
  const ignored: IgnoredVariable[] = [];
  for (const { variables, path, replacedBy = path } of commonVariables) {
    if ([path, replacedBy].some((other) => valueAt(above, other) !== undefined)) continue;
    const setting = dotted(path);
    // An empty appVersion is a mistake that the manual procedure would register silently.
    const isSet = (variable: string) =>
      environment[variable] || (environment[variable] === "" && setting === "appVersion");
    const variable = variables.find(isSet);
    if (variable === undefined) continue;
    const leaf = leaves.find((candidate) => dotted(candidate.path) === setting);
    const text = environment[variable] ?? "";
    const value = leaf ? fromText(leaf, text) : text;
    const alone: RawSettings = {};
    put(alone, path, value);
    const parsed = settingsSchema.safeParse(alone);
    const [wrong] = parsed.success ? [] : describeProblems(parsed.error, alone, leaves, () => variable);
    if (wrong) ignored.push({ variable, setting, problem: wrong.problem });
    else {
      put(settings, path, value);
      used.push({ path, variable });
    }
  }
  const placeOf = (path: readonly PropertyKey[]) =>
    used
      .filter((one) => startsWith(one.path, path))
      .map(({ variable }) => variable)
      .join(", ");
  return { settings, ignored, placeOf };
}
