import { expect, test } from "vitest";
import { isLocalHost } from "../../src/network/local-host.ts";

test.each([
  ["http://localhost:8080", true],
  ["http://keycloak.localhost", true],
  ["http://127.0.0.1/token", true],
  ["http://127.1", true],
  ["http://[::1]:8080", true],
  ["http://keycloak.identity.svc:8080/realms/x", true],
  ["http://KEYCLOAK.identity.svc.cluster.local", true],
  ["http://192.0.2.1", false],
  ["http://10.0.0.1", false],
  ["http://identity.example.com", false],
  ["http://keycloak.svc.example.com", false],
  ["http://localhost.example.com", false],
  ["http://127.0.0.1.example.com", false],
  ["http://svc", false],
])("%s stays on this machine or in its cluster: %s", (url, expected) => {
  expect(isLocalHost(new URL(url).hostname)).toBe(expected);
});
