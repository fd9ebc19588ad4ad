import { expect, it } from "vitest";
import { catalog } from "../../src/findings/catalog/catalog.ts";

// A code is searched for, filtered on and linked to: one that was released stays, and none gets another meaning. A new one
// is added at the end of its line.
const released = [
  ...["usage-wrong", "settings-wrong", "settings-file-unreadable", "file-unreadable", "api-key-missing"],
  ...["api-key-malformed", "template-unusable", "app-version-not-found", "variable-missing"],
  ...["control-plane-name-unknown", "control-plane-refused", "control-plane-timeout", "control-plane-reset"],
  ...["control-plane-unavailable", "control-plane-failed", "control-plane-rejected", "control-plane-not-spoken"],
  ...["tls-untrusted", "tls-self-signed", "tls-without-names", "tls-wrong-host", "tls-not-valid-now"],
  ...["tls-expires-soon", "tls-not-spoken", "tls-expected", "proxy-failed"],
  ...["credentials-missing", "credentials-refused", "permission-denied", "token-endpoint-unreachable"],
  ...["token-endpoint-failed", "client-refused", "scope-refused", "external-command-failed"],
  ...["project-missing", "project-archived", "project-refused"],
  ...["flyte-missing", "flyte-without-kubernetes", "flyte-unsuitable", "flyte-timeout", "flyte-wants-browser"],
  ...["flyte-killed", "flyte-failed", "memory-too-low", "flyte-outdated", "flyte-file-refused"],
  ...["registration-missing", "registration-elsewhere", "registration-outdated", "registration-differs"],
  ...["registration-conflict", "registration-newer", "registration-incomparable"],
  ...["registration-unsettled", "registration-altered", "owner-not-unique", "cluster-name-missing"],
  ...["version-too-long", "lookup-contradicts", "domain-missing"],
  ...["cluster-not-told", "release-not-rechecked", "release-moved-on", "cluster-unreachable", "cluster-unreadable"],
  ...["build-config-missing", "build-config-not-copied", "build-config-key-missing", "build-config-quoted"],
  ...["build-config-unformatted", "repository-empty", "authentication-type-unknown", "authentication-type-contradicts"],
  ...["service-account-missing", "buildkit-address-malformed", "buildkit-name-unknown", "buildkit-refused"],
  ...["buildkit-scaled-to-zero", "buildkit-timeout"],
  ...["deadline-exceeded", "check-timeout", "bundle-unwritable", "insecure-without-token", "internal-error"],
];

/** Codes that no longer occur; none of them is used again. */
const retired = ["registration-unsigned"];

it("keeps every code, and lists each new one", () => {
  expect(Object.keys(catalog).sort()).toEqual([...released].sort());
  expect(retired.filter((code) => Object.hasOwn(catalog, code))).toEqual([]);
});
