import { shellQuote } from "../shell-quote.ts";

/** Where users build. */
export interface Where {
  project: string;
  domain: string;
}

/** `flytesnacks/development` */
export function placeText({ project, domain }: Where): string {
  return `${project}/${domain}`;
}

/** The flags by which the flyte CLI is told of it. */
export function placeFlags({ project, domain }: Where): string {
  return `--project ${shellQuote(project)} --domain ${shellQuote(domain)}`;
}
