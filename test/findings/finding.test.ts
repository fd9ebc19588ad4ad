import { describe, expect, it } from "vitest";
import type { ArgsOf, Code } from "../../src/findings/catalog/catalog.ts";
import { describe as describeFinding, finding } from "../../src/findings/finding.ts";
import { type Audience, anyone, readerOf } from "../../src/findings/reader.ts";
import { anyChart } from "../../testing/findings/any-arguments.ts";

const workstation: Audience = {
  ...anyone,
  settingsFlags: ["--config", "my dir/a$&b.yaml", "--control-plane-org", "acme"],
};
const pod: Audience = { ...anyone, chart: anyChart };

function textsOf<C extends Code>(audience: Audience, code: C, args: ArgsOf<C>) {
  return describeFinding(finding("error", code, args), readerOf(audience), audience.docsUrl);
}

describe("a finding", () => {
  it("is data until it is described", () => {
    const found = finding("warning", "insecure-without-token", {}, "because");
    expect(found).toEqual({ code: "insecure-without-token", severity: "warning", args: {}, why: "because" });
    expect(describeFinding(found, readerOf(anyone), "https://docs.example.com/v1/errors.md")).toEqual({
      code: "insecure-without-token",
      severity: "warning",
      what: "the connection is plain HTTP, so no token is sent",
      why: "because",
      fix: "Set controlPlane.insecure to false if the control plane speaks TLS, else controlPlane.auth.type to none.",
      next: "registrar check",
      docs: "https://docs.example.com/v1/errors.md#insecure-without-token",
    });
  });
});

describe("a finding about a key of the build pods' ConfigMap", () => {
  it.each([
    ["buildkit-uri", "imageBuilder.buildkitUri"],
    ["default-repository", "imageBuilder.defaultRepository"],
    ["authentication-type", "imageBuilder.authenticationType"],
    ["storage.yaml", "storage (bucket, region and credentials)"],
    ["another-key", "imageBuilder (another-key)"],
  ])("names the data plane chart's value behind %s", (key, value) => {
    const { fix, why } = textsOf(anyone, "build-config-unformatted", { namespaces: ["union"], name: "a", key });
    expect(fix).toContain(`Set the number in ${value} as a quoted string`);
    expect(why).toBe("");
  });
});

describe("on a workstation", () => {
  it("the next command has the flags of this run, quoted for a shell", () => {
    expect(textsOf(workstation, "registration-conflict", { scope: "", current: "", owner: "" }).next).toBe(
      "registrar status --config 'my dir/a$&b.yaml' --control-plane-org acme",
    );
    expect(textsOf(workstation, "check-timeout", { check: "buildkit/connection", seconds: 1 }).next).toBe(
      "registrar check --config 'my dir/a$&b.yaml' --control-plane-org acme --category buildkit",
    );
    expect(textsOf(workstation, "settings-file-unreadable", { file: "it's", flag: "--config" }).next).toBe(
      `ls -l 'it'\\''s'`,
    );
  });

  it.each([
    [[], ["a"], "Correct each where it is set: the flag, variable or line in parentheses."],
    [["a"], [], "Set a by flag, variable or settings file."],
    [["a", "b"], [], "Set a and b by flag, variable or settings file."],
    [["a"], ["b"], "Set a by flag, variable or settings file; correct the rest where it is set (in parentheses)."],
  ])("settings that are missing (%j) are set, and those that are wrong (%j) corrected", (missing, wrong, fix) => {
    const problems = [
      ...missing.map((setting) => ({ setting, problem: "not set" })),
      ...wrong.map((setting) => ({ setting, place: "a.yaml:1", problem: "is wrong" })),
    ];
    expect(textsOf(workstation, "settings-wrong", { problems }).fix).toBe(
      `${fix} docs/settings.md has an example of each.`,
    );
  });

  it("names settings as the settings file does", () => {
    expect(textsOf(workstation, "deadline-exceeded", { seconds: 240, step: "deploy" }).fix).toBe(
      `Raise timeouts.total (keep it below Helm's --timeout), or find out why "deploy" is slow.`,
    );
    expect(textsOf(workstation, "tls-untrusted", { endpoint: "https://a" }).fix).toBe(
      "Set controlPlane.caFile to the PEM file of that CA.",
    );
  });
});

