import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const publish = join(import.meta.dirname, "../../tools/publishing/publish.ts");

test.each([
  [{}, "set REGISTRY, such as registry.example.com/union"],
  [{ REGISTRY: "" }, "REGISTRY must be host and path, such as registry.example.com/union"],
  [{ REGISTRY: "https://registry.example.com" }, "REGISTRY must be host and path, such as registry.example.com/union"],
  [{ REGISTRY: "a.example.com/b", PLAIN_HTTP: "yes" }, "PLAIN_HTTP must be 1 or absent"],
])("with %j, make publish builds nothing and says: %s", async (env, said) => {
  const { PATH } = process.env;
  const { exitCode, stderr } = await execa(process.execPath, [publish], {
    env: { PATH, ...env },
    extendEnv: false,
    reject: false,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: `make publish: ${said}` });
});
