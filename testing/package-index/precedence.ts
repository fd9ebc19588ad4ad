/** An image, and which indexes uv asks in it: A to D are stand-ins, P is the public one. */
export interface Precedence {
  rule: string;
  /** `{A}` is the address of index A, `@` the folder of the image's root. */
  environment?: Readonly<Record<string, string>>;
  files?: Readonly<Record<string, string>>;
  /** In this order; empty if uv asks none. */
  asked: string;
  /** `--index-url` of the build, as `with_pip_packages(index_url=…)` becomes. */
  indexUrl?: string;
}

const user = "@/root/.config/uv/uv.toml";
const system = "@/etc/xdg/uv/uv.toml";
const isDefault = "\ndefault = true\n";

/** Variables that the image of every row has. */
export const surroundings = { HOME: "@/root", XDG_CONFIG_DIRS: "@/etc/xdg" } as const;

/** Each row was measured with uv 0.13.9; test/uv/package-index.test.ts holds them to the pinned one. */
export const precedences: readonly Precedence[] = [
  { rule: "nothing", asked: "P" },
  { rule: "UV_DEFAULT_INDEX", environment: { UV_DEFAULT_INDEX: "{A}" }, asked: "A" },
  { rule: "it has a name", environment: { UV_DEFAULT_INDEX: "corp={A}" }, asked: "A" },
  {
    rule: "UV_DEFAULT_INDEX before UV_INDEX_URL",
    environment: { UV_DEFAULT_INDEX: "{A}", UV_INDEX_URL: "{B}" },
    asked: "A",
  },
  {
    rule: "UV_DEFAULT_INDEX before --index-url",
    environment: { UV_DEFAULT_INDEX: "{A}" },
    indexUrl: "{B}",
    asked: "A",
  },
  { rule: "--index-url before UV_INDEX_URL", environment: { UV_INDEX_URL: "{A}" }, indexUrl: "{B}", asked: "B" },
  { rule: "UV_INDEX_URL", environment: { UV_INDEX_URL: " {A} " }, asked: "A" },
  { rule: "empty variables", environment: { UV_DEFAULT_INDEX: "", UV_INDEX: "", UV_INDEX_URL: "{B}" }, asked: "B" },
  { rule: "UV_INDEX in addition", environment: { UV_INDEX: "x={A}\n{B}" }, asked: "ABP" },
  { rule: "UV_EXTRA_INDEX_URL in addition", environment: { UV_EXTRA_INDEX_URL: "{A} {B}" }, asked: "ABP" },
  {
    rule: "UV_INDEX before UV_EXTRA_INDEX_URL before UV_INDEX_URL",
    environment: { UV_EXTRA_INDEX_URL: "{A}", UV_INDEX: "{B}", UV_INDEX_URL: "{C}" },
    asked: "BAC",
  },
  {
    rule: "what pip reads",
    environment: { PIP_INDEX_URL: "{A}", PIP_EXTRA_INDEX_URL: "{B}", PIP_CONFIG_FILE: "@/pip.conf" },
    files: { "@/pip.conf": "[global]\nindex-url = {C}\n", "@/root/.pip/pip.conf": "[global]\nindex-url = {D}\n" },
    asked: "P",
  },
  { rule: "[[index]] that is the default", files: { [user]: `[[index]]\nurl = "{A}"${isDefault}` }, asked: "A" },
  { rule: "[[index]] in addition", files: { [user]: '[[index]]\nurl = "{A}"\n' }, asked: "AP" },
  {
    rule: "[[index]] for packages that name it",
    files: { [user]: '[[index]]\nname = "x"\nurl = "{A}"\nexplicit = true\n' },
    asked: "P",
  },
  { rule: "index-url of a file", files: { [user]: 'index-url = "{A}"\n' }, asked: "A" },
  { rule: "extra-index-url of a file", files: { [user]: 'extra-index-url = ["{A}"]\n' }, asked: "AP" },
  {
    rule: "[pip] before the top level",
    files: { [user]: 'index-url = "{B}"\n[pip]\nindex-url = "{A}"\n' },
    asked: "A",
  },
  {
    rule: "[[index]] before [pip]",
    files: { [user]: `[[index]]\nurl = "{B}"${isDefault}[pip]\nindex-url = "{A}"\n` },
    asked: "B",
  },
  {
    rule: "[[index]] before index-url",
    files: { [user]: `index-url = "{B}"\n[[index]]\nurl = "{A}"${isDefault}` },
    asked: "A",
  },
  {
    rule: "the first of two defaults",
    files: { [user]: `[[index]]\nurl = "{B}"${isDefault}[[index]]\nurl = "{A}"${isDefault}` },
    asked: "B",
  },
  {
    rule: "the user's file before the system's",
    files: { [user]: 'index-url = "{A}"\n', [system]: 'index-url = "{B}"\n' },
    asked: "A",
  },
  {
    rule: "[[index]] of the system before index-url of the user",
    files: { [user]: 'index-url = "{A}"\n', [system]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "B",
  },
  {
    rule: "lists of two files are joined",
    files: { [user]: '[[index]]\nurl = "{A}"\n', [system]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "AB",
  },
  {
    rule: "variables before files",
    environment: { UV_INDEX_URL: "{B}" },
    files: { [user]: `[[index]]\nurl = "{A}"${isDefault}` },
    asked: "B",
  },
  {
    rule: "UV_INDEX, then a file's further ones",
    environment: { UV_INDEX: "{B}" },
    files: { [user]: 'extra-index-url = ["{A}"]\n[[index]]\nurl = "{C}"\n' },
    asked: "BCAP",
  },
  {
    rule: "UV_CONFIG_FILE alone",
    environment: { UV_CONFIG_FILE: "@/cfg/uv.toml" },
    files: { "@/cfg/uv.toml": 'index-url = "{A}"\n', [user]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "A",
  },
  {
    rule: "UV_CONFIG_FILE without an index",
    environment: { UV_CONFIG_FILE: "@/cfg/uv.toml" },
    files: { "@/cfg/uv.toml": "offline = false\n", [user]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "P",
  },
  ...["1", "TRUE", "yes", "on", "y", "t"].map((value) => ({
    rule: `UV_NO_CONFIG=${value}`,
    environment: { UV_NO_CONFIG: value },
    files: { [user]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "P",
  })),
  ...["0", "false", "no"].map((value) => ({
    rule: `UV_NO_CONFIG=${value}`,
    environment: { UV_NO_CONFIG: value },
    files: { [user]: `[[index]]\nurl = "{B}"${isDefault}` },
    asked: "B",
  })),
  {
    rule: "UV_CONFIG_FILE in spite of UV_NO_CONFIG",
    environment: { UV_NO_CONFIG: "1", UV_CONFIG_FILE: "@/cfg/uv.toml" },
    files: { "@/cfg/uv.toml": 'index-url = "{A}"\n' },
    asked: "A",
  },
  {
    rule: "XDG_CONFIG_HOME",
    environment: { XDG_CONFIG_HOME: "@/xdg" },
    files: { "@/xdg/uv/uv.toml": 'index-url = "{A}"\n', [user]: 'index-url = "{B}"\n' },
    asked: "A",
  },
  {
    rule: "the first of XDG_CONFIG_DIRS",
    environment: { XDG_CONFIG_DIRS: "@/none:@/one:@/two" },
    files: { "@/one/uv/uv.toml": 'index-url = "{A}"\n', "@/two/uv/uv.toml": 'index-url = "{B}"\n' },
    asked: "A",
  },
  { rule: "no-index", files: { [user]: 'index-url = "{B}"\nno-index = true\n' }, asked: "" },
  {
    rule: "no-index of [pip], in spite of variables",
    environment: { UV_DEFAULT_INDEX: "{A}", UV_INDEX: "{B}" },
    files: { [user]: "[pip]\nno-index = true\n" },
    asked: "",
  },
];
