import { createHash } from "node:crypto";
import { fromJson, type JsonObject, type JsonValue, toBinary, toJson } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ImageSpecSchema } from "#flyteidl2/imagebuilder/definition_pb.js";
import {
  RunService,
  WatchActionDetailsRequestSchema,
  WatchActionDetailsResponseSchema,
} from "#flyteidl2/workflow/run_service_pb.js";
import type { BuildBehavior } from "../../testing/control-plane/build-behavior.ts";
import { connectTo } from "../../testing/control-plane/clients.ts";
import { readRecording } from "../../testing/control-plane/replay.ts";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "../../testing/control-plane/start.ts";

/** One request of the SDK. What differs from build to build is named, such as "$run". */
interface Call {
  readonly method: string;
  readonly endpoint: "control-plane" | "data-plane";
  /** The SDK asks once more with a token. */
  readonly withoutToken?: true;
  readonly request: JsonValue;
  readonly answer?: JsonValue;
  readonly error?: JsonValue;
  /** The last message of a stream. */
  readonly lastAnswer?: JsonValue;
  /** Of an upload. */
  readonly imageSpec: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body?: string;
}

interface Recording {
  readonly calls: readonly Call[];
  /** How many runs there were in the end. */
  readonly runs: number;
}

const credentials = { clientId: "registrar", clientSecret: "s3cret" };
const noCluster = {
  code: "unavailable",
  message: "could not select a cluster for organization acme, domain development",
};
const pushRefused =
  '\r\n[main] terminated with exit code (1). Reason [Error]. Message: \ntime="2026-11-24T10:00:00Z" level=fatal ' +
  'msg="failed to solve: failed to push 123456789012.dkr.ecr.us-east-1.amazonaws.com/union-dataplane:x: unexpected ' +
  "status from POST request to https://123456789012.dkr.ecr.us-east-1.amazonaws.com/v2/union-dataplane/blobs/uploads/: " +
  '403 Forbidden".';
const uploadRefused =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::123456789012:' +
  "assumed-role/union-backend/session is not authorized to perform: s3:PutObject on resource: " +
  '"arn:aws:s3:::acme-fast-registration/flytesnacks/development/spec.pb" because no identity-based policy allows the ' +
  "s3:PutObject action</Message><RequestId>X</RequestId><HostId>Y</HostId></Error>";
const knownImages = {
  "registrar-smoke:16f70f5efe8be6ca2e9adeb173ecf9b8": "registry.example.com/union/registrar-smoke:old",
};

/** What was recorded, and the behavior that must give the same answers. */
const recordings: [name: string, builds: BuildBehavior, options?: ControlPlaneOptions][] = [
  ["success", {}],
  ["dp", {}, { separateDataPlane: true }],
  ["secured-dp", {}, { separateDataPlane: true, oauth: credentials }],
  ["run-failed", { end: "failed", error: pushRefused }],
  ["run-aborted", { end: "aborted" }],
  ["run-timed-out", { end: "timed-out", error: "timed out", errorKind: "system" }],
  ["lost", { createRun: { loseAnswers: 1 } }],
  [
    "createrun-denied",
    {
      refuse: {
        "create-run": { code: "permission_denied", message: "not allowed to create runs in flytesnacks/development" },
      },
    },
  ],
  [
    "uploadinputs-refused",
    { refuse: { "upload-inputs": { code: "internal", message: "failed to write inputs: AccessDenied" } } },
  ],
  ["upload-403", { upload: { status: 403, body: uploadRefused } }],
  ["image-known", { knownImages }],
  ["no-cluster-all", { refuse: { "select-cluster": noCluster } }],
  ["no-cluster-getimage", { refuse: { "select-cluster:get-image": noCluster } }],
  ["cut-stream", { cutStreams: true, phaseMilliseconds: 200 }],
];

/** What a real server was recorded to answer otherwise than the one that the SDK was recorded with. */
const heldElsewhere = ["abortInfo", "org", "source", "taskType", "headers", "expiresAt", "rawDataStorage"];

/** Leaves out what is held elsewhere, and the times. */
const reduced = (given: JsonValue): JsonValue =>
  JSON.parse(JSON.stringify(given), (key, value) => {
    if (heldElsewhere.includes(key)) return undefined;
    if (["startTime", "endTime", "deployedAt"].includes(key)) return "$time";
    return key === "durationMs" ? "$duration" : value;
  });

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

