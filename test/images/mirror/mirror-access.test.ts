import { describe, expect, it } from "vitest";
import { readMirrorAccess } from "../../../src/images/mirror/mirror-access.ts";
import { settingsSchema } from "../../../src/settings/schema.ts";
import { createAuthority } from "../../../testing/certificates/certificates.ts";

const environment = {
  REGISTRY_AUTH_FILE: "/given.json",
  DOCKER_CONFIG: "/docker",
  XDG_RUNTIME_DIR: "/run/user/1",
  HOME: "/home/me",
};
const usual = [
  "/given.json",
  "/docker/config.json",
  "/run/user/1/containers/auth.json",
  "/home/me/.docker/config.json",
];

function access(settings: object, files: Readonly<Record<string, string>>) {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return Buffer.from(text);
  };
  return readMirrorAccess(settingsSchema.parse(settings), environment, readFile);
}

describe("the logins", () => {
  it.each(usual.map((file, index) => [file, usual.slice(index)]))("are those of %s before %j", (file, present) => {
    const files = Object.fromEntries(present.map((path) => [path, `{"credsStore":"${path.replaceAll("/", "_")}"}`]));
    expect(access({}, files).logins).toMatchObject({ file, config: { credsStore: file.replaceAll("/", "_") } });
  });

  it("are those of registry.authFile before all others", () => {
    const files = { "/mine.json": "{}", "/given.json": "{}" };
    expect(access({ registry: { authFile: "/mine.json" } }, files).logins?.file).toBe("/mine.json");
  });

  it("are none if there is no such file, but one that is named has to be there", () => {
    expect(access({}, {}).logins).toBeUndefined();
    const missing = () => access({ registry: { authFile: "/mine.json" } }, { "/given.json": "{}" });
    expect(missing).toThrow(expect.objectContaining({ code: "file-unreadable" }));
  });

  it("are an error if a file is no Docker configuration, without what is in it", () => {
    const broken = () => access({}, { "/given.json": "hunter22-canary" });
    expect(broken).toThrow(expect.objectContaining({ code: "registry-login-file-malformed" }));
    expect(broken).not.toThrow(/canary/);
  });
});

describe("the route", () => {
  it("has the CAs and the proxy of the control plane, but verifies certificates always", async () => {
    const { certificatePem } = await createAuthority("Acme Root CA");
    const controlPlane = {
      caFile: "/ca.pem",
      proxy: "http://me:hunter%21@proxy.test:3128",
      noProxy: ".internal",
      insecureSkipVerify: true,
    };
    const { route, secrets } = access({ controlPlane }, { "/ca.pem": certificatePem });
    expect(route).toMatchObject({
      skipVerify: false,
      noProxy: ".internal",
      proxy: { hostname: "proxy.test", port: 3128 },
    });
    expect(route.certificateAuthorities?.trim()).toBe(certificatePem.trim());
    expect(secrets).toEqual(expect.arrayContaining(["hunter%21", "hunter!"]));
  });
});
