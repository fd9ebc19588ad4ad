import type { IndexFault } from "../../findings/catalog/build-step-codes.ts";
import { endOf } from "../../findings/cut-text.ts";
import { type Finding, finding } from "../../findings/finding.ts";
import { oneLine } from "../../network/one-line.ts";
import type { BuildSubject } from "../build-evidence.ts";
import { shownWords } from "./build-words.ts";

type Explain = (match: RegExpExecArray, subject: BuildSubject, output: string) => Finding;

/** A URL of an index without its user part: `https://artifacts.example.com/api/pypi/pypi/simple`. */
function indexOf(url: string): string {
  const { origin, pathname } = URL.parse(url) ?? { origin: "", pathname: "" };
  return origin === ""
    ? "of the base image"
    : `${origin}${pathname.replace(/(\/simple)\/.*$/, "$1").replace(/\/$/, "")}`;
}

const indexFailure = (url: string, fault: IndexFault, { baseImage }: BuildSubject, output: string): Finding =>
  finding("error", "build-index-unreachable", { index: indexOf(url), image: baseImage, fault }, shownWords(output));

/** Why uv gets nothing from an index, by the causes that it lists. */
function fetchFault(output: string): IndexFault {
  if (/\b(invalid peer certificate|certificate verify|UnknownIssuer)\b/.test(output)) return "tls";
  if (/\b(dns error|tcp connect error|Connection refused|timed out|os error)\b/i.test(output)) return "network";
  if (/\bHTTP status (?:client|server) error \(401\b/.test(output)) return "login";
  if (/\bHTTP status client error \(403\b/.test(output)) return "forbidden";
  return /\bHTTP status server error\b|\(429\b/.test(output) ? "server" : "other";
}

const pythonFailure: Explain = ([, python], subject, output) =>
  finding(
    "error",
    "build-python-missing",
    { python: python ?? subject.pythonVersion, image: subject.baseImage },
    shownWords(output),
  );

/**
 * What uv prints; the first row that matches counts. A refusal of the index is a hint below "not found", so it comes first. Words
 * are searched without line ends, which uv 0.5 puts into its sentences. Source: testing/recordings/uv-failures.json.
 */
const rows: readonly (readonly [words: RegExp, explain: Explain])[] = [
  [/\bNo interpreter found for Python ([\d.]+\d)/, pythonFailure],
  [/\bNo virtual environment found(?: for Python ([\d.]+\d))?/, pythonFailure],
  [/\bNo system Python installation found(?: for Python ([\d.]+\d))?/, pythonFailure],
  [
    /\bindex URL \((\S+)\) could not be queried due to a lack of valid authentication\b/,
    ([, url = ""], subject, output) => indexFailure(url, "login", subject, output),
  ],
  [
    /\bindex \((\S+)\) returned a 403 Forbidden\b/,
    ([, url = ""], subject, output) => indexFailure(url, "forbidden", subject, output),
  ],
  [
    /\bFailed to fetch: `?(https?:\/\/[^\s`]+)/,
    ([, url = ""], subject, output) => indexFailure(url, fetchFault(output), subject, output),
  ],
  [
    /\bBecause (\S+) was not found in the package registry\b|\bBecause there (?:is|are) no versions? of (\S+?)(?:==| and\b)/,
    ([, unknown, version], { packages }, output) => {
      const name = unknown ?? version;
      return finding(
        "error",
        "build-package-missing",
        { packages: name === undefined ? packages : [oneLine(name)] },
        shownWords(output),
      );
    },
  ],
  [
    /\bno space left on device\b/i,
    (_match, _subject, output) => finding("error", "build-buildkit-lost", { loss: "disk" }, shownWords(output)),
  ],
];

/**
 * The finding for what a step has printed.
 * @returns nothing if no row knows it
 */
export function stepFailure(output: string, subject: BuildSubject): Finding | undefined {
  const words = output.replace(/ *\n *│ */g, " ");
  for (const [pattern, explain] of rows) {
    const match = pattern.exec(words);
    if (match) return explain(match, subject, lastError(words));
  }
  return undefined;
}

/** The last error that a step has printed, with the causes and hints below it. */
function lastError(output: string): string {
  const lines = output.split("\n");
  const start = lines.findLastIndex((line) => /^\s*(?:error: |× )/.test(line));
  return start < 0 ? endOf(output, 1000) : lines.slice(start).join("\n");
}