/** The command that puts standard input into a key of a Secret. */
function fillSecret(name: string, key: string): string {
  const create = `create secret generic ${name} --from-file=${key}=/dev/stdin --dry-run=client -o yaml`;
  return `kubectl -n union ${create} | kubectl apply -f -`;
}

describe("in a pod of the chart", () => {
  it.each([
    [
      "registration-missing",
      { scope: "system/production" },
      "kubectl -n union create job --from=cronjob/registrar-image-builder-registrar-register registrar-$(date +%s)",
    ],
    [
      "registration-newer",
      { scope: "", current: "", owner: "", wanted: "" },
      "kubectl -n union get configmap image-builder-registrar-status -o yaml",
    ],
    [
      "insecure-without-token",
      {},
      "kubectl -n union create job --from=cronjob/registrar-image-builder-registrar-check registrar-check-$(date +%s)",
    ],
    ["registration-altered", { scope: "", current: "" }, "helm -n union test registrar --logs"],
    [
      "registration-conflict",
      { scope: "", current: "", owner: "" },
      "kubectl -n union get configmap image-builder-registrar-status -o yaml",
    ],
    ["settings-wrong", { problems: [] }, "kubectl -n union get configmap registrar-image-builder-registrar -o yaml"],
  ] as const)("the command after %s works there", (code, args, next) => {
    expect(textsOf(pod, code, args as never).next).toBe(next);
  });

  it("has a CronJob of its own for a run with --force", () => {
    const args = { scope: "", current: "2026.9.1", owner: "", wanted: "" };
    expect(textsOf(pod, "registration-newer", args).fix).toContain(
      "create job --from=cronjob/registrar-image-builder-registrar-register-force ",
    );
  });

  it("has a CronJob of its own for a build, without which it builds on a workstation", () => {
    expect(readerOf(pod).command("verify", "--build")).toBe(
      "kubectl -n union create job --from=cronjob/registrar-image-builder-registrar-build registrar-build-$(date +%s)",
    );
    const { buildCronJob: _, ...without } = anyChart;
    expect(readerOf({ ...anyone, chart: without }).command("verify", "--build")).toBe("registrar verify --build");
  });

  it("does without a CronJob that is switched off", () => {
    const { registerCronJob: _, forceCronJob: __, ...onlySchedule } = anyChart;
    expect(textsOf({ ...anyone, chart: onlySchedule }, "registration-missing", { scope: "a/b" }).next).toBe(
      "kubectl -n union create job --from=cronjob/registrar-image-builder-registrar registrar-$(date +%s)",
    );
    const { cronJob: ___, checkCronJob: ____, ...chart } = onlySchedule;
    const off: Audience = { ...anyone, chart };
    expect(textsOf(off, "registration-missing", { scope: "a/b" }).next).toBe(
      "kubectl -n union get jobs -l app.kubernetes.io/name=image-builder-registrar",
    );
    const renamed: Audience = { ...anyone, chart: { ...chart, nameLabel: "builds" } };
    expect(textsOf(renamed, "registration-missing", { scope: "a/b" }).next).toBe(
      "kubectl -n union get jobs -l app.kubernetes.io/name=builds",
    );
    expect(textsOf(renamed, "flyte-without-kubernetes", {}).next).toBe(
      "kubectl -n union get cronjobs,jobs -o wide -l app.kubernetes.io/name=builds",
    );
    expect(textsOf(off, "insecure-without-token", {}).next).toBe(
      "kubectl -n union get configmap image-builder-registrar-status -o yaml",
    );
  });

  it("names no command of its own that registers, to a member", () => {
    for (const [audience, elsewhere] of [
      [anyone, "registrar register --config <settings of the owner>"],
      [
        pod,
        expect.stringMatching(/^kubectl --context <cluster of the owner> .* --from=cronjob\/<its CronJob …-register> /),
      ],
    ] as const) {
      const member: Audience = { ...audience, isMember: true };
      expect(readerOf(member).command("register", "--force")).toEqual(elsewhere);
      expect(readerOf(member).command("check")).toBe(readerOf(audience).command("check"));
      const { fix, next } = textsOf(member, "registration-missing", { scope: "system/production" });
      expect(fix).toMatch(/^Install or repair the data plane whose (policy\.)?role is owner/);
      expect(next).toEqual(elsewhere);
    }
  });

  it("names settings as the chart's values, under the prefix of a chart that embeds it", () => {
    const embedded: Audience = { ...anyone, chart: { ...anyChart, valuesPrefix: "imageBuilderRegistrar." } };
    expect(textsOf(embedded, "deadline-exceeded", { seconds: 240, step: "deploy" }).fix).toBe(
      `Raise imageBuilderRegistrar.activeDeadlineSeconds (a run has 30 s less than that; keep it below Helm's --timeout), or find out why "deploy" is slow.`,
    );
    const problems = [{ setting: "task.podTemplate.env[0].name", problem: "is empty" }];
    expect(textsOf(embedded, "settings-wrong", { problems }).what).toBe(
      "one setting is wrong\n  imageBuilderRegistrar.task.podTemplate.env[0].name: is empty",
    );
    expect(readerOf(embedded).setting("policy.force")).toBe("policy.force");
  });

  it("looks at the network by the check, which runs in that network; in the check, by a pod with the tool", () => {
    const check =
      "kubectl -n union create job --from=cronjob/registrar-image-builder-registrar-check registrar-check-$(date +%s)";
    const at = { endpoint: "https://union.example.com" };
    for (const code of ["control-plane-name-unknown", "control-plane-refused", "tls-untrusted"] as const) {
      expect(textsOf(pod, code, at).next).toBe(check);
    }
    const inCheck: Audience = { ...pod, isCheck: true };
    const run = "kubectl -n union run registrar-probe --rm -i --restart=Never";
    expect(textsOf(inCheck, "control-plane-refused", at).next).toBe(
      `${run} --image=curlimages/curl --command -- curl -sv --max-time 10 https://union.example.com/`,
    );
    expect(textsOf(inCheck, "tls-untrusted", at).next).toBe(
      `${run} --image=alpine/openssl --command -- openssl s_client -connect union.example.com:443 -servername union.example.com -showcerts </dev/null`,
    );
    expect(textsOf(inCheck, "buildkit-name-unknown", { host: "buildkit" }).next).toBe(
      `${run} --image=debian:stable-slim --command -- getent hosts buildkit`,
    );
  });

  it("names the Secret of the credential, with namespace and key", () => {
    const file = "/etc/registrar-auth/client_secret";
    const { fix, next } = textsOf(pod, "file-unreadable", { file, setting: "controlPlane.auth.clientSecretFile" });
    expect(fix).toBe(
      "Create Secret union/union-secret-auth with key client_secret (the next command does, from standard input), or set auth.existingSecret to the one that has it.",
    );
    const fill = fillSecret("union-secret-auth", "client_secret");
    expect(next).toBe(fill);
    expect(textsOf(pod, "client-refused", { endpoint: "https://idp", identity: "me" })).toMatchObject({
      fix: "Put the current client secret into key client_secret of Secret union/union-secret-auth (the next command does, from standard input), or correct auth.clientId.",
      next: fill,
    });
  });

  it.each([
    [
      undefined,
      "Create a ConfigMap with the PEM file of that CA under key ca.crt, and set caBundle.configMap to its name.",
    ],
    [
      { kind: "Secret", name: "internal-ca", key: "tls.pem" },
      "Put the PEM file of that CA into key tls.pem of Secret union/internal-ca.",
    ],
  ] as const)("names what holds the CAs: %j", (caBundle, fix) => {
    const audience: Audience = { ...anyone, chart: { ...anyChart, caBundle } };
    expect(textsOf(audience, "tls-untrusted", { endpoint: "https://a" }).fix).toBe(fix);
  });

  it("names the ConfigMap of a CA file that is not there", () => {
    const caBundle = { kind: "ConfigMap", name: "cas", key: "ca.crt" } as const;
    const audience: Audience = { ...anyone, chart: { ...anyChart, caBundle } };
    const args = { file: "/etc/registrar-ca/ca.crt", setting: "controlPlane.caFile" };
    expect(textsOf(audience, "file-unreadable", args)).toMatchObject({
      fix: "Create ConfigMap union/cas with key ca.crt (the next command does, from standard input), or set caBundle to the one that has it.",
      next: "kubectl -n union create configmap cas --from-file=ca.crt=/dev/stdin --dry-run=client -o yaml | kubectl apply -f -",
    });
    expect(textsOf(pod, "file-unreadable", { file: "/x", setting: "task.templateFile" })).toMatchObject({
      fix: "Create /x, or correct task.templateFile.",
      next: "kubectl -n union get configmap registrar-image-builder-registrar -o yaml",
    });
  });
});

