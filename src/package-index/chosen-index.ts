import { publicIndex } from "../findings/public-index.ts";
import { type ImageSettings, variable } from "./image-settings.ts";
import { secretsOfAddress } from "./index-address.ts";
import { type PipSetting, pipSettings } from "./pip-settings.ts";
import { type ConfiguredIndex, isTrue, readUvConfiguration } from "./uv-config.ts";

/** An index that uv asks, and who says so: a variable, a file, or nobody (the public one). */
interface ChosenIndex {
  /** With its credentials, those of `UV_INDEX_<NAME>_USERNAME` and `…_PASSWORD` too. */
  url: string;
  source: string;
}

/** The indexes of a build on an image. */
export interface IndexChoice {
  /** Absent if uv is to use none (`no-index`). */
  default: ChosenIndex | undefined;
  isPublic: boolean;
  /** Asked before the default, in this order. */
  additional: readonly ChosenIndex[];
  /** Whether the default is used instead of that of `with_pip_packages(index_url=…)`, which becomes `--index-url`. */
  overridesUsers: boolean;
  /** What is set for pip alone and has no counterpart for uv. */
  pipOnly: readonly PipSetting[];
  /** Whether uv trusts more than the public CAs. */
  trustsOwnCertificates: boolean;
  /** Configuration files whose contents are not known, and that count here. */
  unread: readonly string[];
}

/**
 * Which indexes `uv pip install` asks in a build on an image: `UV_DEFAULT_INDEX`, else `--index-url` of the build, else
 * `UV_INDEX_URL`, else uv's configuration, else the public one; `UV_INDEX` and `UV_EXTRA_INDEX_URL` in addition. Measured with
 * uv 0.13.9 (test/uv/package-index.test.ts).
 * @param name of the image, for errors
 * @throws {RegistrarError} index-config-malformed
 */
export function chooseIndex(image: ImageSettings, name: string): IndexChoice {
  const configured = readUvConfiguration(image, name);
  const ofDefault = fromVariable(image, "UV_DEFAULT_INDEX")[0];
  const ofVariables = ofDefault ?? plainFrom(image, "UV_INDEX_URL")[0];
  const chosen = ofVariables ?? configured.default;
  const additional = [
    ...fromVariable(image, "UV_INDEX"),
    ...plainFrom(image, "UV_EXTRA_INDEX_URL"),
    ...configured.additional,
  ];
  const trustsOwnCertificates =
    configured.usesSystemCertificates ||
    ["SSL_CERT_FILE", "SSL_CERT_DIR"].some((each) => variable(image, each) !== undefined) ||
    ["UV_SYSTEM_CERTS", "UV_NATIVE_TLS"].some((each) => isTrue(variable(image, each)));
  const has = {
    index: chosen !== undefined,
    additional: additional.length > 0,
    ca: trustsOwnCertificates,
    "trusted-host": configured.hasInsecureHosts || variable(image, "UV_INSECURE_HOST") !== undefined,
  };
  const otherwise = { url: publicIndex.url, name: undefined, source: "" };
  return {
    default: configured.usesNoIndex ? undefined : withCredentials(image, chosen ?? otherwise),
    isPublic: !configured.usesNoIndex && chosen === undefined,
    additional: configured.usesNoIndex ? [] : additional.map((index) => withCredentials(image, index)),
    overridesUsers: ofDefault !== undefined,
    pipOnly: pipSettings(image).filter(({ concern }) => !has[concern]),
    trustsOwnCertificates,
    unread: ofVariables === undefined ? configured.unread : [],
  };
}

/** Every text in the settings of an image that no output may show. */
export function secretsOfImage(image: ImageSettings): string[] {
  const texts = [...image.environment.values(), ...image.files.values()].flatMap((text) => text ?? []);
  const inAddresses = texts.flatMap((text) => text.match(/https?:\/\/[^\s"'<>\]]+/gi) ?? []).flatMap(secretsOfAddress);
  const passwords = [...image.environment].filter(([name]) => /^UV_INDEX_.*_PASSWORD$/.test(name));
  return [...inAddresses, ...passwords.map(([, value]) => value)];
}

/** Indexes of a variable whose words are a URL each, or `name=URL`. */
function fromVariable(image: ImageSettings, source: string): ConfiguredIndex[] {
  return words(image, source).map((word) => {
    const [, name, url = word] = /^([A-Za-z0-9._-]+)=(.*)$/.exec(word) ?? [];
    return { url, name, source };
  });
}

/** Indexes of a variable that has no names. */
function plainFrom(image: ImageSettings, source: string): ConfiguredIndex[] {
  return words(image, source).map((url) => ({ url, name: undefined, source }));
}

function words(image: ImageSettings, name: string): string[] {
  return (variable(image, name) ?? "").split(/\s+/).filter((word) => word !== "");
}

/** Source: https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly */
function withCredentials(image: ImageSettings, { url: text, name, source }: ConfiguredIndex): ChosenIndex {
  const prefix = `UV_INDEX_${name?.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
  const [username, password] = ["USERNAME", "PASSWORD"].map((part) => variable(image, `${prefix}_${part}`));
  const url = URL.parse(text);
  if (name === undefined || !url || (username ?? password) === undefined) return { url: text, source };
  url.username = encodeURIComponent(username ?? "");
  url.password = encodeURIComponent(password ?? "");
  return { url: url.href, source };
}
