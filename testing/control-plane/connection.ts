import { createContextKey, createContextValues } from "@connectrpc/connect";
import { cutConnection, type NodeRequest } from "./node-http.ts";

/** How a service cuts the connection that it was asked on. */
export const connectionKey = createContextKey(() => {}, { description: "cuts the connection" });

/** The context of an RPC that came with a request. */
export const contextOf = (request: NodeRequest) =>
  createContextValues().set(connectionKey, () => cutConnection(request));
