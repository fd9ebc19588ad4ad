import { entry, exitCodes } from "./entry.ts";

const exit = exitCodes.failed;

interface Task {
  /** `system/production`. */
  scope: string;
}

/** What is registered, and how it stands to this release. */
export const registrationErrors = {
  "registration-missing": entry<Task>({
    exit,
    what: ({ scope }) =>
      `task build-image is not registered in ${scope}; SDK users see "remote image builder is not enabled"`,
    fix: () =>
      "Run registrar register; in the cluster: kubectl create job --from=cronjob/<name of the CronJob> registrar-now.",
    next: () => "registrar register --config <file>",
  }),
  "registration-elsewhere": entry<Task & { domain: string }>({
    exit,
    what: ({ scope, domain }) =>
      `task build-image is registered in domain ${domain} and not in ${scope}; SDK users see "remote image builder is not enabled"`,
    fix: ({ domain }) =>
      `Register it in the domain of task.domain; or set task.domain to ${domain} and FLYTE_IMAGEBUILDER_TASK_DOMAIN=${domain} for SDK users.`,
    next: () => "registrar register --config <file>",
  }),
  "registration-outdated": entry<Task & { current: string; wanted: string }>({
    exit,
    what: ({ scope, current, wanted }) =>
      `${current} is current in ${scope}, and not ${wanted}; SDK users see no error, and their builds run the older build-image`,
    fix: ({ wanted }) =>
      `Run registrar register, which registers ${wanted}; or set appVersion to the release that is meant.`,
    next: () => "registrar register --config <file>",
  }),
  "registration-differs": entry<Task & { current: string }>({
    exit,
    what: ({ scope, current }) =>
      `${current} is current in ${scope}, but with another definition than these settings give; SDK users see no error, and their builds run what is registered`,
    fix: () => "Run registrar register, or make the settings under task those of what is registered.",
    next: () => "registrar register --config <file> --dry-run",
  }),
  "registration-conflict": entry<Task & { current: string; owner: string }>({
    exit,
    what: ({ current, owner }) => `${current} was registered with another definition by ${owner}`,
    fix: () =>
      "Set task.imageNamePrefix, task.podTemplate and the rest under task to the same in all data planes of this control plane.",
    next: () => "registrar status --config <file>",
  }),
  "registration-newer": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ current, owner, wanted }) =>
      `${current}, registered by ${owner}, is newer than ${wanted}; SDK users see no error, and their builds run the newer build-image`,
    fix: () => "Upgrade this data plane to the same release; or set policy.whenNewer to replace.",
    next: () => "registrar register --config <file> --force",
  }),
  "registration-incomparable": entry<Task & { current: string; wanted: string }>({
    exit,
    what: ({ current, wanted }) => `it cannot be told whether ${current} is older or newer than ${wanted}`,
    fix: () =>
      "Set appVersion to a release such as 2026.3.4; to make this one current all the same, run registrar register.",
    next: () => "registrar status --config <file>",
  }),
  "registration-unsigned": entry<Task & { current: string }>({
    exit,
    what: ({ scope, current }) => `${current} was stored in ${scope} without its signature, so it cannot be recognised`,
    fix: () => "Give annotations={{python annotations}} to flyte.PodTemplate in the file of task.templateFile.",
    next: () => "registrar render --config <file>",
  }),
  "registration-unsettled": entry<Task & { wanted: string }>({
    exit,
    what: ({ scope, wanted }) => `${wanted} was written, but another registration became current in ${scope} meanwhile`,
    fix: () => "Find the other writer by registrar status, which names who signed what is current, and run it again.",
    next: () => "registrar status --config <file>",
  }),
} as const;
