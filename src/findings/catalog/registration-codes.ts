import { entry, exitCodes } from "./code-entry.ts";

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
    what: ({ current, owner }) => `${current} was registered ${owner} with another definition`,
    fix: () =>
      "Set task.imageNamePrefix, task.podTemplate and the rest under task to the same in all data planes of this control plane.",
    next: () => "registrar status --config <file>",
  }),
  "registration-newer": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ current, owner, wanted }) =>
      `${current}, registered ${owner}, is newer than ${wanted}; SDK users see no error, and their builds run the newer build-image`,
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
  "registration-altered": entry<Task & { current: string }>({
    exit,
    what: ({ scope, current }) => `${current} was registered in ${scope}, but stored with other fields than were sent`,
    fix: () =>
      "Report it with what registrar check --bundle support.tgz packs, naming the control plane's version; until then set task.deployWith to flyte.",
    next: () => "registrar verify --config <file>",
  }),
  "registration-unsettled": entry<Task & { wanted: string }>({
    exit,
    what: ({ scope, wanted }) => `${wanted} was written, but another registration became current in ${scope} meanwhile`,
    fix: () => "Find the other writer by registrar status, which names who owns what is current, and run it again.",
    next: () => "registrar status --config <file>",
  }),
  "owner-not-unique": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ current, owner, wanted }) =>
      `${current} was registered as ${owner}, but not by this installation of ${wanted}: two installations share that name`,
    fix: () =>
      "Set clusterName in the chart (release.cluster) to a name that is unique among your clusters; after a rollback or a change of settings, run registrar register once with trigger manual.",
    next: () => "registrar status --config <file>",
  }),
  "cluster-name-missing": entry<{ owner: string }>({
    exit,
    what: ({ owner }) =>
      `no cluster name is set, so this registration is owned by ${owner}, which other clusters may use too`,
    fix: () => "Set release.cluster (clusterName in the chart) to a name that is unique among your clusters.",
    next: () => "registrar status --config <file>",
  }),
  "version-too-long": entry<Task & { version: string; longest: number }>({
    exit,
    what: ({ version, longest }) =>
      `version ${version} is longer than the ${longest} characters that a control plane stores`,
    fix: () => "Set appVersion to a shorter one, or delete the old revisions of this one.",
    next: () => "registrar status --config <file>",
  }),
  "lookup-contradicts": entry<Task & { version: string }>({
    exit: exitCodes.controlPlane,
    transient: true,
    what: ({ scope, version }) =>
      `the control plane lists ${version} in ${scope} and does not find its details, so what is current is not known`,
    fix: () =>
      `Read the control plane's log by kubectl logs for failures of its database: some servers answer "not found" to those.`,
    next: () => "kubectl logs --namespace <namespace of the control plane> deployment/<its API server> --since=10m",
  }),
} as const;
