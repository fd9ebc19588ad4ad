import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";
import { recordedDeployTask } from "./recorded-spec.ts";
import type { RegistrationId, Registrations } from "./registrations.ts";

/** The task that image builds look up. */
export const BUILD_IMAGE = { project: "system", domain: "production", name: "build-image" };

/** The spec of an unsigned registration, as the documented procedure makes it. */
export function unsignedSpec({ version }: Pick<RegistrationId, "version">): TaskSpec {
  const { spec } = recordedDeployTask(version);
  if (spec === undefined) throw new Error("the recorded DeployTask request has no spec");
  return spec;
}

/** Stores `count` unsigned registrations of build-image, made one a minute from the start of 2020. */
export function seedRegistrations(registrations: Registrations, count: number): void {
  const ids = Array.from({ length: count }, (_, index) => ({
    ...BUILD_IMAGE,
    version: `2020.${1 + Math.floor(index / 1000)}.${index % 1000}`,
  }));
  registrations.seed(ids, unsignedSpec, new Date("2020-01-01T00:00:00Z"));
}
