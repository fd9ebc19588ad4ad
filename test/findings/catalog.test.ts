import { describe, expect, it } from "vitest";
import { baseImageCodes } from "../../src/findings/catalog/base-image-codes.ts";
import { buildConfigCodes } from "../../src/findings/catalog/build-config-codes.ts";
import { buildPodCodes } from "../../src/findings/catalog/build-pod-codes.ts";
import { buildPushCodes } from "../../src/findings/catalog/build-push-codes.ts";
import { buildRoutingCodes } from "../../src/findings/catalog/build-routing-codes.ts";
import { buildRunCodes } from "../../src/findings/catalog/build-run-codes.ts";
import { buildStepCodes } from "../../src/findings/catalog/build-step-codes.ts";
import { buildUploadCodes } from "../../src/findings/catalog/build-upload-codes.ts";
import { buildkitCodes } from "../../src/findings/catalog/buildkit-codes.ts";
import { catalog } from "../../src/findings/catalog/catalog.ts";
import { clusterCodes } from "../../src/findings/catalog/cluster-codes.ts";
import { type CodeEntry, exitCodes } from "../../src/findings/catalog/code-entry.ts";
import { controlPlaneCodes } from "../../src/findings/catalog/control-plane-codes.ts";
import { dataPlaneCodes } from "../../src/findings/catalog/data-plane-codes.ts";
import { fileCodes } from "../../src/findings/catalog/file-codes.ts";
import { flyteCodes } from "../../src/findings/catalog/flyte-codes.ts";
import { gatewayCodes } from "../../src/findings/catalog/gateway-codes.ts";
import { identityCodes } from "../../src/findings/catalog/identity-codes.ts";
import { mirrorCodes } from "../../src/findings/catalog/mirror-codes.ts";
import { packageIndexCodes } from "../../src/findings/catalog/package-index-codes.ts";
import { privateNetworkCodes } from "../../src/findings/catalog/private-network-codes.ts";
import { pullCodes } from "../../src/findings/catalog/pull-codes.ts";
import { registrationCodes } from "../../src/findings/catalog/registration-codes.ts";
import { registryCodes } from "../../src/findings/catalog/registry-codes.ts";
import { runCodes } from "../../src/findings/catalog/run-codes.ts";
import { settingsCodes } from "../../src/findings/catalog/settings-codes.ts";
import { tlsCodes } from "../../src/findings/catalog/tls-codes.ts";
import { anyone, readerOf } from "../../src/findings/reader.ts";
import { anyArguments, anyChart } from "../../testing/findings/any-arguments.ts";

const concerns = [
  settingsCodes,
  fileCodes,
  controlPlaneCodes,
  tlsCodes,
  gatewayCodes,
  identityCodes,
  flyteCodes,
  registrationCodes,
  clusterCodes,
  dataPlaneCodes,
  buildConfigCodes,
  buildkitCodes,
  baseImageCodes,
  mirrorCodes,
  registryCodes,
  privateNetworkCodes,
  packageIndexCodes,
  pullCodes,
  buildPodCodes,
  buildPushCodes,
  buildRoutingCodes,
  buildRunCodes,
  buildStepCodes,
  buildUploadCodes,
  runCodes,
];

// Read by a person: a first word that is not here may be no imperative.
const verbs =
  "Add Allow Copy Correct Create Enable Exempt Find Give Grant Have Install Look Make Point Put Raise Read Register Renew Replace Report Run Save Scale Set Start Upgrade Wait";

/** A setting or chart value, a flag, a variable, a command, or something that the run has met. */
const actionable =
  /\b[a-z][A-Za-z]+\.[a-zA-Z.]+|\b(appVersion|clusterName|whenNewer|ensureProject|activeDeadlineSeconds|caBundle|flyteCommand|role)\b|--[a-z]|\b[A-Z]{2,}_[A-Z_]+\b|\b(registrar|kubectl|flyte|helm|date) |<\w+>/;

