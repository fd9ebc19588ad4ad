/** Where a task is registered. */
export interface TaskScope {
  org: string;
  project: string;
  domain: string;
}

/** The task that remote image builds run. */
export const taskName = "build-image";

/** A scope as messages name it: `system/production`. */
export function scopeName({ project, domain }: Pick<TaskScope, "project" | "domain">): string {
  return `${project}/${domain}`;
}
