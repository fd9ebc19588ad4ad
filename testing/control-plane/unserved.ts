import { answer, answerConnectError, type NodeResponse } from "./node-http.ts";

/** Answers a request for what no service of the stand-in serves. */
export function answerUnserved(method: string, response: NodeResponse): void {
  // The real server serves it, but its protobuf is not among those that are compiled here.
  if (method === "IdentityService/UserInfo") {
    const message = "no authenticated identity on request (missing or untrusted identity headers)";
    answerConnectError(response, 401, "unauthenticated", message);
  } else {
    answer(response, { status: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n" });
  }
}
