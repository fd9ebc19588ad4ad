import { create, isMessage, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { CreateUploadLocationRequestSchema } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import {
  CreateProjectRequestSchema,
  GetProjectRequestSchema,
  ListProjectsRequestSchema,
  UpdateProjectRequestSchema,
} from "#flyteidl2/project/project_service_pb.js";
import { TaskIdentifierSchema } from "#flyteidl2/task/task_definition_pb.js";
import {
  DeployTaskRequestSchema,
  GetTaskDetailsRequestSchema,
  ListTasksRequestSchema,
  ListVersionsRequestSchema,
} from "#flyteidl2/task/task_service_pb.js";
import { idText } from "./registrations.ts";

const cause =
  "failed to connect to `user=postgres database=flyte_runs`: 127.0.0.1:5432: " +
  "dial error: dial tcp 127.0.0.1:5432: connect: connection refused";

const internal = (failure: string) => new ConnectError(`${failure}: ${cause}`, Code.Internal);

const noProject = (id: string | undefined) =>
  internal(`failed to validate project: internal: failed to get project ${id ?? ""}`);

/** What the real server answers; nothing for a request that needs no database. */
function failureOf(message: Message): ConnectError | undefined {
  if (isMessage(message, GetTaskDetailsRequestSchema)) {
    const id = idText(message.taskId ?? create(TaskIdentifierSchema));
    return new ConnectError(`failed to get task ${id}: ${cause}`, Code.NotFound);
  }
  if (isMessage(message, ListTasksRequestSchema)) return internal("failed to list tasks");
  if (isMessage(message, ListVersionsRequestSchema)) return internal("failed to list versions");
  if (isMessage(message, DeployTaskRequestSchema)) return noProject(message.taskId?.project);
  if (isMessage(message, GetProjectRequestSchema)) return internal(`failed to get project ${message.id}`);
  if (isMessage(message, CreateProjectRequestSchema))
    return internal(`failed to create project ${message.project?.id ?? ""}`);
  // No recording shows the other three.
  if (isMessage(message, UpdateProjectRequestSchema))
    return internal(`failed to get project ${message.project?.id ?? ""}`);
  if (isMessage(message, ListProjectsRequestSchema)) return internal("failed to list projects");
  if (isMessage(message, CreateUploadLocationRequestSchema)) return noProject(message.project);
  return undefined;
}

/** Makes the requests that are told of fail as they do where the control plane's database is away. */
export function databaseAway(isAway: (method: string) => boolean): Interceptor {
  return (next) => (request) => {
    const failure = request.stream ? undefined : failureOf(request.message);
    if (failure !== undefined && isAway(`${request.service.name}/${request.method.name}`)) throw failure;
    return next(request);
  };
}
