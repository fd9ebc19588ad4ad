import { describe, expect, it } from "vitest";
import { appVersionFrom } from "../../src/cluster/app-version.ts";
import type { Cluster } from "../../src/cluster/cluster.ts";
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
    expect(finding.why).toContain("HELM_APP_VERSION in namespace union");
  });

  it("is not found where no container has one, and the message names all of them", async () => {
    const { code, finding } = await failureOf(from(clusterWith({ first: undefined, last: undefined })));
    expect(code).toBe("app-version-not-found");
    for (const word of ["first, last", "union", "HELM_APP_VERSION"]) expect(finding.why).toContain(word);
  });
});
