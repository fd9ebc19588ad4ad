import { stringify } from "yaml";
import type { HealthyWorld } from "../../testing/healthy-world/healthy-world.ts";

/** The kubeconfig gets its token from a program, which waits for somebody to log in; it ends with the run. */
export async function waitForLogin(world: HealthyWorld): Promise<void> {
  const command = await world.write("get-token", "#!/bin/sh\nread -r _\n", 0o755);
  const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command };
  const config = {
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:9" } }],
    users: [{ name: "u", user: { exec } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  world.environment["KUBECONFIG"] = await world.write("kubeconfig", stringify(config));
}
