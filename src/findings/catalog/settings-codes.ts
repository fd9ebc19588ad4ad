import type { Reader } from "../reader.ts";
import { shellQuote } from "../shell-quote.ts";
import { entry, exitCodes } from "./code-entry.ts";

/** One setting that cannot be used. */
export interface SettingProblem {
  /** `task.logLevel`; empty if it is none in particular. */
  setting: string;
  /** Where it is set: `--app-version`, `REGISTRAR_APP_VERSION`, `registrar.yaml:4`; absent if it is not set. */
  place?: string | undefined;
  /** What is wrong, without the value: it might be a secret in the wrong place. */
  problem: string;
}

/** A variable with a common name that would fill in a setting, if its value could be used. */
export interface IgnoredVariable {
  variable: string;
  /** `task.logLevel`. */
  setting: string;
  /** What is wrong with the value, without the value. */
  problem: string;
}

/** Why `appVersionFrom` gives no appVersion. */
export type AppVersionFault = "no-cluster" | "deployment-missing" | "forbidden" | "unreadable" | "no-version";

/**
 * Wrong usage and settings, found before anything is contacted. A file or Secret that the settings name and that does not
 * exist is a failure of the run, not a wrong setting, so `policy.failure: warn` covers it.
 */
export const settingsCodes = {
  "usage-wrong": entry<{ message: string }>({
    exit: exitCodes.usage,
    what: ({ message }) => message,
    fix: () => "Correct the command line; registrar <command> --help lists the options.",
    next: () => "registrar --help",
  }),
  "settings-wrong": entry<{ problems: readonly SettingProblem[] }>({
    exit: exitCodes.usage,
    what: ({ problems }, { setting: nameOf }) => {
      const lines = problems.map(
        ({ setting, place, problem }) => `  ${nameOf(setting)}${place === undefined ? "" : ` (${place})`}: ${problem}`,
      );
      return [problems.length === 1 ? "one setting is wrong" : `${problems.length} settings are wrong`, ...lines].join(
        "\n",
      );
    },
    fix: ({ problems }, { chart, setting: nameOf }) => {
      if (chart) return "Correct the values of the chart and upgrade; registrar check finds the rest.";
      const missing = problems.filter(({ place }) => place === undefined).map(({ setting }) => nameOf(setting));
      const set = `Set ${missing.join(" and ")} by flag, variable or settings file`;
      const example = "docs/settings.md has an example of each.";
      if (missing.length === 0)
        return `Correct each where it is set: the flag, variable or line in parentheses. ${example}`;
      if (missing.length === problems.length) return `${set}. ${example}`;
      return `${set}; correct the rest where it is set (in parentheses). ${example}`;
    },
    next: (_args, { command }) => command("render"),
  }),
  "variable-ignored": entry<{ ignored: readonly IgnoredVariable[] }>({
    exit: exitCodes.failed,
    what: ({ ignored }, { setting: nameOf }) => {
      const lines = ignored.map(
        ({ variable, setting, problem }) => `  ${variable}, for ${nameOf(setting)}: ${problem}`,
      );
      const count =
        ignored.length === 1
          ? "one environment variable is ignored, because its value cannot be used"
          : `${ignored.length} environment variables are ignored, because their values cannot be used`;
      return [count, ...lines].join("\n");
    },
    fix: ({ ignored }, { setting: nameOf }) => {
      const variables = ignored.map(({ variable }) => variable).join(", ");
      const settings = ignored.map(({ setting }) => nameOf(setting)).join(", ");
      return `Set ${settings} by flag, REGISTRAR_… variable or settings file, which override ${variables}; or unset ${variables}.`;
    },
    next: ({ ignored }, { chart, kubectl }) =>
      chart
        ? kubectl(`set env ${chart.cronJob === undefined ? "jobs --all" : `cronjob/${chart.cronJob}`} --list`)
        : `printenv ${ignored.map(({ variable }) => shellQuote(variable)).join(" ")}`,
  }),
  "settings-file-unreadable": entry<{ file: string; flag: string }>({
    exit: exitCodes.usage,
    what: ({ file }) => `the settings file ${file} cannot be read`,
    fix: ({ file, flag }) => `Make ${file} a readable YAML file of settings, or give another to ${flag}.`,
    next: ({ file }, { chart, command }) => (chart ? command("render") : `ls -l ${shellQuote(file)}`),
  }),
  "variable-missing": entry<{ variable: string; setting: string }>({
    exit: exitCodes.failed,
    what: ({ variable, setting }, { setting: nameOf }) =>
      `the environment variable ${variable} of ${nameOf(setting)} is not set`,
    fix: ({ variable, setting }, { setting: nameOf }) =>
      `Set ${variable} to the secret, or correct ${nameOf(setting)}.`,
    next: (_args, { command }) => command("check"),
  }),
  "api-key-missing": entry<object>({
    exit: exitCodes.failed,
    what: (_args, { setting }) => `${setting("controlPlane.auth.type")} is apiKey, but no API key is set`,
    fix: (_args, { setting }) =>
      `Set FLYTE_API_KEY to the key, or ${setting("controlPlane.auth.apiKeyFile")} to what holds it.`,
    next: (_args, { command }) => command("check"),
  }),
  "api-key-malformed": entry<object>({
    exit: exitCodes.failed,
    what: () => "the API key does not have the form of Union's API keys",
    fix: () => "Set FLYTE_API_KEY to the whole key; it is base64 of host:clientId:clientSecret:org.",
    next: () => "flyte create api-key --name registrar",
  }),
  "app-version-not-found": entry<AppVersionSource>({
    exit: exitCodes.failed,
    what: ({ source, namespace, fault }) => {
      const place = namespace === "" ? source : `${source} in namespace ${namespace}`;
      return fault === "deployment-missing"
        ? `${place} does not exist`
        : `${place} does not name the appVersion that runs`;
    },
    fix: ({ fault }, reader) => appVersionFix(fault, reader),
    next: ({ source, namespace, fault }, { chart, kubectl }) => {
      const inNamespace = (words: string) =>
        kubectl(chart || namespace === "" ? words : `-n ${shellQuote(namespace)} ${words}`);
      if (fault === "no-version") return inNamespace(`set env ${shellQuote(source)} --list`);
      if (fault === "forbidden")
        return inNamespace(
          `auth can-i get ${shellQuote(source)}${chart ? " --as system:serviceaccount:<namespace>:<service account>" : ""}`,
        );
      return inNamespace("get deployments");
    },
  }),
} as const;

