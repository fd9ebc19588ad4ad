import { clone } from "@bufbuild/protobuf";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { type HealthyWorld, release } from "../../testing/healthy-world/healthy-world.ts";
import type { Fault } from "./fault.ts";

const set = (settings: object) => (world: HealthyWorld) => Object.assign(world.settings, settings);
const signedBy = (name: string) => ({ release: { cluster: "prod-eu", namespace: "union", name } });

/** What is registered in place of the definition of these settings. */
export const registrationFaults: readonly Fault[] = [
  {
    fault: "the task is not registered",
    code: "registration-missing",
    inject: (world) => {
      world.settings.task["project"] = "other";
    },
    world: { plane: { oauth: { clientId: "registrar", clientSecret: "the-secret" }, projects: [{ id: "other" }] } },
  },
  {
    fault: "the task is registered in another domain",
    code: "registration-elsewhere",
    inject: (world) => {
      world.settings.task["domain"] = "staging";
    },
  },
  { fault: "an older appVersion is current", code: "registration-outdated", inject: set({ appVersion: "2026.3.5" }) },
  {
    fault: "another data plane has registered a newer appVersion",
    code: "registration-newer",
    severity: "warning",
    inject: set({ appVersion: "2026.3.3", ...signedBy("other") }),
  },
  {
    fault: "the appVersions cannot be compared",
    code: "registration-incomparable",
    severity: "warning",
    inject: set({ appVersion: "nightly-7", ...signedBy("other") }),
  },
  {
    fault: "the same appVersion has another definition",
    code: "registration-differs",
    inject: (world) => {
      world.settings.task["logLevel"] = 2;
    },
  },
  {
    fault: "another definition was registered manually",
    code: "registration-differs",
    inject: (world) => {
      world.settings.task["logLevel"] = 2;
      world.plane.store({ version: release });
    },
  },
  {
    fault: "the registration was edited after it was rendered",
    code: "registration-differs",
    inject: (world) => {
      const spec = clone(TaskSpecSchema, world.spec);
      if (spec.taskTemplate?.metadata) spec.taskTemplate.metadata.cacheSerializable = true;
      world.plane.store({ version: release, spec });
    },
  },
  {
    fault: "the control plane lists a version and does not find its details",
    code: "lookup-contradicts",
    inject: (world) => world.plane.setFault({ kind: "database-away", methods: ["TaskService/GetTaskDetails"] }),
  },
];
