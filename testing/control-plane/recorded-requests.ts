import { type Message, toJson } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import { parseImageSpec } from "./image-spec.ts";
import type { NodeRequest } from "./node-http.ts";
import type { Endpoint } from "./request-handler.ts";

/** A request of a build, as JSON, to be compared field by field. */
export interface RecordedRequest {
  /** An RPC ("RunService/CreateRun") or "PUT upload". */
  readonly method: string;
  readonly endpoint: Endpoint;
  /** The RPC's message; of an upload its headers and, as `imageSpec`, its content. */
  readonly request: unknown;
}

const methods: readonly string[] = [
  "ClusterService/SelectCluster",
  "ImageService/GetImage",
  "DataProxyService/CreateUploadLocation",
  "DataProxyService/UploadInputs",
  "RunService/CreateRun",
  "RunService/GetActionDetails",
  "RunService/WatchActionDetails",
  "DataProxyService/GetActionData",
  "DataProxyService/TailLogs",
  "RunService/AbortRun",
  "RunService/ListRuns",
];

/** Records the RPCs of builds that reach an endpoint, refused ones too. */
export function recordRequests(requests: RecordedRequest[], endpoint: Endpoint): Interceptor {
  return (next) => (request) => {
    const { service, method } = request;
    const name = `${service.typeName.replace(/^.*\./, "")}/${method.name}`;
    if (!methods.includes(name)) return next(request);
    const record = (message: Message) =>
      void requests.push({ method: name, endpoint, request: toJson(method.input, message) });
    if (request.stream) return next({ ...request, message: withEach(request.message, record) });
    record(request.message);
    return next(request);
  };
}

async function* withEach<T>(values: AsyncIterable<T>, see: (value: T) => void): AsyncIterable<T> {
  for await (const value of values) {
    see(value);
    yield value;
  }
}

/** An upload for the record. Only `spec.pb` is an image's spec. */
export function recordedUpload({ url = "", headers }: NodeRequest, body: Uint8Array): RecordedRequest {
  const isSpec = new URL(url, "http://bucket").pathname.endsWith("/spec.pb");
  const spec = isSpec ? parseImageSpec(body) : undefined;
  const request = { headers, ...(spec && { imageSpec: toJson(ImageSpecSchema, spec) }) };
  return { method: "PUT upload", endpoint: "bucket", request };
}
