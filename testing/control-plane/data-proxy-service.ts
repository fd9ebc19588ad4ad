import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type ServiceImpl } from "@connectrpc/connect";
import type { DataProxyService, UploadInputsRequest } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { LogLineOriginator } from "#flyteidl2/logs/dataplane/payload_pb.js";
import { InputsSchema } from "#flyteidl2/task/common_pb.js";
import type { InputStore } from "./input-store.ts";
import { stringLiteral } from "./literals.ts";
import type { ObjectStore } from "./object-store.ts";
import { type Projects, requireProject } from "./projects.ts";
import { hasRun, imageOf, logOf } from "./run-results.ts";
import { isEnd } from "./run-script.ts";
import { requireRun } from "./run-service.ts";
import type { Runs } from "./run-store.ts";

/** As many as the open-source server sends at once (`logBatchSize`). */
const linesPerMessage = 100;

/** What the data plane answers with. */
export interface DataProxyParts {
  readonly objectStore: ObjectStore;
  readonly uploadedInputs: InputStore;
  readonly runs: Runs;
  readonly projects: Projects;
  readonly now: () => Date;
}

/** Organization, project and domain that inputs are of. */
function folderOf({ id }: UploadInputsRequest): readonly [string, string, string] {
  if (id.case === undefined) throw new ConnectError("id is required", Code.InvalidArgument);
  if (id.case === "runId") return [id.value.org, id.value.project, id.value.domain];
  return [id.value.organization, id.value.name, id.value.domain];
}

/** `DataProxyService`: uploads, the data of a run, and its log. */
export function dataProxyService(parts: DataProxyParts): Partial<ServiceImpl<typeof DataProxyService>> {
  const { objectStore, uploadedInputs, runs, projects, now } = parts;
  return {
    createUploadLocation: objectStore.createUploadLocation,
    uploadInputs(request) {
      const folder = folderOf(request);
      requireProject(projects, folder[1]);
      return { offloadedInputData: uploadedInputs.put(folder, request.inputs ?? create(InputsSchema)) };
    },
    getActionData({ actionId }) {
      const run = requireRun(runs, actionId?.run);
      const image = imageOf(run);
      const name = run.behavior.outputName ?? "fully_qualified_image";
      return {
        inputs: run.inputs,
        ...(image !== undefined && { outputs: { literals: [stringLiteral(name, image)] } }),
      };
    },
    async *tailLogs({ actionId, attempt }, { signal }) {
      const run = requireRun(runs, actionId?.run);
      if (run.behavior.logsGone) throw new ConnectError(`pod "${run.id.name}-a0-0" not found`, Code.NotFound);
      if (!hasRun(run)) throw new ConnectError(`no log context found for attempt ${attempt}`, Code.NotFound);
      let sent = 0;
      while (!signal.aborted) {
        const version = run.version();
        const hasEnded = isEnd(run.phase());
        const lines = logOf(run).slice(sent, sent + linesPerMessage);
        if (lines.length > 0) {
          const timestamp = timestampFromDate(now());
          const originator = LogLineOriginator.USER;
          yield { logs: [{ lines: lines.map((line) => ({ timestamp, message: line, originator })) }] };
        }
        sent += lines.length;
        if (sent < logOf(run).length) continue;
        if (hasEnded) return;
        await run.changed(version, signal);
      }
    },
  };
}