/** Learns what stands for the names of a recorded answer in the one that was given. */
function learn(recorded: unknown, given: unknown, known: Map<string, string>): void {
  if (typeof recorded === "string" && typeof given === "string" && /^\$\w+$/.test(recorded)) {
    if (!known.has(recorded)) known.set(recorded, given);
  } else if (isObject(recorded) && isObject(given)) {
    for (const [key, value] of Object.entries(recorded)) learn(value, given[key], known);
  }
}

const filled = <Value>(recorded: Value, known: ReadonlyMap<string, string>): Value =>
  JSON.parse(JSON.stringify(recorded), (_, value) =>
    typeof value === "string" ? value.replaceAll(/\$\w+/g, (name) => known.get(name) ?? name) : value,
  );

async function tokenOf({ tokenUrl }: ControlPlane): Promise<string> {
  if (tokenUrl === undefined) return "";
  const authorization = `Basic ${btoa(`${credentials.clientId}:${credentials.clientSecret}`)}`;
  const body = new URLSearchParams({ grant_type: "client_credentials", scope: "all" });
  const answer = await fetch(tokenUrl, { method: "POST", headers: { authorization }, body });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

async function upload({ imageSpec, headers }: Call, known: ReadonlyMap<string, string>) {
  const body = toBinary(ImageSpecSchema, fromJson(ImageSpecSchema, imageSpec));
  expect(headers["content-md5"]).toBe(createHash("md5").update(body).digest("base64"));
  const metadata = { "x-amz-meta-flyteContentMD5": headers["content-md5"] ?? "" };
  const signedUrl = known.get("$signedUrl") ?? "";
  return fetch(signedUrl, { method: "PUT", body, headers: { ...headers, ...metadata } });
}

const names: Readonly<Record<string, string>> = {
  ClusterService: "cluster",
  DataProxyService: "dataproxy",
  ImageService: "imagebuilder",
  RunService: "workflow",
  TaskService: "task",
};

function post(url: string, method: string, request: JsonValue, token: string): Promise<Response> {
  return fetch(`${url}/flyteidl2.${names[method.split("/")[0] ?? ""]}.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(request),
  });
}

/** Subscribes, again where the stream is cut, and gives the last message. */
async function watch(plane: ControlPlane, request: JsonValue, token: string, isCut: boolean): Promise<JsonValue> {
  const client = connectTo(RunService, plane, token ? { token } : {});
  for (;;) {
    const messages: JsonValue[] = [];
    for await (const message of client.watchActionDetails(fromJson(WatchActionDetailsRequestSchema, request))) {
      messages.push(toJson(WatchActionDetailsResponseSchema, message));
    }
    const last = messages.at(-1) ?? null;
    if (!isCut || JSON.stringify(last).includes("SUCCEEDED")) return last;
    expect(messages).toHaveLength(1);
  }
}

describe("what the SDK asks for a build is answered as when it was recorded", () => {
  test.each(recordings)("%s", async (name, builds, options = {}) => {
    const { calls, runs } = readRecording<Recording>(`builds/${name}.json`);
    const projects = [{ id: "system" }, { id: "flytesnacks" }];
    await using plane = await startControlPlane({ ...options, builds, projects });
    plane.store({ version: "2026.3.4" });
    const token = await tokenOf(plane);
    const dataPlane = plane.dataPlaneUrl ?? plane.url;
    const known = new Map([["$dataPlane", dataPlane]]);
    const expectSame = (recorded: JsonValue | undefined, answer: JsonValue) => {
      const given = reduced(answer);
      learn(recorded, given, known);
      expect(given).toStrictEqual(filled(reduced(recorded ?? null), known));
    };

    for (const call of calls) {
      if (call.method === "PUT upload") {
        const answer = await upload(call, known);
        expect([answer.status, await answer.text()]).toEqual([call.status, call.body ?? ""]);
        continue;
      }
      const url = call.endpoint === "data-plane" ? dataPlane : plane.url;
      if (call.withoutToken) {
        expect((await post(url, call.method, {}, "")).status).toBe(401);
        continue;
      }
      const request = filled(call.request, known);
      if (call.lastAnswer !== undefined) {
        const isLast = call === calls.findLast(({ lastAnswer }) => lastAnswer !== undefined);
        if (isLast) expectSame(call.lastAnswer, await watch(plane, request, token, builds.cutStreams ?? false));
      } else {
        const answer = await post(url, call.method, request, token);
        expectSame(call.answer ?? call.error, JSON.parse(await answer.text()));
      }
    }
    expect(plane.builds.runs()).toHaveLength(runs);
  });
});
