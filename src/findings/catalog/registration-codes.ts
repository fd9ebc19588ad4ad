import { entry, exitCodes } from "./code-entry.ts";

const exit = exitCodes.failed;

interface Task {
  /** `system/production`. */
  scope: string;
}

/** What is registered, compared with this appVersion. */
export const registrationCodes = {
  "registration-missing": entry<Task>({
    exit,
    what: ({ scope }) =>
      `task build-image is not registered in ${scope}; SDK users see "remote image builder is not enabled"`,
    fix: (_args, { isMember, command, setting }) =>
      isMember
        ? `Install or repair the data plane whose ${setting("policy.role")} is owner: its registrar registers for this one too; without one, set ${setting("policy.role")} to owner here.`
        : `Register it: ${command("register")}.`,
    next: (_args, { command }) => command("register"),
  }),
  "registration-elsewhere": entry<Task & { domain: string }>({
    exit,
    what: ({ scope, domain }) =>
      `task build-image is registered in domain ${domain} but not in ${scope}; SDK users see "remote image builder is not enabled"`,
    fix: ({ domain }, { setting, command }) =>
      `Register it in ${setting("task.domain")} (${command("register")}); or set ${setting("task.domain")} to ${domain}, and FLYTE_IMAGEBUILDER_TASK_DOMAIN=${domain} for SDK users.`,
    next: (_args, { command }) => command("register"),
  }),
  "registration-outdated": entry<Task & { current: string; wanted: string }>({
    exit,
    what: ({ scope, current, wanted }) =>
      `${current} is current in ${scope}, not ${wanted}; SDK users see no error, but their builds run the older build-image`,
    fix: ({ wanted }, { setting, command }) =>
      `Register ${wanted} (${command("register")}), or correct ${setting("appVersion")}.`,
    next: (_args, { command }) => command("register"),
  }),
  "registration-differs": entry<Task & { current: string }>({
    exit,
    what: ({ scope, current }) =>
      `${current} is current in ${scope}, but its definition differs from these settings; SDK users see no error, and their builds run what is registered`,
    fix: (_args, { command }) =>
      `Register this definition (${command("register")}), or make the settings under task equal to what is registered.`,
    next: (_args, { command }) => command("register"),
  }),
  "registration-conflict": entry<Task & { current: string; owner: string }>({
    exit,
    what: ({ current, owner }) => `${current} was registered ${owner} with another definition`,
    fix: (_args, { command }) =>
      `Set task.imageNamePrefix, task.podTemplate and everything else under task to the same values in all data planes of this control plane; to make these current: ${command("register")}.`,
    next: (_args, { command }) => command("status"),
  }),
  "registration-newer": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ current, owner, wanted }) =>
      `${current}, registered ${owner}, is newer than ${wanted}; SDK users see no error, but their builds run the newer build-image`,
    fix: ({ current }, { command }) =>
      `Upgrade this data plane to the appVersion of ${current}; to make this one current instead: ${command("register", "--force")}.`,
    next: (_args, { command }) => command("status"),
  }),
  "registration-incomparable": entry<Task & { current: string; wanted: string }>({
    exit,
    what: ({ current, wanted }) => `${current} and ${wanted} cannot be compared, so neither is known to be newer`,
    fix: ({ wanted }, { setting, command }) =>
      `Set ${setting("appVersion")} to a version such as 2026.3.4; to make ${wanted} current anyway: ${command("register")}.`,
    next: (_args, { command }) => command("status"),
  }),
  "member-never-registers": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ scope, current, owner, wanted }) =>
      `this data plane is a member, so it does not register ${wanted}; ${current}, registered ${owner}, stays current in ${scope}`,
    fix: (_args, { setting }) =>
      `Register from the data plane whose ${setting("policy.role")} is owner; to let this one take over, set ${setting("policy.role")} to owner here and to member there.`,
    next: (_args, { command }) => command("status"),
  }),
  "registration-altered": entry<Task & { current: string }>({
    exit,
    what: ({ scope, current }) =>
      `${current} was registered in ${scope}, but the control plane stored other fields than were sent`,
    fix: () =>
      "Report it with a support bundle (registrar check --bundle support.tgz) and the control plane's version; until it is resolved, set task.deployWith to flyte.",
    next: (_args, { command }) => command("verify"),
  }),
  "registration-unsettled": entry<Task & { wanted: string }>({
    exit,
    what: ({ scope, wanted }) =>
      `${wanted} was registered, but another registration keeps becoming current in ${scope}`,
    fix: (_args, { command }) =>
      `Find the other writer (${command("status")} shows the owner of what is current), then run it again.`,
    next: (_args, { command }) => command("status"),
  }),
  "owner-not-unique": entry<Task & { current: string; owner: string; wanted: string }>({
    exit,
    what: ({ current, owner, wanted }) =>
      `${current} was registered as ${owner}, but not by this installation of ${wanted}: two installations use that name`,
    fix: (_args, { setting, command }) =>
      `Set ${setting("release.cluster")} to a name that is unique among your clusters; if this follows a rollback or a change of settings: ${command("register")}.`,
    next: (_args, { command }) => command("status"),
  }),
  "cluster-name-missing": entry<{ owner: string }>({
    exit,
    what: ({ owner }) =>
      `no cluster name is set, so the owner of this registration is ${owner}, which other clusters may use too`,
    fix: (_args, { setting }) => `Set ${setting("release.cluster")} to a name that is unique among your clusters.`,
    next: (_args, { command }) => command("status"),
  }),
  "version-too-long": entry<Task & { version: string; longest: number }>({
    exit,
    what: ({ version, longest }) =>
      `version ${version} is longer than the ${longest} characters that a control plane stores`,
    fix: (_args, { setting }) =>
      `Set ${setting("appVersion")} to a shorter one, or delete the old revisions of this one.`,
    next: (_args, { command }) => command("status"),
  }),
  "lookup-contradicts": entry<Task & { version: string; fault?: "all-taken" }>({
    exit: exitCodes.controlPlane,
    transient: true,
    what: ({ scope, version, fault }) =>
      fault === "all-taken"
        ? `the control plane says that a million revisions of ${version} are registered in ${scope}, so no name for another one is known`
        : `the control plane lists ${version} in ${scope} but does not find its details, so what is current is unknown`,
    fix: () =>
      `Read the control plane's log (kubectl logs) for database errors: some servers answer "not found" to those.`,
    next: () => "kubectl logs --namespace <namespace of the control plane> deployment/<its API server> --since=10m",
  }),
} as const;
