import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../src/settings/schema.ts";
import { treeOf } from "./samples.ts";

/** The sentences with which the settings refuse a value. */
function refusals(setting: string, value: unknown): string[] {
  const { error } = settingsSchema.safeParse(treeOf(setting.split("."), value));
  return error?.issues.map(({ message }) => message) ?? [];
}

const python = "is not a Python version such as 3.12";
const sdk = "is not a version of the flyte SDK such as 2.12.1";
const cidr = "is not a CIDR block such as 10.0.0.0/16";
const url = "is not an http:// or https:// URL";
const secret = "contains a user name or password, which everybody can read who can read this setting";
const host = "is not host or host:port";

describe("what builds need", () => {
  it.each([
    ["builds.baseImages", [{ image: "python:3.12-slim" }, { image: "registry:5000/a@sha256:0", python: ["3.12"] }]],
    ["builds.pythonVersions", ["3.9", "3.12"]],
    ["builds.sdkVersion", "2.12.1"],
    ["builds.sdkVersion", "2.13.0rc1"],
    ["builds.packageIndex", "https://artifacts.example.com/api/pypi/pypi/simple"],
    ["builds.packageIndex", "http://10.0.0.1:8080/"],
    ["network.cidrs", ["10.0.0.0/16", "0.0.0.0/0", "100.64.0.1/32", "fd00::/8", "::1/128"]],
    ["network.region", "us-gov-west-1"],
    ["registry.insecureHosts", ["registry.internal:5000", "localhost", "[::1]:5000"]],
  ])("%s may be %j", (setting, value) => {
    expect(refusals(setting, value)).toEqual([]);
  });

  it.each([
    ["builds.pythonVersions", ["3"], python],
    ["builds.pythonVersions", ["3.12.1"], python],
    ["builds.pythonVersions", ["2.7"], python],
    ["builds.baseImages", [{ image: "a", python: ["3.x"] }], python],
    ["builds.sdkVersion", "2.12", sdk],
    ["builds.sdkVersion", "v2.12.1", sdk],
    ["builds.packageIndex", "artifacts.example.com/simple", url],
    ["builds.packageIndex", "ftp://artifacts.example.com/", url],
    ["builds.packageIndex", "https://", url],
    ["builds.packageIndex", "https://a b/", url],
    ["builds.packageIndex", "https://user:password@artifacts.example.com/", secret],
    ["builds.packageIndex", "https://token@artifacts.example.com/", secret],
    ["network.cidrs", ["10.0.0.0"], cidr],
    ["network.cidrs", ["10.0.0.0/33"], cidr],
    ["network.cidrs", ["10.0.0/8"], cidr],
    ["network.cidrs", ["fd00::/129"], cidr],
    ["network.cidrs", ["10.0.0.0/8/8"], cidr],
    ["network.cidrs", ["10.0.0.0/"], cidr],
    ["network.region", "eu-central-1.", "is not the name of a region"],
    ["registry.insecureHosts", ["http://registry.internal"], host],
    ["registry.insecureHosts", ["registry.internal/path"], host],
  ])("%s may not be %j: %s", (setting, value, sentence) => {
    expect(refusals(setting, value)).toEqual([sentence]);
  });
});
