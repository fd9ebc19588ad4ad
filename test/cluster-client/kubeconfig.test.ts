import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { isNoCluster } from "../../src/cluster/cluster.ts";
import { type ClusterAccess, clusterAccess } from "../../src/cluster/cluster-access.ts";
import { describeCause } from "../../src/findings/describe-cause.ts";

// What kubectl 1.37.2 does with each was tried; where a test says so, it refuses too.

type Files = Readonly<Record<string, object | string>>;
type FromKubeconfig = Extract<ClusterAccess, { kind: "kubeconfig" }>;

/** A cluster, a user and a context. */
function config(context: string, { cluster = {}, user = {}, namespace = context, name = context } = {}): object {
  return {
    clusters: [{ name, cluster: { server: `https://${context}.example.com`, ...cluster } }],
    users: [{ name, user: { token: context, ...user } }],
    contexts: [{ name: context, context: { cluster: name, user: name, namespace } }],
    "current-context": context,
  };
}

function access(files: Files, environment: Record<string, string>): ClusterAccess {
  return clusterAccess(environment, (path) => {
    const content = files[path];
    if (content === undefined)
      throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: "ENOENT" });
    if (content === "a folder") throw Object.assign(new Error("EISDIR: read"), { code: "EISDIR" });
    return Buffer.from(typeof content === "string" ? content : stringify(content));
  });
}

function fromKubeconfig(files: Files, KUBECONFIG = Object.keys(files).join(":")): FromKubeconfig {
  const found = access(files, { KUBECONFIG });
  if (found.kind !== "kubeconfig") throw new Error("it is the pod");
  return found;
}

/** Why there is no cluster. */
function refusal(
  files: Files,
  environment: Record<string, string> = { KUBECONFIG: Object.keys(files).join(":") },
): unknown {
  try {
    access(files, environment);
  } catch (error) {
    return error;
  }
  throw new Error("it was taken");
}

describe("a list of kubeconfigs", () => {
  const [one, two] = [config("one", { name: "same" }), config("two", { name: "same" })];
  const ofOne = { server: "https://one.example.com", namespace: "one", token: "one" };
  const ofTwo = { server: "https://two.example.com", namespace: "two", token: "two" };

  it.each<[string, string, Files, object]>([
    ["a file that is not there is skipped", "/none:/one", { "/one": one }, ofOne],
    ["so is one below a file", "/one:/two/x", { "/one": one }, ofOne],
    ["an empty name is skipped", ":/one:", { "/one": one }, ofOne],
    ["an empty file is skipped", "/empty:/one", { "/empty": "", "/one": one }, ofOne],
    [
      "so is one of comments, null or {}",
      "/a:/b:/c:/one",
      { "/a": "# a", "/b": "null", "/c": "{}", "/one": one },
      ofOne,
    ],
    ["the first current-context counts", "/one:/two", { "/one": one, "/two": two }, ofOne],
    ["whichever is first", "/two:/one", { "/two": two, "/one": one }, ofTwo],
    [
      "an empty current-context does not",
      "/e:/one",
      { "/e": { ...two, "current-context": "" }, "/one": one },
      { namespace: "one" },
    ],
    [
      "of entries with one name, all of the first and nothing of a later one",
      "/a:/one",
      {
        "/a": {
          clusters: [{ name: "same", cluster: { server: "https://a", "proxy-url": "http://p" } }],
          users: [{ name: "same" }],
        },
        "/one": one,
      },
      { server: "https://a", namespace: "one", token: undefined },
    ],
    [
      "its parts may be in three files",
      "/a:/b:/c",
      {
        "/a": { contexts: [{ name: "x", context: { cluster: "c", user: "u" } }] },
        "/b": { users: [{ name: "u", user: { token: "b" } }], "current-context": "x" },
        "/c": { clusters: [{ name: "c", cluster: { server: "https://c" } }] },
      },
      { server: "https://c", namespace: undefined, token: "b" },
    ],
  ])("%s", (_name, list, files, expected) => {
    const { namespace, cluster, user } = fromKubeconfig(files, list);
    expect({ server: cluster.server, namespace, token: user.token }).toMatchObject(expected);
  });

  it.each<[string, Files, Record<string, string>]>([
    ["all files are missing", {}, { KUBECONFIG: "/none:/nothing" }],
    ["all are empty", { "/a": "", "/b": "{apiVersion: v1, kind: Config}" }, { KUBECONFIG: "/a:/b" }],
    ["no file is there by default", {}, { HOME: "/home/me" }],
    ["nothing says where to look", {}, {}],
  ])("is none if %s, as is known by its class", (_name, files, environment) => {
    expect(isNoCluster(refusal(files, environment))).toBe(true);
    const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    const token = { "/var/run/secrets/kubernetes.io/serviceaccount/token": "t" };
    expect(access({ ...files, ...token }, { ...environment, ...pod })).toEqual({ kind: "pod" });
    // A pod without a service account's token.
    expect(isNoCluster(refusal(files, { ...environment, ...pod }))).toBe(true);
  });

  it("names the files of KUBECONFIG where none exists", () => {
    const error = refusal({}, { KUBECONFIG: "/none:/nothing" });
    expect(describeCause(error)).toBe(
      "no file of KUBECONFIG (/none:/nothing) exists, or all are empty, and this is no pod",
    );
  });

  it("is ~/.kube/config by default, and counts before the pod", () => {
    const files = { "/home/me/.kube/config": one, "/var/run/secrets/kubernetes.io/serviceaccount/token": "t" };
    const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(access(files, { HOME: "/home/me", ...pod })).toMatchObject({ cluster: { server: ofOne.server } });
    expect(access({ ...files, "/two": two }, { HOME: "/home/me", KUBECONFIG: "/two" })).toMatchObject({
      cluster: { server: ofTwo.server },
    });
  });
});

