import type { BaseImage, UnreadLayers } from "../../base-image/find-python.ts";
import { uvRefusal } from "../../base-image/uv-python.ts";
import { type Finding, finding } from "../../findings/finding.ts";

/**
 * What is wrong with the Pythons of an image, in one finding: that of the first version, errors first. Its reason mentions the
 * other versions that have a fault.
 */
export function findingOf(image: string, found: BaseImage): Finding | undefined {
  const faults = [...found.verdicts.keys()].flatMap((python) => {
    const fault = faultOf(image, python, found);
    return fault ? [{ python, fault }] : [];
  });
  const first = faults.find(({ fault }) => fault.severity === "error") ?? faults[0];
  if (!first) return undefined;
  const also = faults
    .filter((one) => one !== first)
    .map(({ python, fault }) => `also ${fault.code} for Python ${python}`);
  return { ...first.fault, why: [first.fault.why, ...also].filter((text) => text !== "").join("; ") };
}

function faultOf(image: string, python: string, found: BaseImage): Finding | undefined {
  const { verdicts, versions, preference, unread, failure } = found;
  const verdict = verdicts.get(python);
  switch (verdict?.kind) {
    case "not-found":
      return finding("error", "python-not-found", { image, python, versions }, uvRefusal(python, preference));
    case "only-in-venv":
      return finding(
        "warning",
        "python-only-in-venv",
        { image, python, where: verdict.where },
        uvRefusal(python, preference),
      );
    case "unknown":
      // What the registry says is the cause.
      if (failure) return { ...failure.finding, severity: "warning" };
      return finding("warning", "python-unknown", { image, python, unread }, verdict.why);
    default:
      return undefined;
  }
}

/** What an image has: where each version is, and what was assumed of layers that were not read; or all its versions. */
export function detailOf({ verdicts, versions, unread }: BaseImage): string {
  if (verdicts.size === 0) {
    const listed = versions.length === 0 ? "no Python was found" : `Python ${versions.join(", ")}`;
    return unread.layers === 0 ? listed : `${listed}; not read: ${unreadText(unread)}`;
  }
  return Array.from(verdicts, ([python, verdict]) => {
    if (verdict.kind !== "found") return "";
    const { where, unreadAbove } = verdict;
    const assumed =
      unreadAbove.layers === 0 ? "" : `, assuming that ${unreadText(unreadAbove)} above it do not remove it`;
    return `Python ${python}: ${where}${assumed}`;
  }).join("; ");
}

function unreadText({ layers, bytes }: UnreadLayers): string {
  return `${layers} ${layers === 1 ? "layer" : "layers"} (${Math.ceil(bytes / 1_000_000)} MB)`;
}
