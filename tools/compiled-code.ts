import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fromJson } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { execa } from "execa";
import { parse } from "yaml";
import { ClusterService } from "#flyteidl2/cluster/service_pb.js";
import { ActionPhase } from "#flyteidl2/common/phase_pb.js";
import { DataProxyService } from "#flyteidl2/dataproxy/dataproxy_service_pb.js";
import { ImageService } from "#flyteidl2/imagebuilder/service_pb.js";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { RunService } from "#flyteidl2/workflow/run_service_pb.js";

/**
 * Keeps what V8 has compiled of the program by the end of a build against a control plane that answers at once: a run whose
 * functions are not compiled anew starts 50 ms sooner. Node's own compile cache keeps functions only that run while a file loads.
 * @param dist folder of the bundle
 */
export async function keepCompiledCode(dist: string): Promise<void> {
  const program = join(dist, "registrar.mjs");
  const settings = ["--app-version", "2026.3.4"];
  const { stdout } = await execa(process.execPath, [program, "render", ...settings]);
  const spec = fromJson(TaskSpecSchema, parse(stdout));
  const taskId = { project: "system", domain: "production", name: "build-image", version: "2026.3.4" };
  const server = createServer(
    connectNodeAdapter({
      routes({ service }) {
        service(TaskService, {
          listTasks: () => ({ tasks: [{ taskId }] }),
          getTaskDetails: () => ({ details: { taskId, spec } }),
        });
        addBuildServices(service, () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      },
      fallback: (_, response) => response.end(),
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  // As the chart does: what reads a settings file is used in most runs.
  const config = join(dist, "settings.yaml");
  writeFileSync(config, "release: {cluster: a, namespace: b, name: c}\ntask: {logLevel: 5}\n");
  const endpoint = ["--config", config, "--control-plane-endpoint", `http://127.0.0.1:${port}`];
  const compiled = join(dist, `main-${process.version}-${process.arch}.compiled`);
  const runAndKeep = join(import.meta.dirname, "run-and-keep.ts");
  const build = ["verify", "--build", "--trigger", "schedule", ...settings, ...endpoint];
  // A fixed seed makes the same bytes each time: hashes of strings are in them.
  await execa(process.execPath, ["--random-seed=1", runAndKeep, join(dist, "main.cjs"), compiled, ...build]);
  server.close();
  rmSync(config);
}

/** What a control plane and a data plane answer to a build that succeeds at once. */
function addBuildServices(service: ConnectRouter["service"], origin: () => string): void {
  const stringValue = "registry.example.com/union/registrar-smoke:smoke";
  const primitive = { value: { case: "stringValue" as const, value: stringValue } };
  const scalar = { value: { case: "primitive" as const, value: primitive } };
  const value = { value: { case: "scalar" as const, value: scalar } };
  service(ClusterService, { selectCluster: () => ({}) });
  service(RunService, {
    listRuns: () => ({}),
    createRun: () => ({}),
    getActionDetails: () => ({ details: { status: { phase: ActionPhase.SUCCEEDED } } }),
  });
  service(DataProxyService, {
    createUploadLocation: () => ({ signedUrl: `${origin()}/spec.pb`, nativeUrl: "s3://bucket/spec.pb" }),
    uploadInputs: () => ({ offloadedInputData: { uri: "s3://bucket/inputs", inputsHash: "a" } }),
    getActionData: () => ({ outputs: { literals: [{ name: "fully_qualified_image", value }] } }),
    async *tailLogs() {
      yield { logs: [{ lines: [{ message: "done" }] }] };
    },
  });
  service(ImageService, { getImage: () => ({}) });
}