describe("a finding about TLS", () => {
  const at = { endpoint: "https://idp.example.com/oauth2/token", server: "token endpoint" } as const;
  const proxy = { endpoint: "https://proxy:3128", server: "proxy" } as const;
  const plane = { endpoint: "https://union.example.com" };

  it.each([
    ["tls-wrong-host", { ...plane, names: "a" }, "Set controlPlane.endpoint to a name of the certificate (a)."],
    ["tls-wrong-host", { ...proxy, names: "" }, "Set controlPlane.proxy to a name of the certificate."],
    [
      "tls-wrong-host",
      { ...at, names: "a" },
      "Renew the certificate of idp.example.com:443 with subjectAltName=DNS:idp.example.com, or have the control plane publish the token endpoint under a name of the certificate (a).",
    ],
    ["tls-not-spoken", plane, "Set controlPlane.insecure to true if this is a plain HTTP port, else correct the port."],
    [
      "tls-not-spoken",
      proxy,
      "Set controlPlane.proxy to the http:// URL of the proxy if it is a plain HTTP port, else correct the port.",
    ],
    [
      "tls-not-spoken",
      at,
      "Have the control plane publish the token endpoint as http:// if idp.example.com:443 is a plain HTTP port, else with the port for TLS.",
    ],
    [
      "tls-handshake-failed",
      { ...plane, alert: 112 },
      "Correct the host name in controlPlane.endpoint, or add union.example.com to the hosts of the gateway.",
    ],
    [
      "tls-handshake-failed",
      { ...at, alert: 112 },
      "Correct the host name in the token endpoint that the control plane publishes, or add idp.example.com to the hosts of the gateway.",
    ],
  ] as const)("%s of %j says what to change for that server", (code, args, fix) => {
    expect(textsOf(anyone, code, args as never).fix).toBe(fix);
  });

  it("says what each alert means, and never to switch TLS off", () => {
    for (let alert = 0; alert < 256; alert++) {
      const { what, fix } = textsOf(anyone, "tls-handshake-failed", { ...plane, alert });
      expect(what).toMatch(/^(https:\S+ ended the TLS handshake: it .+|the TLS handshake with https:\S+ failed)$/);
      expect(fix).toMatch(/union\.example\.com/);
      expect(fix).not.toContain("insecure");
    }
    expect(textsOf(anyone, "tls-handshake-failed", { ...plane, alert: 70 }).what).toMatch(/neither TLS 1\.2 nor 1\.3$/);
  });

  it("of an incomplete chain names the missing CA, and what holds the CAs in a pod", () => {
    const args = { ...plane, issuer: "CN=Issuing CA" };
    expect(textsOf(anyone, "tls-chain-incomplete", args)).toMatchObject({
      what: "https://union.example.com does not send the certificate of the CA that issued its own, CN=Issuing CA, so the chain is incomplete",
      fix: "Have union.example.com:443 send its whole chain (fullchain.pem, or tls.crt with the intermediate CAs). If that cannot be done, or CN=Issuing CA is a root CA: Set controlPlane.caFile to the PEM file of CN=Issuing CA.",
    });
    const caBundle = { kind: "ConfigMap", name: "cas", key: "ca.crt" } as const;
    expect(textsOf({ ...anyone, chart: { ...anyChart, caBundle } }, "tls-chain-incomplete", args).fix).toMatch(
      /: Put the PEM file of CN=Issuing CA into key ca\.crt of ConfigMap union\/cas\.$/,
    );
  });
});

