import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { findForeignAnswer } from "./foreign-answer.ts";

/**
 * The Connect code of an error that may be an answer: the object does not exist, or exists already, or the server has no
 * such service: the router of the open source server then answers 404 without a Connect error.
 */
export function answerOf(error: unknown): "not-found" | "already-exists" | "unimplemented" | undefined {
  if (findForeignAnswer(error)?.answer.status === 404) return "unimplemented";
  if (!(error instanceof ConnectError)) return undefined;
  if (error.code === ConnectCode.NotFound) return "not-found";
  if (error.code === ConnectCode.AlreadyExists) return "already-exists";
  return error.code === ConnectCode.Unimplemented ? "unimplemented" : undefined;
}
