import { baseImageCodes } from "./base-image-codes.ts";
import { buildConfigCodes } from "./build-config-codes.ts";
import { buildPodCodes } from "./build-pod-codes.ts";
import { buildPushCodes } from "./build-push-codes.ts";
import { buildRoutingCodes } from "./build-routing-codes.ts";
import { buildRunCodes } from "./build-run-codes.ts";
import { buildStepCodes } from "./build-step-codes.ts";
import { buildUploadCodes } from "./build-upload-codes.ts";
import { buildkitCodes } from "./buildkit-codes.ts";
import { clusterCodes } from "./cluster-codes.ts";
import type { CodeEntry } from "./code-entry.ts";
import { controlPlaneCodes } from "./control-plane-codes.ts";
import { dataPlaneCodes } from "./data-plane-codes.ts";
import { fileCodes } from "./file-codes.ts";
import { flyteCodes } from "./flyte-codes.ts";
import { gatewayCodes } from "./gateway-codes.ts";
import { identityCodes } from "./identity-codes.ts";
import { mirrorCodes } from "./mirror-codes.ts";
import { packageIndexCodes } from "./package-index-codes.ts";
import { privateNetworkCodes } from "./private-network-codes.ts";
import { pullCodes } from "./pull-codes.ts";
import { registrationCodes } from "./registration-codes.ts";
import { registryCodes } from "./registry-codes.ts";
import { runCodes } from "./run-codes.ts";
import { settingsCodes } from "./settings-codes.ts";
import { tlsCodes } from "./tls-codes.ts";

/** Every code of the program, in one table. A code is never used twice and never given another meaning. */
export const catalog = {
  ...settingsCodes,
  ...fileCodes,
  ...controlPlaneCodes,
  ...tlsCodes,
  ...gatewayCodes,
  ...identityCodes,
  ...flyteCodes,
  ...registrationCodes,
  ...clusterCodes,
  ...dataPlaneCodes,
  ...buildConfigCodes,
  ...buildkitCodes,
  ...baseImageCodes,
  ...mirrorCodes,
  ...packageIndexCodes,
  ...privateNetworkCodes,
  ...pullCodes,
  ...registryCodes,
  ...buildRoutingCodes,
  ...buildUploadCodes,
  ...buildPodCodes,
  ...buildStepCodes,
  ...buildPushCodes,
  ...buildRunCodes,
  ...runCodes,
} as const;

export type Code = keyof typeof catalog;

/** What the texts of a code are made from. */
export type ArgsOf<C extends Code> = (typeof catalog)[C] extends CodeEntry<infer Args> ? Args : never;
