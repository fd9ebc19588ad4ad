import { type Difference, wholeRequest } from "./compare-requests.ts";

/** What the SDK's build and ours do differently by intent. */
export interface KnownDifference {
  /** As in a difference. */
  readonly methods: readonly string[];
  /** `runSpec.labels`: with all that is below it. */
  readonly fields: readonly string[];
  readonly reason: string;
}

const { sdkAlone, oursAlone, order } = wholeRequest;
const [uploadInputs, createRun] = ["DataProxyService/UploadInputs", "RunService/CreateRun"];

/** What the SDK's build and ours do differently: all of it, and nothing else. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    methods: ["TaskService/ListTasks", "TaskService/GetTaskDetails"],
    fields: [order],
    reason: "first of all, since nothing is built unless the registered task is the right one",
  },
  {
    methods: ["RunService/ListRuns"],
    fields: [oursAlone],
    reason: "runs of builds that were killed are aborted first",
  },
  {
    methods: ["ClusterService/SelectCluster GET_IMAGE", "ImageService/GetImage"],
    fields: [order],
    reason:
      "at the end, as the proof that the pushed image is seen; at the start, an image of that name would end the build",
  },
  {
    methods: ["ImageService/GetImage"],
    fields: ["id.name"],
    reason: "one tag is used again, so that one image stays; the SDK's tag is a hash of the image",
  },
  {
    methods: [uploadInputs],
    fields: ["inputs.literals[2].value.scalar.primitive.stringValue"],
    reason: "the same tag",
  },
  { methods: [createRun], fields: ["offloadedInputData"], reason: "where the server has put these inputs" },
  {
    methods: [uploadInputs, createRun],
    fields: ["taskSpec.taskTemplate.metadata.timeouts"],
    reason: "the server ends the run where this program was killed",
  },
  {
    methods: [createRun],
    fields: ["projectId", "runId"],
    reason:
      "a run named by this program can be aborted before there is an answer, and a lost answer makes no second run",
  },
  {
    methods: [
      "RunService/WatchActionDetails",
      "ClusterService/SelectCluster GET_ACTION_DATA",
      "DataProxyService/GetActionData",
    ],
    fields: ["actionId.run"],
    reason: "the name of that run; the SDK repeats what the server calls its own",
  },
  { methods: [createRun], fields: ["runSpec.labels"], reason: "the run can be told from those of users" },
  {
    methods: [createRun],
    fields: ["runSpec.overwriteCache", "runSpec.cacheConfig.overwriteCache"],
    reason: "an equal build must not be answered from the cache; the SDK sends the same with `force=True`",
  },
  {
    methods: ["RunService/GetActionDetails"],
    fields: [oursAlone],
    reason: "asked again and again: proxies cut the stream, or keep it back, so it only says when to ask",
  },
  {
    methods: ["RunService/GetRunDetails"],
    fields: [sdkAlone],
    reason: "it has the phase without the error; GetActionDetails has both",
  },
  {
    methods: ["ClusterService/SelectCluster TAIL_LOGS", "DataProxyService/TailLogs"],
    fields: [oursAlone],
    reason: "the log has the digest of the image, and tells what is going on",
  },
];

/** Which differences are not known, and which fields of known ones do not differ: `RunService/CreateRun runId`. */
export function judgeDifferences(differences: readonly Difference[], known = knownDifferences) {
  const rows = known.flatMap(({ methods, fields }) =>
    methods.flatMap((method) => fields.map((field) => ({ method, field }))),
  );
  const covers = (row: { method: string; field: string }, { method, field }: Difference) =>
    row.method === method && (field === row.field || field.startsWith(`${row.field}.`));
  return {
    unknown: differences.filter((difference) => !rows.some((row) => covers(row, difference))),
    stale: rows
      .filter((row) => !differences.some((difference) => covers(row, difference)))
      .map(({ method, field }) => `${method} ${field}`),
  };
}