const commands = /^(registrar|curl|kubectl|flyte|openssl|getent|ls|file|helm|command|python3|printenv|'?<)/;

const audiences = [
  ["on a workstation", readerOf({ ...anyone, settingsFlags: ["--config", "registrar.yaml"] })],
  ["in a pod", readerOf({ ...anyone, chart: anyChart })],
  ["in a pod of a member", readerOf({ ...anyone, isMember: true, chart: anyChart })],
  [
    "in a pod of an embedded chart",
    readerOf({ ...anyone, chart: { ...anyChart, valuesPrefix: "imageBuilderRegistrar." } }),
  ],
] as const;

const texts = Object.entries(catalog).flatMap(([code, entry]) => {
  const { what, fix, next } = entry as unknown as CodeEntry<object>;
  return audiences.map(([where, reader]) => ({
    code,
    where,
    what: what(anyArguments, reader),
    fix: fix(anyArguments, reader),
    next: next(anyArguments, reader),
  }));
});

describe("the catalog", () => {
  it("uses no code twice", () => {
    const codes = concerns.flatMap((concern) => Object.keys(concern));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(Object.keys(catalog).sort()).toEqual([...codes].sort());
  });

  it.each(texts)("$code $where: says what is wrong, what to do with what, and which command to run", (found) => {
    expect(found.code).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(found.what).toMatch(/[^.\s]$/);
    expect(found.fix).toMatch(/^[A-Z][a-z]+ .*\.$/s);
    expect(verbs.split(" ")).toContain(found.fix.split(" ")[0]);
    expect(found.fix).toMatch(actionable);
    expect(found.fix).not.toMatch(/\b(check|verify|review) (your|that|the)\b/i);
    expect(found.next).toMatch(commands);
    expect(`${found.what}${found.fix}${found.next}`).not.toMatch(/undefined|(?<!\/dev\/)null|\[object/);
  });

  // The chart gives neither a command line, nor a token command, nor a bundle, and mirrors are made from a workstation.
  const workstationOnly = ["usage-wrong", "external-command-failed", "bundle-unwritable", ...Object.keys(mirrorCodes)];
  it.each(texts.filter(({ where, code }) => where !== "on a workstation" && !workstationOnly.includes(code)))(
    "$code $where: sends nobody to a program that is not there",
    ({ next }) => {
      expect(next).toMatch(/^(kubectl|helm|flyte) /);
    },
  );

  // The program is in the image: a person has kubectl.
  it.each(texts.filter(({ where }) => where !== "on a workstation"))(
    "$code $where: does not have the reader run register where there is no registrar",
    ({ fix }) => {
      expect(fix).not.toMatch(/\bregistrar register\b/);
    },
  );

  // The chart has no token command.
  it.each(texts.filter(({ where, code }) => where === "in a pod" && code !== "external-command-failed"))(
    "$code in a pod: uses the chart's names",
    ({ fix, what }) => {
      const others =
        /\b(controlPlane\.(caFile|proxy|noProxy|auth)|policy\.|release\.cluster|cluster\.build\w+|timeouts\.total|externalCommand|flyteCommand)/;
      expect(`${what}${fix}`).not.toMatch(others);
    },
  );
});

describe("the exit code", () => {
  it.each([
    ["settings-wrong", exitCodes.usage],
    ["file-unreadable", exitCodes.failed],
    ["template-unusable", exitCodes.usage],
    ["usage-wrong", exitCodes.usage],
    ["control-plane-refused", exitCodes.controlPlane],
    ["credentials-refused", exitCodes.controlPlane],
    ["permission-denied", exitCodes.controlPlane],
    ["flyte-failed", exitCodes.failed],
    ["registration-newer", exitCodes.failed],
    ["internal-error", exitCodes.failed],
    ["deadline-exceeded", exitCodes.deadline],
  ] as const)("of %s is %d", (code, exit) => {
    expect(catalog[code].exit).toBe(exit);
  });

  it("goes with a retry only where the cause may pass by itself", () => {
    const transient = Object.entries(catalog).filter(([, entry]) => "transient" in entry && entry.transient);
    expect(transient.map(([code]) => code).sort()).toEqual([
      "build-cluster-unhealthy",
      "control-plane-failed",
      "control-plane-name-unknown",
      "control-plane-refused",
      "control-plane-reset",
      "control-plane-timeout",
      "control-plane-unavailable",
      "flyte-timeout",
      "lookup-contradicts",
      "proxy-failed",
      "registry-name-unknown",
      "registry-rate-limited",
      "registry-refused",
      "registry-reset",
      "registry-timeout",
      "registry-unavailable",
      "registry-unreachable",
      "token-endpoint-failed",
      "token-endpoint-unreachable",
    ]);
  });
});
