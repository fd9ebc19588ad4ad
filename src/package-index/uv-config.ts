import { parse, TomlError } from "smol-toml";
import * as z from "zod";
import { problem } from "../findings/registrar-error.ts";
import { configFolders, type ImageSettings, variable } from "./image-settings.ts";

const entrySchema = z.looseObject({
  url: z.string(),
  name: z.string().optional(),
  default: z.boolean().default(false),
  /** Used only by packages that name it. */
  explicit: z.boolean().default(false),
});

const addressesSchema = z.looseObject({
  "index-url": z.string().optional(),
  "extra-index-url": z.array(z.string()).optional(),
  "no-index": z.boolean().optional(),
});

const certificates = z.boolean().optional();

/** What counts here of a `uv.toml`. Source: https://docs.astral.sh/uv/reference/settings */
const configSchema = addressesSchema.extend({
  index: z.array(entrySchema).default([]),
  pip: addressesSchema.prefault({}),
  "system-certs": certificates,
  "native-tls": certificates,
  "allow-insecure-host": z.array(z.string()).optional(),
});

type UvConfig = z.output<typeof configSchema>;

/** An index that a file names. */
export interface ConfiguredIndex {
  url: string;
  name: string | undefined;
  /** The file. */
  source: string;
}

/** What uv takes from its configuration files. */
export interface UvConfiguration {
  /** The one that takes the place of the public one. */
  default: ConfiguredIndex | undefined;
  /** Asked before it, in this order. */
  additional: readonly ConfiguredIndex[];
  usesNoIndex: boolean;
  /** Whether it trusts the image's own CAs. */
  usesSystemCertificates: boolean;
  hasInsecureHosts: boolean;
  /** Files that may say otherwise, but whose contents are not known. */
  unread: readonly string[];
}

interface ConfigFile {
  path: string;
  config: UvConfig;
}

/**
 * Reads the configuration of uv in an image, as uv 0.13.9 does: `UV_CONFIG_FILE` alone if it is set, nothing at `UV_NO_CONFIG`,
 * else the user's file before the system's. Lists of two files are joined, and of other keys the first counts. An `[[index]]` that
 * is the default beats every `index-url`, and `index-url` of `[pip]` that of the top level. A project's own file is not in an image.
 * @throws {RegistrarError} index-config-malformed: uv fails on such a file too
 */
export function readUvConfiguration(image: ImageSettings, name: string): UvConfiguration {
  const paths = configPaths(image).filter((path) => image.files.has(path));
  const files = paths.flatMap((path) => {
    const text = image.files.get(path);
    return text === undefined ? [] : { path, config: parseConfig(text, path, name) };
  });
  const entries = files.flatMap(({ path, config }) =>
    config.index.map(({ name: label, ...entry }) => ({ ...entry, name: label, source: path })),
  );
  const usable = entries.filter(({ explicit }) => !explicit);
  const url = firstOf(files, ({ pip }) => pip["index-url"]) ?? firstOf(files, (config) => config["index-url"]);
  const extra =
    firstOf(files, ({ pip }) => pip["extra-index-url"]) ?? firstOf(files, (config) => config["extra-index-url"]);
  const ofUrl = url && { url: url.value, name: undefined, source: url.path };
  const ofExtra = (extra?.value ?? []).map((one) => ({ url: one, name: undefined, source: extra?.path ?? "" }));
  return {
    default: usable.find((entry) => entry.default) ?? ofUrl,
    additional: [...usable.filter((entry) => !entry.default), ...ofExtra],
    usesNoIndex: files.some(({ config }) => config["no-index"] === true || config.pip["no-index"] === true),
    usesSystemCertificates: files.some(
      ({ config }) => config["system-certs"] === true || config["native-tls"] === true,
    ),
    hasInsecureHosts: files.some(({ config }) => config["allow-insecure-host"] !== undefined),
    unread: paths.filter((path) => image.files.get(path) === undefined),
  };
}

/** The files that uv reads, those that count first. Of the system's, it reads the first that is there. */
function configPaths(image: ImageSettings): string[] {
  const given = variable(image, "UV_CONFIG_FILE");
  if (given !== undefined) return [given];
  if (isTrue(variable(image, "UV_NO_CONFIG"))) return [];
  const { user, system } = configFolders(image);
  const ofSystem = [...system.map((folder) => `${folder}/uv/uv.toml`), "/etc/uv/uv.toml"];
  const found = ofSystem.find((path) => image.files.has(path));
  return [`${user}/uv/uv.toml`, ...(found === undefined ? [] : [found])];
}

/** As uv reads a variable that is true or false. */
export function isTrue(text: string | undefined): boolean {
  return /^(1|true|t|yes|y|on)$/i.test(text ?? "");
}

function parseConfig(text: string, path: string, image: string): UvConfig {
  try {
    return configSchema.parse(parse(text));
  } catch (error) {
    if (!(error instanceof TomlError || error instanceof z.ZodError)) throw error;
    // Both quote the file, which may contain a password.
    const why = error instanceof TomlError ? `line ${error.line} is not TOML` : keysOf(error);
    throw problem("index-config-malformed", { image, path }, why);
  }
}

function keysOf({ issues }: z.ZodError): string {
  return issues.map(({ path, code }) => `${path.join(".")}: ${code.replaceAll("_", " ")}`).join("; ");
}

function firstOf<T>(files: readonly ConfigFile[], read: (config: UvConfig) => T | undefined) {
  for (const { path, config } of files) {
    const value = read(config);
    if (value !== undefined) return { path, value };
  }
  return undefined;
}
