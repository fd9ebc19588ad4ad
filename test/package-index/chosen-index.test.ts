import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { publicIndex } from "../../src/findings/public-index.ts";
import { RegistrarError } from "../../src/findings/registrar-error.ts";
import { chooseIndex, secretsOfImage } from "../../src/package-index/chosen-index.ts";
import { precedences, surroundings } from "../../testing/package-index/precedence.ts";

const urls: Readonly<Record<string, string>> = {
  A: "https://a.example.com/simple",
  B: "https://b.example.com/simple",
  C: "https://c.example.com/simple",
  D: "https://d.example.com/simple",
  P: publicIndex.url,
};
const filled = (text: string) =>
  text.replace(/\{(\w)\}/g, (_, letter: string) => urls[letter] ?? "").replaceAll("@", "");

function imageOf(environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const entries = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([key, value]) => [filled(key), filled(value)] as const);
  return { environment: new Map(entries(environment)), files: new Map(entries(files)) };
}

function choose(environment: Readonly<Record<string, string>>, files?: Readonly<Record<string, string>>) {
  return chooseIndex(imageOf({ ...surroundings, ...environment }, files), "base:1");
}

describe("the indexes of uv", () => {
  it.each(precedences)("by $rule: $asked", ({ environment = {}, files, asked, indexUrl }) => {
    const choice = choose(environment, files);
    const all = [...choice.additional, ...(choice.default ? [choice.default] : [])];
    const letters = all.map(({ url }) => Object.keys(urls).find((letter) => urls[letter] === url)).join("");
    if (indexUrl === undefined) expect(letters).toBe(asked);
    else expect(choice.overridesUsers).toBe(asked === "A");
    expect(choice.isPublic).toBe(indexUrl === undefined && asked.endsWith("P"));
  });

  it("has the home of root, and the places of XDG, unless told otherwise", () => {
    const files = { "/etc/uv/uv.toml": 'index-url = "{A}"', "/root/.config/uv/uv.toml": 'extra-index-url = ["{B}"]' };
    const { default: chosen, additional } = chooseIndex(imageOf({}, files), "base:1");
    expect([chosen?.source, additional[0]?.source]).toEqual(["/etc/uv/uv.toml", "/root/.config/uv/uv.toml"]);
    const xdg = { ...files, "/etc/xdg/uv/uv.toml": 'index-url = "{C}"' };
    expect(chooseIndex(imageOf({}, xdg), "base:1").default?.source).toBe("/etc/xdg/uv/uv.toml");
  });

  it("takes credentials of a name from variables", () => {
    const named = { UV_DEFAULT_INDEX: "my-corp={A}", UV_INDEX_MY_CORP_USERNAME: "u", UV_INDEX_MY_CORP_PASSWORD: "p/s" };
    expect(choose(named).default?.url).toBe("https://u:p%2Fs@a.example.com/simple");
    expect(secretsOfImage(imageOf(named))).toContain("p/s");
  });

  it("says which files it does not know, unless a variable answers", () => {
    const files = new Map<string, string | undefined>([["/etc/uv/uv.toml", undefined]]);
    expect(chooseIndex({ environment: new Map(), files }, "base:1").unread).toEqual(["/etc/uv/uv.toml"]);
    const environment = new Map([["UV_INDEX_URL", "https://a.example.com/simple"]]);
    expect(chooseIndex({ environment, files }, "base:1").unread).toEqual([]);
  });

  it.each([
    ["no TOML", 'index-url = "https://u:canary-1234@a/', "line 1 is not TOML"],
    ["another type", 'index-url = ["https://u:canary-1234@a/"]', "index-url: invalid type"],
    ["an index without an address", '[[index]]\nname = "canary-1234"', "index.0.url: invalid type"],
  ])("cannot be read from %s, of which nothing is shown", (_what, text, why) => {
    const read = () => choose({}, { "@/root/.config/uv/uv.toml": text });
    expect(read).toThrow(RegistrarError);
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({ finding: { code: "index-config-malformed", why } });
      expect(JSON.stringify(error instanceof RegistrarError && error.finding)).not.toContain("canary");
    }
  });

  it("follow from any variables and files, or there is a code", () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom("https://a.example.com/simple", 'index-url = "https://a"', "[[index]]\nurl = 3", "x=y z", "1"),
    );
    const variables = [
      "UV_DEFAULT_INDEX",
      "UV_INDEX",
      "UV_INDEX_URL",
      "UV_EXTRA_INDEX_URL",
      "UV_CONFIG_FILE",
      "UV_NO_CONFIG",
      "PIP_INDEX_URL",
      "PIP_CONFIG_FILE",
      "HOME",
    ];
    const paths = ["/etc/uv/uv.toml", "/root/.config/uv/uv.toml", "/etc/pip.conf"];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...variables), text, { noNullPrototype: true }),
        fc.dictionary(fc.constantFrom(...paths), text, { noNullPrototype: true }),
        (environment, files) => {
          const image = { environment: new Map(Object.entries(environment)), files: new Map(Object.entries(files)) };
          try {
            const choice = chooseIndex(image, "base:1");
            expect(choice.isPublic).toBe(choice.default?.source === "");
          } catch (error) {
            expect(error).toMatchObject({ finding: { code: "index-config-malformed" } });
          }
          expect(secretsOfImage(image)).toEqual(expect.any(Array));
        },
      ),
    );
  });
});

