import { clone } from "@bufbuild/protobuf";
import { ProjectState } from "#flyteidl2/project/project_service_pb.js";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { type Fault, registerNow } from "./fault.ts";
import { waitForLogin } from "./kubeconfig.ts";

/** A Helm release whose name no other has. */
const dataplane = { cluster: "prod-eu", namespace: "union", name: "dataplane" };
const statusConfigMap = "image-builder-registrar-status";

const set = (settings: object) => (world: HealthyWorld) => Object.assign(world.settings, settings);

/** The data plane is upgraded, so that there is something to register. */
const upgraded = (settings: object = {}) => set({ appVersion: "2026.3.5", release: dataplane, ...settings });

/** An upgrade while a request fails. */
const upgradedDuring = (fault: Parameters<HealthyWorld["plane"]["setFault"]>[0]) => (world: HealthyWorld) => {
  upgraded()(world);
  return world.plane.setFault(fault);
};

/** A run in a Job, which reports to the cluster. */
const inJob = (world: HealthyWorld) => {
  set({ release: { ...dataplane, namespace: "" }, cluster: { enabled: true } })(world);
  world.cluster.configMaps[statusConfigMap] = {};
  Object.assign(world.environment, { REGISTRAR_CLUSTER_JOB_NAME: "registrar-7", REGISTRAR_CLUSTER_JOB_UID: "0-1-2" });
};

/** A scheduled run that knows the ConfigMap of its settings. */
const scheduled = upgraded({ trigger: "schedule", cluster: { settingsConfigMap: "registrar" } });

/** The appVersion comes from a Deployment, and is another one at each look. */
const fromOperator = (...appVersions: string[]) => ({
  cluster: { operator: () => [{ name: "HELM_APP_VERSION", value: appVersions.shift() ?? "" }] },
});

