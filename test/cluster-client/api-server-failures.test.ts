import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { apiServerFailure } from "../../src/cluster/api-server-failures.ts";
import { connectCluster } from "../../src/cluster/kubernetes.ts";
import { clusterOpener } from "../../src/cluster/open-cluster.ts";
import { type ApiServer, startApiServer } from "../../testing/api-server/api-server.ts";

const server = "https://10.0.0.1:6443";

test.each([
  ["ENOTFOUND", `the host name of the API server ${server} does not resolve: said so (ENOTFOUND)`],
  ["ECONNREFUSED", `the API server ${server} refuses connections: said so (ECONNREFUSED)`],
  ["ETIMEDOUT", `the API server ${server} did not answer in time`],
  ["ENETUNREACH", `there is no route to the API server ${server}: said so (ENETUNREACH)`],
  ["CERT_HAS_EXPIRED", /^the certificate of the API server \S+ has expired or is not valid yet: /],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /^the certificate of the API server \S+ is not issued by a trusted CA: /],
  ["INVALID_PURPOSE", /^the certificate of the API server \S+ breaks a rule for certificates: /],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", /^the TLS handshake with the API server \S+ failed: /],
  ["ERR_SSL_WRONG_VERSION_NUMBER", /^the API server \S+ does not speak TLS: /],
])("%s on the way to the API server is told in a sentence", (code, sentence) => {
  const raw = new Error("fetch failed", { cause: Object.assign(new Error("said so"), { code }) });
  const failure = apiServerFailure(raw, server);
  expect((failure as Error).message).toMatch(sentence);
});

test("anything else stays as it is", () => {
  const error = new TypeError("a fault of the program");
  expect(apiServerFailure(error, server)).toBe(error);
});

describe("the client of the cluster", () => {
  const versionOf = async (api: ApiServer, signal = new AbortController().signal) => {
    const openCluster = clusterOpener({ KUBECONFIG: api.kubeconfig }, readFileSync, async () => ({ connectCluster }));
    return (await openCluster("union", signal)).version();
  };

  test("trusts an intermediate CA without its root, as kubectl does", async () => {
    await using api = await startApiServer({ trustsIntermediate: true });
    expect(await versionOf(api)).toBe("v1.37.2");
  });

  test("says that nothing listens", async () => {
    await using api = await startApiServer();
    expect(await versionOf(api)).toBe("v1.37.2");
    api.stop();
    await expect(versionOf(api)).rejects.toThrow(
      /^the API server https:\/\/localhost:\d+ refuses connections: .*REFUSED/,
    );
  });

  test("says that no answer came in time", async () => {
    await using api = await startApiServer({ silent: true });
    await expect(versionOf(api, AbortSignal.timeout(200))).rejects.toThrow(/ did not answer in time$/);
  });

  test("ends with the reason of a run that is ended", async () => {
    await using api = await startApiServer({ silent: true });
    const run = new AbortController();
    const reason = new Error("ended by SIGTERM");
    const asking = versionOf(api, run.signal);
    await expect.poll(() => api.requests.length).toBe(1);
    run.abort(reason);
    await expect(asking).rejects.toBe(reason);
  });
});
