import { expect, it } from "vitest";
import { stringify } from "yaml";
import { startProgram } from "../../testing/program/run-program.ts";
import { openWorld } from "./fault.ts";

it("looks again with --wait until nothing fails", async () => {
  await using world = await openWorld({ cluster: { configMaps: {} } });
  const config = await world.write("registrar.yaml", stringify(world.settings));
  const flags = ["--config", config, "--category", "data-plane", "--wait", "50s"];
  const running = startProgram(["check", ...flags], { env: world.environment });
  const lines: string[] = [];
  for await (const line of running) {
    lines.push(line);
    // Only now is there something for the next round to find.
    if (line.startsWith("waiting: build-config-missing; again in ")) {
      world.cluster.configMaps["build-image-config"] = {
        "storage.yaml": "type: stow",
        "buildkit-uri": "tcp://127.0.0.1:9",
        "default-repository": "registry.example.com/union",
        "authentication-type": "noop",
      };
    }
  }
  expect(await running).toMatchObject({ exitCode: 0, stderr: "" });
  expect(lines[0]).toMatch(/^waiting: build-config-missing/);
  expect(lines.at(-1)).toBe("0 problems, 0 warnings; 7 passed, 0 skipped");
});