describe("a file that cannot be used", () => {
  const caBundle = { kind: "Secret", name: "cas", key: "ca.crt" } as const;
  const setting = "controlPlane.auth.clientSecretFile";

  it("is named on a workstation by its path", () => {
    expect(textsOf(anyone, "ca-file-malformed", { file: "my ca" })).toMatchObject({
      fix: "Replace my ca by CA certificates in PEM, each from its BEGIN to its END line (see why).",
      next: "openssl storeutl -noout -certs 'my ca'",
    });
    expect(textsOf(anyone, "file-malformed", { file: "/s", setting })).toMatchObject({
      fix: "Save /s as UTF-8 text without a byte order mark.",
      next: "file /s",
    });
  });

  it("is named in a pod by the object that it is mounted from", () => {
    const mounted: Audience = { ...anyone, chart: { ...anyChart, caBundle } };
    expect(textsOf(mounted, "ca-file-malformed", { file: "/etc/ca" })).toMatchObject({
      fix: "Put CA certificates in PEM into key ca.crt of Secret union/cas (the next command does, from standard input).",
      next: fillSecret("cas", "ca.crt"),
    });
    expect(textsOf(mounted, "file-malformed", { file: "/s", setting })).toMatchObject({
      fix: "Put UTF-8 text without a byte order mark into key client_secret of Secret union/union-secret-auth (the next command does, from standard input).",
      next: fillSecret("union-secret-auth", "client_secret"),
    });
  });
});

