import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { ProjectService } from "#flyteidl2/project/project_service_pb.js";
import { TaskService } from "#flyteidl2/task/task_service_pb.js";
import { listen } from "../../../testing/control-plane/listener.ts";
import { startControlPlane } from "../../../testing/control-plane/start.ts";
import { checksOf } from "../in-process.ts";

/** The check of the right to register, at a server that answers its probe in this way. */
async function probed(deployTask: () => object) {
  const handle = connectNodeAdapter({
    routes(router) {
      router.service(TaskService, { listTasks: () => ({}), listVersions: () => ({}), deployTask });
      router.service(ProjectService, { getProject: () => ({ project: { id: "system" } }) });
    },
  });
  const server = await listen({ handle });
  try {
    const results = await checksOf({ controlPlane: { endpoint: server.url } });
    return results.find(({ category, name }) => category === "identity" && name === "register");
  } finally {
    await server.close();
  }
}

const refusing = (code: Code) => () => {
  throw new ConnectError("said so", code);
};

describe("the right to register", () => {
  it("is given where the probe is refused as invalid", async () => {
    const result = await probed(refusing(Code.InvalidArgument));
    expect(result).toMatchObject({ status: "passed", detail: expect.stringContaining("system/production") });
    expect(result?.detail).not.toContain("not known");
  });

  it.each([
    { answer: "does not refuse the probe", deployTask: () => ({}), says: /not known/ },
    { answer: "fails at the probe", deployTask: refusing(Code.Internal), says: /not known.*internal: said so/i },
    {
      answer: "does not know the call",
      deployTask: refusing(Code.Unimplemented),
      says: /not known.*unimplemented: said so/i,
    },
  ])("is not known, which is no failure, where the control plane $answer", async ({ deployTask, says }) => {
    expect(await probed(deployTask)).toMatchObject({ status: "passed", detail: expect.stringMatching(says) });
  });

  it.each([
    { answer: Code.PermissionDenied, code: "permission-denied" },
    { answer: Code.Unauthenticated, code: "credentials-missing" },
  ])("is missing where the probe is refused: $code", async ({ answer, code }) => {
    expect(await probed(refusing(answer))).toMatchObject({ status: "failed", finding: { code } });
  });

  it("is missing where a gateway lets no registration through", async () => {
    await using plane = await startControlPlane();
    await plane.setFault({ kind: "gateway", gateway: "alb-waf", methods: ["TaskService/DeployTask"] });
    const results = await checksOf({ controlPlane: { endpoint: plane.url } });
    const found = results.find(({ category, name }) => category === "identity" && name === "register");
    expect(found).toMatchObject({ status: "failed", finding: { code: "gateway-answered" } });
  });
});
