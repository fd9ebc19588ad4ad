import { openBlackHole } from "../../testing/black-hole/black-hole.ts";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";
import { waitForLogin } from "./kubeconfig.ts";

/** A run that ends at its deadline before it gives a request up. */
const impatient = ["register", "--timeouts-total", "1s", "--timeouts-control-plane", "50s"] as const;

/** The appVersion comes from a cluster whose login does not end. */
const fromClusterWithoutLogin = async (world: HealthyWorld) => {
  delete world.settings["appVersion"];
  world.settings["appVersionFrom"] = "deployment/union-operator";
  await waitForLogin(world);
};

/** The command line, the deadlines of runs and checks, and the support bundle. */
export const runFaults: readonly Fault[] = [
  { fault: "the command does not exist", code: "usage-wrong", command: ["registre"] },
  { fault: "the flag does not exist", code: "usage-wrong", command: ["register", "--nonsense"] },
  { fault: "the value of a flag is none of its choices", code: "usage-wrong", command: ["check", "--category", "dns"] },
  {
    fault: "a support bundle is requested for a part of the checks",
    code: "usage-wrong",
    command: ["check", "--category", "settings", "--bundle", "support.tgz"],
  },
  {
    fault: "the folder of the support bundle does not exist",
    code: "bundle-unwritable",
    command: ["check", "--bundle", "/nonexistent/support.tgz"],
  },
  {
    fault: "packets get no answer until the deadline of the run",
    code: "deadline-exceeded",
    command: impatient,
    inject: async (world, stack) =>
      Object.assign(world.settings.controlPlane, { endpoint: `https://${stack.use(await openBlackHole()).address}` }),
  },
  {
    fault: "the control plane does not answer until the deadline of the run",
    code: "deadline-exceeded",
    command: impatient,
    inject: (world) => world.plane.setFault({ kind: "hang" }),
  },
  {
    fault: "the login of the kubeconfig does not end until the deadline of the run",
    isProcess: true,
    code: "deadline-exceeded",
    command: impatient,
    inject: fromClusterWithoutLogin,
  },
  {
    fault: "the login of the kubeconfig does not end",
    isProcess: true,
    code: "check-timeout",
    command: ["check", "--category", "settings"],
    inject: fromClusterWithoutLogin,
  },
];