describe("a kubeconfig that kubectl refuses, or for which it has no server, is named in the error", () => {
  it.each<[string, object | string, RegExp]>([
    ["no YAML", "clusters: [", /^the kubeconfig \/a cannot be used: .* at line 1, column \d+$/],
    ["no mapping", "CANARY", /^the kubeconfig \/a cannot be used: .*not a mapping/],
    ["a folder", "a folder", /^the kubeconfig \/a cannot be read: EISDIR/],
    ["another kind", { apiVersion: "apps/v1", kind: "Deployment" }, /^the kubeconfig \/a cannot be used: kind: /],
    ["clusters that are no list", { clusters: { a: 1 } }, /^the kubeconfig \/a cannot be used: clusters: /],
    [
      "a number for a token",
      config("x", { user: { token: 123 } }),
      /cannot be used: users\[0\]\.user\.token: .*number/,
    ],
    [
      "two entries of one name",
      { clusters: [{ name: "CANARY" }, { name: "CANARY" }] },
      /^the kubeconfig \/a cannot be used: clusters: two entries have the same name$/,
    ],
    [
      "no current-context",
      { ...config("x"), "current-context": "" },
      /^the kubeconfig \(\/a\) has no current-context$/,
    ],
    [
      "a current-context that it does not have",
      { ...config("x"), "current-context": "z" },
      /\(\/a\) .*current-context z$/,
    ],
    ["no such cluster", { ...config("x"), clusters: [] }, /\(\/a\) has no cluster for its current-context x$/],
    ["no server", config("x", { cluster: { server: "" } }), /\(\/a\) has no server in cluster x/],
    ["no tokenFile", config("x", { user: { tokenFile: "none" } }), /^the tokenFile of the kubeconfig \/a .*'\/none'$/],
    [
      "several groups",
      config("x", { user: { "as-groups": ["a", "b"] } }),
      /^the kubeconfig \/a has several .*Impersonate-Group/,
    ],
  ])("%s", (_name, content, message) => {
    const error = refusal({ "/a": content });
    expect(isNoCluster(error)).toBe(false);
    expect(describeCause(error)).toMatch(message);
    expect(describeCause(error)).not.toContain("CANARY");
  });
});

