import { entry, exitCodes } from "./code-entry.ts";

/**
 * Wrong usage and settings, found before anything is contacted. What the settings name and is not there (a Secret that is
 * not mounted) is a failure of the work and no wrong setting, so that `policy.failure: warn` covers it.
 */
export const settingsErrors = {
  "usage-wrong": entry<{ message: string }>({
    exit: exitCodes.usage,
    what: ({ message }) => message,
    fix: () => "Correct the word that is named here; registrar <command> --help lists every option.",
    next: () => "registrar --help",
  }),
  "settings-wrong": entry<{ problems: readonly string[] }>({
    exit: exitCodes.usage,
    what: ({ problems }) => [count(problems.length), ...problems.map((problem) => `  ${problem}`)].join("\n"),
    fix: () =>
      "Correct each where it is given: by flag, environment variable or the file of --config. docs/settings.md has an example of each.",
    next: () => "registrar render --config <file>",
  }),
  "settings-file-unreadable": entry<{ file: string; flag: string }>({
    exit: exitCodes.usage,
    what: ({ file }) => `the settings file ${file} cannot be used`,
    fix: ({ file, flag }) => `Make ${file} a readable YAML file of settings, or name another with ${flag}.`,
    next: ({ file }) => `ls -l ${file}`,
  }),
  "file-unreadable": entry<{ file: string; setting: string }>({
    exit: exitCodes.failed,
    what: ({ file, setting }) => `the file ${file}, named by ${setting}, cannot be used`,
    fix: ({ file, setting }) =>
      `Put the content into ${file}, or correct ${setting}; in a cluster, the Secret or ConfigMap that is mounted there needs the key ${file.split("/").at(-1)}.`,
    next: ({ file }) => `ls -l ${file}`,
  }),
  "variable-missing": entry<{ variable: string; setting: string }>({
    exit: exitCodes.failed,
    what: ({ variable, setting }) => `the environment variable ${variable}, named by ${setting}, holds nothing`,
    fix: ({ variable, setting }) =>
      `Set ${variable} to the secret (in a cluster: by secretKeyRef in the container's env), or correct ${setting}.`,
    next: () => "registrar status --config <file>",
  }),
  "api-key-missing": entry<object>({
    exit: exitCodes.failed,
    what: () => "controlPlane.auth.type is apiKey, but no API key is given",
    fix: () => "Set FLYTE_API_KEY to the key, or controlPlane.auth.apiKeyFile to a file that holds it.",
    next: () => "registrar status --config <file>",
  }),
  "api-key-malformed": entry<object>({
    exit: exitCodes.failed,
    what: () => "the API key is not of the form that Union gives out",
    fix: () => "Set FLYTE_API_KEY to the whole key once more; it is base64 of host:clientId:clientSecret:org.",
    next: () => "flyte create api-key --name registrar",
  }),
  "template-unusable": entry<{ file: string }>({
    exit: exitCodes.usage,
    what: ({ file }) => `the template ${file} does not give a definition that can be registered`,
    fix: ({ file }) => `Correct ${file}; templates/build_image_task.yaml.hbs of this program is the one to start from.`,
    next: () => "registrar render --config <file>",
  }),
  "app-version-not-found": entry<{ source: string }>({
    exit: exitCodes.failed,
    what: ({ source }) => `${source} does not tell which release runs`,
    fix: () =>
      "Set appVersion to the release itself, such as 2026.3.4; or run it in a pod, or with a kubeconfig, of the data plane's cluster.",
    next: () => "helm list --all-namespaces",
  }),
} as const;

function count(problems: number): string {
  return problems === 1 ? "one setting cannot be used" : `${problems} settings cannot be used`;
}
