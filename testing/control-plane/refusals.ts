import { isMessage, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import {
  type SelectClusterRequest_Operation as Operation,
  SelectClusterRequest_Operation as operations,
  SelectClusterRequestSchema,
} from "#flyteidl2/cluster/payload_pb.js";
import type { Behaviors } from "./behaviors.ts";
import type { AbsentPart } from "./build-behavior.ts";

/** GET_IMAGE, which the published protobuf does not have yet. */
const getImage = 10;

const operationName = (operation: Operation): string =>
  (Number(operation) === getImage ? "GET_IMAGE" : (operations[operation] ?? "")).replaceAll("_", "-").toLowerCase();

/** "CreateRun" becomes "create-run". */
const kebabCase = (name: string): string => name.replaceAll(/\B[A-Z]/g, "-$&").toLowerCase();

function callsOf(method: string, message: Message | AsyncIterable<Message>): string[] {
  const call = kebabCase(method);
  return isMessage(message, SelectClusterRequestSchema)
    ? [call, `${call}:${operationName(message.operation)}`]
    : [call];
}

/** Refuses the RPCs that the behavior in force refuses, and `UploadInputs` where there is none. */
export function refusals(behaviors: Behaviors): Interceptor {
  return (next) => (request) => {
    const { service, method, message } = request;
    if (method.name === "UploadInputs" && behaviors.isAbsent("upload-inputs")) {
      throw new ConnectError(`${service.typeName}.${method.name} is not implemented`, Code.Unimplemented);
    }
    for (const call of callsOf(method.name, message)) {
      const refusal = behaviors.refusalOf(call);
      if (refusal !== undefined) throw refusal;
    }
    return next(request);
  };
}

const services: Readonly<Record<string, AbsentPart>> = {
  ClusterService: "cluster-service",
  ImageService: "image-service",
};

/** Whether an RPC ("ImageService/GetImage") is of a service that there is none of. */
export function isOfAbsentService(rpc: string, behaviors: Behaviors): boolean {
  const part = services[rpc.split("/")[0] ?? ""];
  return part !== undefined && behaviors.isAbsent(part);
}
