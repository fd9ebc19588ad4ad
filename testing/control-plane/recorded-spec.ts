import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromJsonString } from "@bufbuild/protobuf";
import { type DeployTaskRequest, DeployTaskRequestSchema } from "#flyteidl2/task/task_service_pb.js";

const recordings = join(import.meta.dirname, "../recordings");
const recordedVersion = "2026.3.4";

/**
 * The `DeployTask` request that the documented procedure was recorded to send, for any appVersion: what an unsigned
 * manual registration looks like.
 */
export function recordedDeployTask(version: string, copyStyle: "default" | "none" = "none"): DeployTaskRequest {
  const text = readFileSync(join(recordings, `DeployTask-2.12.1-copy-style-${copyStyle}.json`), "utf8");
  return fromJsonString(DeployTaskRequestSchema, text.replaceAll(recordedVersion, version));
}
