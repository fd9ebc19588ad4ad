import { publicIndex } from "../public-index.ts";
import type { Reader } from "../reader.ts";
import { quoteHost, shellQuote } from "../shell-quote.ts";
import { listText } from "./cloud-fixes.ts";
import { entry, exitCodes, typedUrl } from "./code-entry.ts";
import { certificateLines, indexLine } from "./dockerfile-lines.ts";
import { hostOf } from "./endpoint-texts.ts";

const exit = exitCodes.failed;

/** Base images with the same fault. */
interface Images {
  images: readonly string[];
}

/** An index, as it may be shown. */
interface Index {
  /** `https://artifacts.example.com/api/pypi/pypi/simple`: without credentials. */
  index: string;
}

/** Who asked the index. */
interface Seen extends Index {
  seenBy: "this pod" | "this machine" | "buildkit";
}

const askIndex = ({ index }: Index, { probe }: Reader) =>
  probe("curl", `-sv --max-time 10 ${typedUrl(`${index}/pip/`)}`);

/** What Docker shows of an image: its variables. */
const showImage = ({ images }: Images) =>
  `kubectl run registrar-image --rm -i --restart=Never --image=${shellQuote(images[0] ?? "")} --command -- env`;

/** The subject of a sentence, with a word of doubt: builds use buildkit's network. */
const seen = ({ seenBy }: Seen) =>
  seenBy === "buildkit" ? "buildkit" : `${seenBy}, whose network may differ from buildkit's,`;

const openTo =
  (code: string) =>
  ({ index, seenBy }: Seen, { setting }: Reader) => {
    const host = quoteHost(URL.parse(index)?.host ?? index);
    return seenBy === "buildkit"
      ? `Allow TCP from buildkit's pods to ${host} (NetworkPolicy, security group, firewall), or set ${setting("builds.packageIndex")} to an index inside the network.`
      : `Allow egress from here to ${hostOf(index)} (NetworkPolicy: networkPolicy.extraEgress in the chart), or set ${setting("controlPlane.proxy")}; if buildkit reaches it, ignore this with --skip ${code}.`;
  };