/** What only a registration can show. */
export const registerFaults: readonly Fault[] = [
  {
    fault: "the database of the control plane goes down before the write",
    code: "control-plane-failed",
    command: ["register", "--timeouts-control-plane", "1s"],
    inject: upgradedDuring({ kind: "database-away", methods: ["TaskService/DeployTask"] }),
  },
  {
    fault: "the project does not exist and may not be created",
    code: "project-refused",
    command: ["register"],
    world: { plane: { projects: [] } },
    inject: upgradedDuring({ kind: "permission-denied", methods: ["ProjectService/CreateProject"] }),
  },
  {
    fault: "the project is archived and may not be reactivated",
    code: "project-refused",
    command: ["register"],
    world: { plane: { projects: [{ id: "system", state: ProjectState.ARCHIVED }] } },
    inject: upgradedDuring({ kind: "permission-denied", methods: ["ProjectService/UpdateProject"] }),
  },
  {
    fault: "another data plane has registered the same appVersion with another definition",
    code: "registration-conflict",
    severity: "warning",
    command: ["register"],
    inject: set({ release: dataplane, task: { logLevel: 2 } }),
  },
  {
    fault: "another data plane has registered the same appVersion with another definition, seen by a scheduled run",
    code: "registration-conflict",
    severity: "warning",
    command: ["register"],
    inject: set({ release: dataplane, task: { logLevel: 2 }, trigger: "schedule" }),
  },
  {
    fault: "another data plane has registered a newer appVersion",
    code: "registration-newer",
    severity: "warning",
    command: ["register"],
    inject: set({ release: dataplane, appVersion: "2026.3.3" }),
  },
  {
    fault: "another data plane has registered a newer appVersion and policy.whenNewer is fail",
    code: "registration-newer",
    command: ["register", "--policy-when-newer", "fail"],
    inject: set({ release: dataplane, appVersion: "2026.3.3" }),
  },
  {
    fault: "another writer registers an older appVersion after each write",
    code: "registration-unsettled",
    command: ["register"],
    world: {
      plane: {
        onDeployed: ({ version }, store) => store({ version: version.replace("2026.3.5", "2026.3.3") }),
      },
    },
    inject: upgraded(),
  },
  {
    fault: "the control plane stores another spec than it was sent",
    code: "registration-altered",
    command: ["register"],
    world: {
      plane: {
        onDeployed({ version, spec }, store) {
          const altered = clone(TaskSpecSchema, spec);
          if (altered.taskTemplate?.metadata) altered.taskTemplate.metadata.cacheSerializable = true;
          store({ version, spec: altered });
        },
      },
    },
    inject: upgraded(),
  },
  {
    fault: "two installations have the same name and different settings",
    code: "owner-not-unique",
    command: ["register"],
    inject: set({ trigger: "schedule", task: { logLevel: 2 } }),
  },
  {
    fault: "a person lets a member register",
    code: "member-never-registers",
    command: ["register"],
    inject: set({ release: dataplane, appVersion: "2026.3.5", policy: { role: "member" } }),
  },
  {
    fault: "a person lets a member register by --force",
    code: "member-never-registers",
    command: ["register", "--force"],
    inject: set({ release: dataplane, appVersion: "2026.3.3", trigger: "schedule", policy: { role: "member" } }),
  },
  {
    fault: "nothing is registered for a member",
    code: "registration-missing",
    command: ["register"],
    world: { plane: { oauth: { clientId: "registrar", clientSecret: "the-secret" }, projects: [{ id: "other" }] } },
    inject: (world) => {
      set({ trigger: "schedule", policy: { role: "member" } })(world);
      world.settings.task["project"] = "other";
    },
  },
  {
    fault: "no cluster name is set",
    code: "cluster-name-missing",
    severity: "warning",
    command: ["register"],
    inject: set({ appVersion: "2026.3.5" }),
  },
  {
    fault: "the revisions of a long appVersion are used up",
    code: "version-too-long",
    command: ["register"],
    inject: async (world) => {
      const appVersion = "2026.3.5-rc.1".padEnd(56, "0");
      upgraded({ appVersion })(world);
      await registerNow(world);
      const spec = world.plane.registrations().at(-1)?.spec ?? world.spec;
      world.plane.store({ version: `${appVersion}-r99999`, spec });
      world.settings.task["logLevel"] = 2;
    },
  },
  {
    fault: "the status ConfigMap may not be written",
    code: "cluster-not-told",
    severity: "warning",
    command: ["register"],
    world: { cluster: { forbidden: ["PATCH configmaps"] } },
    inject: inJob,
  },
  {
    fault: "Events may not be created",
    code: "cluster-not-told",
    severity: "warning",
    command: ["register", "--app-version", "2026.3.5"],
    world: { cluster: { forbidden: ["POST events"] } },
    inject: inJob,
  },
  {
    fault: "the API server does not exist any more",
    code: "cluster-not-told",
    severity: "warning",
    command: ["register"],
    inject: (world) => {
      inJob(world);
      world.cluster.stop();
    },
  },
  {
    fault: "the login of the kubeconfig does not end",
    isProcess: true,
    code: "cluster-not-told",
    severity: "warning",
    command: ["register"],
    inject: async (world) => {
      inJob(world);
      await waitForLogin(world);
    },
  },
  {
    fault: "the ConfigMap of the settings may not be read again",
    code: "release-not-rechecked",
    severity: "warning",
    command: ["register"],
    world: { cluster: { forbidden: ["GET configmaps/registrar"] } },
    inject: scheduled,
  },
  {
    fault: "an upgrade has changed the ConfigMap of the settings under a scheduled run",
    code: "release-moved-on",
    severity: "warning",
    command: ["register"],
    inject: (world) => {
      scheduled(world);
      world.cluster.configMaps["registrar"] = { "registrar.yaml": "appVersion: 2026.3.6\n" };
    },
  },
  {
    fault: "an upgrade has changed the Deployment of the operator under a scheduled run",
    code: "release-moved-on",
    severity: "warning",
    command: ["register"],
    world: fromOperator("2026.3.5", "2026.3.6"),
    inject: set({
      release: { ...dataplane, namespace: "" },
      trigger: "schedule",
      appVersion: undefined,
      appVersionFrom: "deployment/union-operator",
    }),
  },
];
