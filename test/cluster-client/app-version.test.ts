import { describe, expect, it } from "vitest";
import { appVersionFrom } from "../../src/cluster/app-version.ts";
import { apiServerError, type Cluster, noCluster } from "../../src/cluster/cluster.ts";
import { describe as describeFinding } from "../../src/findings/finding.ts";
import { anyone, type Reader, readerOf } from "../../src/findings/reader.ts";
import { anyChart } from "../../testing/findings/any-arguments.ts";
import { failureOf } from "../control-plane/sessions.ts";

/** A cluster whose Deployment has these containers, each with the value of HELM_APP_VERSION that it is given. */
function clusterWith(containers: Record<string, string | undefined>, asked: string[] = []): Cluster {
  return {
    ...({ namespace: "union" } as Cluster),
    async readDeployment(name) {
      asked.push(name);
      return Object.entries(containers).map(([container, value]) => ({
        name: container,
        environment: { OTHER: "1.2.3", ...(value !== undefined && { HELM_APP_VERSION: value }) },
      }));
    },
  };
}

const from = (cluster: Cluster) => appVersionFrom("deployment/union-operator", async () => cluster);

describe("the appVersion of a Deployment", () => {
  it("is asked for by the Deployment's name", async () => {
    const asked: string[] = [];
    expect(await from(clusterWith({ operator: "2026.3.4" }, asked))).toBe("2026.3.4");
    expect(asked).toEqual(["union-operator"]);
  });

  it("is that of the first container that has one", async () => {
    expect(await from(clusterWith({ first: "2026.3.4", last: "2026.9.9" }))).toBe("2026.3.4");
    expect(await from(clusterWith({ proxy: undefined, first: "2026.3.4", last: "2026.9.9" }))).toBe("2026.3.4");
  });

  it("is not looked for in another container where that of the first is no version", async () => {
    const { code, finding } = await failureOf(from(clusterWith({ first: "", last: "2026.3.4" })));
    expect(code).toBe("app-version-not-found");
    expect(finding.why).toMatch(/^HELM_APP_VERSION is empty/);
  });

  it("is not found where no container has one, and the message names all of them", async () => {
    const { code, finding } = await failureOf(from(clusterWith({ first: undefined, last: undefined })));
    expect(code).toBe("app-version-not-found");
    for (const word of ["first, last", "HELM_APP_VERSION"]) expect(finding.why).toContain(word);
  });
});

describe("an appVersion that is not found", () => {
  const onWorkstation = readerOf(anyone);
  const inPod = readerOf({ ...anyone, chart: anyChart });
  const fails = (error: Error): Cluster => ({ ...clusterWith({}), readDeployment: () => Promise.reject(error) });

  async function textsOf(opened: Promise<Cluster>, reader: Reader) {
    const { finding } = await failureOf(appVersionFrom("deployment/operatr", () => opened));
    return describeFinding(finding, reader, "");
  }

  it.each([
    ["on a workstation", onWorkstation, "appVersionFrom", "kubectl -n union get deployments"],
    ["in a pod", inPod, "appVersionFrom", "kubectl -n union get deployments"],
  ])("because the Deployment does not exist: %s, the fix is its name", async (_name, reader, setting, next) => {
    const texts = await textsOf(Promise.resolve(fails(apiServerError(404, "deployments.apps not found"))), reader);
    expect(texts.what).toBe("deployment/operatr in namespace union does not exist");
    expect(texts.fix).toMatch(
      new RegExp(`^Correct ${setting}: it is deployment/union-operator in the data plane chart`),
    );
    expect(texts.fix).not.toMatch(/\bpod\b|kubeconfig/);
    expect(texts.next).toBe(next);
  });

  it.each([
    ["on a workstation", onWorkstation, "kubectl -n union set env deployment/operatr --list"],
    ["in a pod", inPod, "kubectl -n union set env deployment/operatr --list"],
  ])("because the Deployment names none: %s, next shows its variables", async (_name, reader, next) => {
    const texts = await textsOf(Promise.resolve(clusterWith({ main: undefined })), reader);
    expect(texts).toMatchObject({ fix: expect.stringMatching(/^Set appVersionFrom to the Deployment whose/), next });
  });

  it.each([
    ["on a workstation", onWorkstation, /^Allow it by RBAC, or/, "kubectl -n union auth can-i get deployment/operatr"],
    [
      "in a pod",
      inPod,
      /^Allow it by RBAC \(rbac\.create: true/,
      "kubectl -n union auth can-i get deployment/operatr --as system:serviceaccount:<namespace>:<service account>",
    ],
  ])("because it may not be read: %s, next asks for the right", async (_name, reader, fix, next) => {
    const texts = await textsOf(Promise.resolve(fails(apiServerError(403, "forbidden"))), reader);
    expect(texts).toMatchObject({ fix: expect.stringMatching(fix), next });
  });

  it("because there is no cluster: on a workstation, the fix is a kubeconfig", async () => {
    const texts = await textsOf(Promise.reject(noCluster()), onWorkstation);
    expect(texts.fix).toMatch(/^Run this with a kubeconfig of the data plane's cluster, or in a pod of it/);
    expect(texts.next).toBe("kubectl get deployments");
  });

  it.each([
    ["on a workstation", onWorkstation, /^Make kubectl work from here \(see why\), or set appVersion/],
    ["in a pod", inPod, /^Make the API server answer \(see why\), or set appVersion/],
  ])("because the API server does not answer: %s, the fix is not another name", async (_name, reader, fix) => {
    const texts = await textsOf(Promise.resolve(fails(new Error("refused"))), reader);
    expect(texts).toMatchObject({ why: "refused", fix: expect.stringMatching(fix) });
  });
});
