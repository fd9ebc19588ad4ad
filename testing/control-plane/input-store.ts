import { toBinary } from "@bufbuild/protobuf";
import { type Inputs, InputsSchema } from "#flyteidl2/task/common_pb.js";

/** Inputs that `UploadInputs` has written, by their URI. */
export interface InputStore {
  put(folder: readonly string[], inputs: Inputs): { readonly uri: string; readonly inputsHash: string };
  get(uri: string): Inputs | undefined;
}

/** FNV-1a of 64 bits over the serialized inputs, as the recorded server makes the hash (`hashInputsProto`). */
function hashOf(inputs: Inputs): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of toBinary(InputsSchema, inputs)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return Buffer.from(hash.toString(16).padStart(16, "0"), "hex").toString("base64url");
}

/** An empty store in a bucket. */
export function createInputStore(bucket: string): InputStore {
  const stored = new Map<string, Inputs>();
  return {
    put(folder, inputs) {
      const inputsHash = hashOf(inputs);
      const path = ["uploads", ...folder, "offloaded-inputs", inputsHash].filter((part) => part !== "");
      const uri = `s3://${[bucket, ...path].join("/")}`;
      stored.set(uri, inputs);
      return { uri, inputsHash };
    },
    get: (uri) => stored.get(uri),
  };
}
