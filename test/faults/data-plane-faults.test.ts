import { expect, it } from "vitest";
import { dataPlaneFaults } from "./data-plane-faults.ts";
import { describeFaults, openWorld } from "./fault.ts";

describeFaults("data-plane", dataPlaneFaults);

it("says that builds may run elsewhere if the namespace of the Helm release has no ConfigMap", async () => {
  await using world = await openWorld({ cluster: { configMaps: {} } });
  const { checks } = await world.check(["--category", "data-plane"]);
  const finding = checks.flatMap(({ finding }) => finding ?? []).find(({ code }) => code === "build-config-missing");
  expect(finding?.fix).toMatch(
    /; if builds run in other namespaces, set cluster\.buildNamespaceSelector to .* in cluster\.buildNamespaces\.$/,
  );
});