describe("an entry of a kubeconfig", () => {
  const at = (file: string, parts: Parameters<typeof config>[1], more: Files = {}) =>
    fromKubeconfig({ [file]: config("x", parts), ...more }, file);

  it.each<[string, object, object]>([
    [
      "https",
      { server: "https://a.example.com:6443/" },
      { server: "https://a.example.com:6443", skipTLSVerify: false },
    ],
    [
      "https below a path (Rancher)",
      { server: "https://a/k8s/clusters/c-1" },
      { server: "https://a/k8s/clusters/c-1" },
    ],
    [
      "http (kubectl proxy)",
      { server: "http://127.0.0.1:8001" },
      { server: "http://127.0.0.1:8001", skipTLSVerify: true },
    ],
    ["no scheme", { server: "10.0.0.1:8080" }, { server: "http://10.0.0.1:8080" }],
    [
      "no scheme, with a CA",
      { server: "10.0.0.1:6443", "certificate-authority-data": "QQ==" },
      { server: "https://10.0.0.1:6443" },
    ],
    [
      "no scheme, unverified",
      { server: "a:6443", "insecure-skip-tls-verify": true },
      { server: "https://a:6443", skipTLSVerify: true },
    ],
    ["another name on the certificate", { "tls-server-name": "b.example.com" }, { tlsServerName: "b.example.com" }],
    ["a proxy", { "proxy-url": "socks5://127.0.0.1:1080" }, { proxyUrl: "socks5://127.0.0.1:1080" }],
    ["a CA by relative path", { "certificate-authority": "pki/ca.crt" }, { caFile: "/etc/kube/pki/ca.crt" }],
    ["a CA by absolute path", { "certificate-authority": "/pki/ca.crt" }, { caFile: "/pki/ca.crt" }],
    ["no home folder", { "certificate-authority": "~/ca.crt" }, { caFile: "/etc/kube/~/ca.crt" }],
  ])("has a server with %s", (_name, cluster, expected) => {
    expect(at("/etc/kube/config", { cluster }).cluster).toMatchObject(expected);
  });

  it("takes data before the file that it names", () => {
    const cluster = { "certificate-authority": "ca.crt", "certificate-authority-data": "QQ==" };
    const user = {
      "client-certificate": "c",
      "client-certificate-data": "Qg==",
      "client-key": "k",
      "client-key-data": "Qw==",
    };
    const found = at("/a", { cluster, user });
    expect(found.cluster).toMatchObject({ caData: "QQ==" });
    expect(found.user).toMatchObject({ certData: "Qg==", keyData: "Qw==" });
    expect([found.cluster.caFile, found.user.certFile, found.user.keyFile]).toEqual([undefined, undefined, undefined]);
  });

  it.each<[string, object, object]>([
    ["a token", { token: "t" }, { token: "t" }],
    ["a token in a file, before one that is written out", { token: "t", tokenFile: "token" }, { token: "of a file" }],
    ["a name and a password", { username: "joe", password: "p" }, { username: "joe", password: "p" }],
    ["a name alone", { username: "joe" }, { username: "joe", password: "" }],
    [
      "a certificate",
      { "client-certificate": "c.pem", "client-key": "/k.pem" },
      { certFile: "/etc/kube/c.pem", keyFile: "/k.pem" },
    ],
    ["a program on PATH", { exec: { command: "aws", args: ["eks"] } }, { exec: { command: "aws", args: ["eks"] } }],
    ["a program by relative path", { exec: { command: "./bin/login" } }, { exec: { command: "/etc/kube/bin/login" } }],
    ["an old login", { "auth-provider": { name: "oidc" } }, { authProvider: { name: "oidc" } }],
  ])("logs in with %s", (_name, user, expected) => {
    expect(at("/etc/kube/config", { user }, { "/etc/kube/token": "of a file\n" }).user).toMatchObject(expected);
  });

  it("sends no credentials over plain HTTP, as kubectl does not", () => {
    const { user } = at("/a", { cluster: { server: "http://a" }, user: { username: "joe", password: "p" } });
    expect(user).toEqual({ name: "x" });
  });

  it("may act as somebody else", () => {
    const user = {
      as: "jane",
      "as-uid": "7",
      "as-groups": ["admins"],
      "as-user-extra": { "example.com/Scope": ["a"] },
    };
    expect(at("/a", { user }).headers).toEqual({
      "Impersonate-User": "jane",
      "Impersonate-Uid": "7",
      "Impersonate-Group": "admins",
      "Impersonate-Extra-example.com%2FScope": "a",
    });
  });

  it("may have no user, or one that does not exist", () => {
    for (const users of [[], [{ name: "other" }]]) {
      expect(fromKubeconfig({ "/a": { ...config("x"), users } }).user).toEqual({ name: "" });
    }
  });

  it("ignores keys that are not known, and null", () => {
    const cluster = { "tls-server-name": null, "disable-compression": true, extensions: [{ name: "minikube" }] };
    const found = fromKubeconfig({ "/a": { ...config("x", { cluster }), preferences: {}, extensions: null } });
    expect(found.cluster).toMatchObject({ server: "https://x.example.com" });
    expect(found.cluster.tlsServerName).toBeUndefined();
  });

  it("is YAML 1.1, as kubectl reads it", () => {
    const text = stringify(config("x")).replace("server:", "insecure-skip-tls-verify: yes\n      server:");
    expect(fromKubeconfig({ "/a": text }).cluster.skipTLSVerify).toBe(true);
  });
});