describe("commands about an endpoint", () => {
  it.each([
    ["control-plane-name-unknown", "https://union.example.com:8443", "getent hosts union.example.com"],
    [
      "tls-untrusted",
      "https://union.example.com",
      "openssl s_client -connect union.example.com:443 -servername union.example.com -showcerts </dev/null",
    ],
    [
      "tls-wrong-host",
      "https://union.example.com:8443",
      "openssl s_client -connect union.example.com:8443 -servername union.example.com -showcerts </dev/null",
    ],
    ["tls-self-signed", "https://[::1]:8443", "openssl s_client -connect '[::1]:8443' -showcerts </dev/null"],
    ["control-plane-refused", "https://[::1]:8443", "curl -sv --max-time 10 'https://[::1]:8443/'"],
    ["tls-not-valid-now", "https://10.0.0.1", "openssl s_client -connect 10.0.0.1:443 -showcerts </dev/null"],
    ["tls-expected", "http://union.example.com", "curl -sv --max-time 10 https://union.example.com/"],
    ["control-plane-timeout", "http://localhost:8090", "curl -sv --max-time 10 http://localhost:8090/"],
  ] as const)("%s at %s", (code, endpoint, next) => {
    expect(textsOf(anyone, code, { endpoint }).next).toBe(next);
  });

  it.each([
    ["https://union.example.com", "DNS:union.example.com"],
    ["https://[::1]:1", "IP:::1"],
    ["https://10.0.0.1", "IP:10.0.0.1"],
  ])("asks for the right alternative name of %s", (endpoint, name) => {
    expect(textsOf(anyone, "tls-without-names", { endpoint }).fix).toContain(`subjectAltName=${name}.`);
  });

  it("quotes the brackets of a proxy, which zsh takes for a pattern", () => {
    const args = { proxy: "http://[::1]:3128", endpoint: "https://union.example.com" };
    expect(textsOf(anyone, "proxy-failed", args).next).toBe(
      "curl -sv --max-time 10 --proxy 'http://[::1]:3128' https://union.example.com/",
    );
  });

  it.each([
    ["http://union.example.com", "union.example.com:80"],
    ["https://union.example.com", "union.example.com:443"],
    ["https://[::1]:8443", "[::1]:8443"],
  ])("asks for egress to %s", (endpoint, authority) => {
    expect(textsOf(anyone, "control-plane-timeout", { endpoint }).fix).toContain(`egress to ${authority} (`);
  });
});
