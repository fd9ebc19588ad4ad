import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { load } from "./loading.ts";

/** The defaults, written as a file has them. To change one changes what existing installations do. */
const defaults = {
  trigger: "manual",
  release: { cluster: "", namespace: "", name: "registrar" },
  controlPlane: { insecure: false, insecureSkipVerify: false, auth: { type: "none" } },
  task: {
    project: "system",
    domain: "production",
    imageNamePrefix: "public.ecr.aws/g1m2l3c1/imagebuilder-staging",
    images: {},
    logLevel: 5,
    configMapName: "build-image-config",
    podTemplate: {
      labels: {},
      annotations: {},
      nodeSelector: {},
      tolerations: [],
      resources: {},
      imagePullSecrets: [],
      env: [],
    },
    deployWith: "api",
  },
  policy: { role: "owner", failure: "fail", whenNewer: "keep", ensureProject: true, force: false },
  cluster: {
    enabled: false,
    statusConfigMap: "image-builder-registrar-status",
    buildNamespaces: [],
    jobName: "",
    jobUid: "",
  },
  build: { projects: [], packages: ["peppercorn"], tag: "reuse", timeout: "10m" },
  builds: { baseImages: [], pythonVersions: [] },
  registry: { sendToBuildkit: false, mirrors: {}, insecureHosts: [] },
  network: { cloud: "auto", requirePrivate: false, cidrs: [] },
  timeouts: { total: "240s", controlPlane: "120s", flyte: "60s" },
  logFormat: "text",
  flyteCommand: "flyte",
};

describe("the defaults", () => {
  it("are these", () => {
    const timeouts = { total: 240_000, controlPlane: 120_000, flyte: 60_000 };
    const build = { ...defaults.build, timeout: 600_000 };
    expect(load({}).settings).toEqual({ ...defaults, build, timeouts });
  });

  it("may be written out", () => {
    expect(load({ file: stringify(defaults) }).settings).toEqual(load({}).settings);
  });

  it("name no control plane, for which there is nothing to warn of and nothing to hide", () => {
    expect(load({})).toMatchObject({ target: undefined, warnings: [], secrets: [] });
  });
});
