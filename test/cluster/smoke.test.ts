import { expect, test } from "vitest";
import { startPodControlPlane } from "./control-plane.ts";
import { createNamespace } from "./namespace.ts";

test("a pod runs our image and reaches a server of the tests", async () => {
  const { plane, registry } = await startPodControlPlane();
  await using stack = new AsyncDisposableStack();
  stack.use(plane);
  stack.use(registry);
  await using namespace = await createNamespace();
  const script = `fetch("${plane.url}/x").catch((error) => console.log(error.cause.code))`;
  const image = process.env["REGISTRAR_IMAGE"] ?? "";
  const container = { name: "node", image, command: ["node", "--eval", script] };
  const spec = { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [container] } } };
  await namespace.create({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "smoke" }, spec });
  await namespace.kubectl("wait", "--for=condition=Complete", "job/smoke", "--timeout=60s");
  expect(await namespace.kubectl("logs", "job/smoke")).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  expect(await namespace.everything()).toContain("job.batch/smoke");
});