describe("what only pip reads", () => {
  it.each<
    [
      name: string,
      environment: Readonly<Record<string, string>>,
      files: Readonly<Record<string, string>>,
      names: string[],
    ]
  >([
    ["a variable", { PIP_INDEX_URL: "{A}" }, {}, ["PIP_INDEX_URL"]],
    ["a variable, and the same for uv", { PIP_INDEX_URL: "{A}", UV_INDEX_URL: "{A}" }, {}, []],
    ["an empty variable", { PIP_INDEX_URL: "" }, {}, []],
    [
      "the manual's two lines",
      { PIP_INDEX_URL: "{A}", PIP_TRUSTED_HOST: "a.example.com" },
      {},
      ["PIP_INDEX_URL", "PIP_TRUSTED_HOST"],
    ],
    ["trusted hosts of both", { UV_INDEX_URL: "{A}", PIP_TRUSTED_HOST: "a", UV_INSECURE_HOST: "a" }, {}, []],
    ["CAs", { PIP_CERT: "/a", REQUESTS_CA_BUNDLE: "/a" }, {}, ["PIP_CERT", "REQUESTS_CA_BUNDLE"]],
    ["CAs of both", { PIP_CERT: "/a", SSL_CERT_FILE: "/a" }, {}, []],
    ["CAs of the system for uv", { PIP_CERT: "/a", UV_SYSTEM_CERTS: "true" }, {}, []],
    ["CAs of the system for uv, switched off", { PIP_CERT: "/a", UV_SYSTEM_CERTS: "0" }, {}, ["PIP_CERT"]],
    ["CAs of the system by its file", { PIP_CERT: "/a" }, { "/etc/uv/uv.toml": "native-tls = true" }, []],
    ["further indexes", { PIP_EXTRA_INDEX_URL: "{A}" }, {}, ["PIP_EXTRA_INDEX_URL"]],
    ["further indexes of both", { PIP_EXTRA_INDEX_URL: "{A}", UV_INDEX: "{A}" }, {}, []],
    ["pip.conf", {}, { "/etc/pip.conf": "[global]\nindex-url = {A}\n" }, ["index-url in /etc/pip.conf"]],
    [
      "pip.conf with underscores",
      {},
      { "/etc/pip.conf": "[install]\nindex_url: {A}\n" },
      ["index-url in /etc/pip.conf"],
    ],
    ["another section of pip.conf", {}, { "/etc/pip.conf": "[download]\nindex-url = {A}\n" }, []],
    ["a comment in pip.conf", {}, { "/etc/pip.conf": "[global]\n# index-url = {A}\n" }, []],
    [
      "every place of pip.conf",
      { PIP_CONFIG_FILE: "/p.conf", VIRTUAL_ENV: "/venv" },
      Object.fromEntries(
        ["/p.conf", "/venv/pip.conf", "/root/.config/pip/pip.conf", "/root/.pip/pip.conf", "/etc/xdg/pip/pip.conf"].map(
          (path) => [path, "[global]\ncert = /a\n"],
        ),
      ),
      ["/p.conf", "/venv/pip.conf", "/root/.config/pip/pip.conf", "/root/.pip/pip.conf", "/etc/xdg/pip/pip.conf"].map(
        (path) => `cert in ${path}`,
      ),
    ],
  ])("%s", (_name, environment, files, names) => {
    const { pipOnly } = chooseIndex(imageOf(environment, files), "base:1");
    expect(pipOnly.map(({ name }) => name)).toEqual(names);
  });
});