/** Where builds get Python packages: what an image says, and how an index answers. */
export const packageIndexCodes = {
  "index-unread-by-uv": entry<Images & { pipOnly: readonly string[]; index: string; isIndex: boolean }>({
    exit,
    what: ({ images, pipOnly, isIndex }) =>
      `${listText(pipOnly)} of ${listText(images)} ${pipOnly.length === 1 ? "is" : "are"} read by pip and not by uv${isIndex === true ? `, so builds take packages from ${publicIndex.name} (${publicIndex.host})` : ""}`,
    fix: ({ images, index, isIndex }) =>
      isIndex === true
        ? `Put ${indexLine(shellQuote(index))} into the Dockerfile of ${listText(images)}; for a private CA also ${certificateLines}. UV_DEFAULT_INDEX works too, but also overrides with_pip_packages(index_url=…).`
        : `Put the same for uv into the Dockerfile of ${listText(images)}: for a private CA ${certificateLines}; UV_INSECURE_HOST=<host:port> for trusted-host; UV_INDEX=<URL> for a further index.`,
    next: showImage,
  }),
  "index-not-used": entry<Images & Index & { used: string; source: string }>({
    exit,
    what: ({ images, index, used, source }) =>
      `builds on ${listText(images)} take packages from ${used} (${source}) and not from ${index}`,
    fix: ({ images, index }, { setting }) =>
      `Put ${indexLine(shellQuote(index))} into the Dockerfile of ${listText(images)} (for a private CA also ${certificateLines}), or have users name it: with_pip_packages(…, index_url=${JSON.stringify(index)}); if the image is right, correct ${setting("builds.packageIndex")}.`,
    next: showImage,
  }),
  "index-config-malformed": entry<{ image: string; path: string }>({
    exit,
    what: ({ image, path }) =>
      `uv cannot read its configuration ${path} in ${image}, so every uv command of a build fails`,
    fix: ({ image, path }) =>
      `Correct ${path} in the Dockerfile of ${image} (https://docs.astral.sh/uv/reference/settings has its keys), or remove it and set UV_INDEX_URL.`,
    next: ({ image, path }) =>
      `kubectl run registrar-image --rm -i --restart=Never --image=${shellQuote(image)} --command -- cat ${shellQuote(path)}`,
  }),
  "index-name-unknown": entry<Seen>({
    exit,
    what: (args) => `${seen(args)} cannot resolve the host of the package index ${args.index}`,
    fix: ({ index, seenBy }, { setting }) =>
      seenBy === "buildkit"
        ? `Correct the host in ${setting("builds.packageIndex")} or in the base image, or have the cluster's DNS forward ${hostOf(index)} to a server that knows it.`
        : `Correct the host in ${setting("builds.packageIndex")} or in the base image: ${shellQuote(index)}.`,
    next: ({ index }, { probe }) => probe("getent", `ahosts ${hostOf(index)}`),
  }),
  "index-unreachable": entry<Seen>({
    exit,
    what: (args) => `${seen(args)} gets no connection to the package index ${args.index}`,
    fix: openTo("index-unreachable"),
    next: askIndex,
  }),
  "index-timeout": entry<Seen>({
    exit,
    what: (args) => `${seen(args)} gets no answer in time from the package index ${args.index}`,
    fix: openTo("index-timeout"),
    next: askIndex,
  }),
  "index-untrusted": entry<Index>({
    exit,
    what: ({ index }) =>
      `the certificate of the package index ${index} is signed by a private CA, which uv in a base image does not trust by itself`,
    fix: () =>
      `Put the CA into the Dockerfile of base images: ${certificateLines}; uv reads neither PIP_CERT nor REQUESTS_CA_BUNDLE.`,
    next: askIndex,
  }),
  "index-tls-failed": entry<Index>({
    exit,
    what: ({ index }) => `TLS with the package index ${index} fails`,
    fix: ({ index }, { setting }) =>
      `Renew the certificate of ${shellQuote(index)} as why says (host name, dates, chain), or correct the address in ${setting("builds.packageIndex")} or in the base image (http:// for a plain HTTP port).`,
    next: askIndex,
  }),
  "index-login-required": entry<Index>({
    exit,
    what: ({ index }) => `the package index ${index} requires a login, and its address has no credentials`,
    fix: () =>
      "Give builds the credentials: by a build secret (with_pip_packages(…, secret_mounts=…)), which is in no layer, or by UV_INDEX_URL with user name and password in the base image if whoever can pull it may know them; if builds have them already, ignore this with --skip index-login-required.",
    next: askIndex,
  }),
  "index-login-refused": entry<Index & { source: string }>({
    exit,
    what: ({ index, source }) => `the package index ${index} refuses the credentials of ${source}`,
    fix: ({ source }) =>
      `Replace user name and password in ${source}, special characters percent-encoded (@ is %40); a token in place of a password expires.`,
    next: askIndex,
  }),
  "index-path-wrong": entry<Index>({
    exit,
    what: ({ index }) => `${index} is not the address of a package index: nothing answers by the Simple API there`,
    fix: (_args, { setting }) =>
      `Correct the path in ${setting("builds.packageIndex")} or in the base image: it usually ends with /simple (Artifactory: /api/pypi/<repository>/simple, Nexus: /repository/<repository>/simple, devpi: /<user>/<index>/+simple).`,
    next: askIndex,
  }),
  "index-curated": entry<Index>({
    exit,
    what: ({ index }) => `the package index ${index} does not have pip, so it may not have what builds need`,
    fix: ({ index }) =>
      `Give ${shellQuote(index)} an upstream (a remote or proxy repository of ${publicIndex.name}), or ignore this with --skip index-curated if it has all that builds need.`,
    next: askIndex,
  }),
  "index-not-spoken": entry<Index>({
    exit,
    what: ({ index }) => `something other than a package index answers at ${index} (proxy page, login page)`,
    fix: ({ index }, { setting }) =>
      `Allow ${shellQuote(index)} at the proxy that answers in its place, or correct ${setting("builds.packageIndex")} or the base image.`,
    next: askIndex,
  }),
  "index-failed": entry<Index & { status: number }>({
    exit,
    what: ({ index, status }) => `the package index ${index} fails: HTTP ${status}`,
    fix: ({ index }) =>
      `Start what is behind ${shellQuote(index)}, or wait if it limits requests, and run registrar check again.`,
    next: askIndex,
  }),
  "index-redirects": entry<Index>({
    exit,
    what: ({ index }) => `the package index ${index} redirects without an end`,
    fix: (_args, { setting }) =>
      `Set ${setting("builds.packageIndex")}, or UV_INDEX_URL of the base image, to the address that the redirections lead to, with its final slash or without.`,
    next: askIndex,
  }),
  "index-unclear": entry<Index>({
    exit,
    what: ({ index }) =>
      `the answer of buildkit about the package index ${index} does not say whether builds get there`,
    fix: ({ index }) =>
      `Read the log of buildkit about ${shellQuote(index)} (kubectl --namespace <buildkit's namespace> logs <pod>), and correct what why names.`,
    next: askIndex,
  }),
} as const;
