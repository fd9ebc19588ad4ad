import { type At, curl, entry, exitCodes } from "./code-entry.ts";
import { authorityOf, hostOf } from "./endpoint-texts.ts";

const exit = exitCodes.controlPlane;

/** Reaching the control plane, and its answers. */
export const controlPlaneCodes = {
  "control-plane-name-unknown": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the host name of ${endpoint} does not resolve`,
    fix: (_args, { setting }) =>
      `Correct ${setting("controlPlane.endpoint")}, or the DNS of the pod (dnsPolicy, CoreDNS forwarders, private zones).`,
    next: ({ endpoint }, { probe }) => probe("getent", `hosts ${hostOf(endpoint)}`),
  }),
  "control-plane-refused": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} refuses connections: nothing listens on that port`,
    fix: (_args, { setting }) =>
      `Start the control plane, or correct host and port of ${setting("controlPlane.endpoint")}.`,
    next: curl,
  }),
  "control-plane-timeout": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} did not answer in time`,
    fix: ({ endpoint }, { setting }) =>
      `Allow egress to ${authorityOf(endpoint)} (NetworkPolicy, security group, firewall); if egress goes through a proxy, set ${setting("controlPlane.proxy")}.`,
    next: curl,
  }),
  "control-plane-reset": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the connection to ${endpoint} was closed before the response was complete`,
    fix: ({ endpoint }, { setting }) =>
      `Run it again; if it fails every time, raise the timeouts of the load balancer or proxy in front of ${authorityOf(endpoint)}, or set ${setting("controlPlane.noProxy")}.`,
    next: curl,
  }),
  "control-plane-unavailable": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `${endpoint} reports that the control plane is unavailable`,
    fix: (_args, { chart }) =>
      chart
        ? "Start the control plane's pods (kubectl get pods shows them), or wait: the next scheduled run tries again."
        : "Start the control plane's pods, or wait for them: registrar check --wait 5m ends once they answer.",
    next: () => "kubectl get pods --namespace <namespace of the control plane>",
  }),
  "control-plane-failed": entry<At>({
    exit,
    transient: true,
    what: ({ endpoint }) => `the control plane at ${endpoint} failed to process a request`,
    fix: () => "Read the control plane's log for the time of this run (kubectl logs), then run it again.",
    next: () => "kubectl logs --namespace <namespace of the control plane> deployment/<its API server> --since=10m",
  }),
  "control-plane-rejected": entry<At & { request: string }>({
    exit,
    what: ({ endpoint, request }) => `the control plane at ${endpoint} rejects the request to ${request} as invalid`,
    fix: (_args, { setting }) =>
      `Correct ${setting("task.project")}, ${setting("task.domain")} and ${setting("controlPlane.org")} to what exists on this control plane (see why).`,
    next: (_args, { command }) => command("status"),
  }),
  "control-plane-not-spoken": entry<At>({
    exit,
    what: ({ endpoint }) => `${endpoint} answers, but not like a Flyte 2 control plane`,
    fix: (_args, { setting }) =>
      `Point ${setting("controlPlane.endpoint")} at the API, not at a console, a login page or an authenticating proxy.`,
    next: curl,
  }),
} as const;
