import { expect, it } from "vitest";
import { toolEnvironment } from "../../../src/images/mirror/tool-environment.ts";

const direct = { proxy: "", noProxy: "", certificateFile: undefined, dockerConfigFolder: undefined };

it("has what a tool and the clouds' credential helpers need, and nothing else", () => {
  const ours = {
    PATH: "/bin",
    HOME: "/home/me",
    AWS_PROFILE: "mirror",
    GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
    FLYTE_API_KEY: "secret",
    REGISTRAR_TASK_LOG_LEVEL: "1",
    HTTPS_PROXY: "http://other:1",
    AWSOME: "1",
    UNSET: undefined,
  };
  expect(toolEnvironment(ours, direct)).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    AWS_PROFILE: "mirror",
    GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
  });
});

it("reaches registries as this program does", () => {
  const ours = { SSL_CERT_FILE: "/other.pem", DOCKER_CONFIG: "/other" };
  const route = {
    proxy: "http://proxy:3128/",
    noProxy: ".internal",
    certificateFile: "/ca.pem",
    dockerConfigFolder: "/logins",
  };
  expect(toolEnvironment(ours, route)).toEqual({
    HTTPS_PROXY: "http://proxy:3128/",
    HTTP_PROXY: "http://proxy:3128/",
    NO_PROXY: ".internal",
    SSL_CERT_FILE: "/ca.pem",
    DOCKER_CONFIG: "/logins",
    REGISTRY_AUTH_FILE: "/logins/config.json",
  });
});
