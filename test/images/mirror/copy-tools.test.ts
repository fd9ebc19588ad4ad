import { describe, expect, it } from "vitest";
import { type CopyEnd, type CopyToolName, copyTools } from "../../../src/images/mirror/copy-tools.ts";
import { parseImageReference } from "../../../src/registry/image-reference.ts";

const digest = `sha256:${"a".repeat(64)}`;
const source = parseImageReference(`ghcr.io/a/b@${digest}`);
const target = parseImageReference("mirror:5000/m/a/b:1");
const folder = { folder: "/stage" };

function line(tool: CopyToolName, from: CopyEnd, to: CopyEnd, insecureHosts: readonly string[] = [], hasPolicy = true) {
  return copyTools[tool].copyArgs(from, to, { insecureHosts, hasPolicy }).join(" ");
}

describe("the arguments", () => {
  it.each([
    ["skopeo", `copy --all --preserve-digests docker://ghcr.io/a/b@${digest} docker://mirror:5000/m/a/b:1`],
    ["crane", `copy ghcr.io/a/b@${digest} mirror:5000/m/a/b:1`],
    ["regctl", `image copy ghcr.io/a/b@${digest} mirror:5000/m/a/b:1`],
    ["oras", `copy ghcr.io/a/b@${digest} mirror:5000/m/a/b:1`],
  ] as const)("of %s copy between registries", (tool, expected) => {
    expect(line(tool, source, target)).toBe(expected);
  });

  it.each([
    ["skopeo", `copy --all --preserve-digests docker://ghcr.io/a/b@${digest} dir:/stage`],
    ["crane", `pull --format oci ghcr.io/a/b@${digest} /stage`],
    ["regctl", `image copy ghcr.io/a/b@${digest} ocidir:///stage:image`],
    ["oras", `copy --to-oci-layout ghcr.io/a/b@${digest} /stage:image`],
  ] as const)("of %s fill a folder", (tool, expected) => {
    expect(line(tool, source, folder)).toBe(expected);
  });

  it.each([
    ["skopeo", "copy --all --preserve-digests dir:/stage docker://mirror:5000/m/a/b:1"],
    ["crane", "push /stage mirror:5000/m/a/b:1"],
    ["regctl", "image copy ocidir:///stage:image mirror:5000/m/a/b:1"],
    ["oras", "copy --from-oci-layout /stage:image mirror:5000/m/a/b:1"],
  ] as const)("of %s read a folder", (tool, expected) => {
    expect(line(tool, folder, target)).toBe(expected);
  });

  it.each([
    ["skopeo", "--dest-tls-verify=false"],
    ["crane", "--insecure copy"],
    ["regctl", "--host reg=mirror:5000,tls=disabled"],
    ["oras", "--to-plain-http"],
  ] as const)("of %s allow plain HTTP for a registry that the settings name, and for no other", (tool, flag) => {
    expect(line(tool, source, target, ["mirror:5000"])).toContain(flag);
    for (const hosts of [[], ["other:5000"], ["mirror"]]) expect(line(tool, source, target, hosts)).not.toContain(flag);
  });

  it("know port 80 of a registry without a port", () => {
    expect(line("oras", parseImageReference("mirror.local/a:1"), target, ["mirror.local:80"])).toContain(
      "--from-plain-http",
    );
  });

  it("of skopeo keep the machine's policy for signatures if there is one", () => {
    expect(line("skopeo", source, target, [], false)).toMatch(/^--insecure-policy copy /);
    expect(line("skopeo", source, target, [], true)).not.toContain("policy");
  });
});