/** Where an appVersion was looked for, and what came of it. */
interface AppVersionSource {
  /** `deployment/union-operator`. */
  source: string;
  /** Empty if no cluster could be opened. */
  namespace: string;
  fault: AppVersionFault;
}

function appVersionFix(fault: AppVersionFault, { chart, setting }: Reader): string {
  const setVersion = `set ${setting("appVersion")} to the platform's version, such as 2026.3.4`;
  switch (fault) {
    case "no-cluster":
      return chart
        ? `Let the pod have the token of its service account, or ${setVersion}.`
        : `Run this with a kubeconfig of the data plane's cluster, or in a pod of it, or ${setVersion}.`;
    case "forbidden":
      return `Allow it by RBAC${chart ? " (rbac.create: true in the chart creates the Role)" : ""}, or ${setVersion}.`;
    case "unreadable":
      return chart
        ? `Make the API server answer (see why), or ${setVersion}.`
        : `Make kubectl work from here (see why), or ${setVersion}.`;
    case "no-version":
      return `Set ${setting("appVersionFrom")} to the Deployment whose containers have HELM_APP_VERSION, or ${setVersion}.`;
    default:
      return `Correct ${setting("appVersionFrom")}: it is deployment/union-operator in the data plane chart. Or ${setVersion}.`;
  }
}
