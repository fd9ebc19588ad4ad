import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { requiredImages } from "../../src/images/required-images.ts";
import { chartDocuments } from "../../tools/chart-documents.ts";
import { documentedValues } from "../../tools/chart-readme.ts";
import { demandOf } from "../images/demand.ts";
import { changes } from "./changed-values.ts";
import {
  chart,
  dataplane,
  dataplaneValues,
  helm,
  helms,
  leastValues,
  oldestKubernetes,
  templated,
  type Values,
  withValues,
} from "./helm.ts";

const valuesYaml = readFileSync(join(chart, "values.yaml"), "utf8");

describe("values", () => {
  it.each(changes)("$path changes what is rendered", async ({ path, to, given = {} }) => {
    const values = withValues(leastValues, given);
    const before = await templated(4, chart, values);
    const after = await templated(4, chart, withValues(values, nested(path.split("."), to)));
    expect([before.stderr, after.stderr]).toEqual(["", ""]);
    expect(after.stdout).not.toBe(before.stdout);
  });

  it.each(helms)("lint clean under Helm %i", async (major) => {
    const args = ["lint", chart, "--strict", "--kube-version", oldestKubernetes, "--values", "-"];
    const { exitCode, stdout } = await helm(major, args, JSON.stringify(leastValues));
    expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
    expect(exitCode).toBe(0);
  });
});

describe.each([
  ["alone", chart, leastValues],
  ["embedded", dataplane, dataplaneValues],
])("the notes of the chart, %s,", (_, folder, least) => {
  const notes = async (values: Values = {}) => {
    const args = ["install", "reg", folder, "--dry-run=client", "--namespace", "union", "--values", "-"];
    const own = folder === chart ? values : { imageBuilderRegistrar: values };
    // Only Helm 4 does this without a cluster.
    const { stdout } = await helm(4, args, JSON.stringify(withValues(least, own)));
    return stdout.slice(stdout.indexOf("NOTES:") + "NOTES:".length).trim();
  };

  it("say first how to see whether it worked, then how to run it again, to check and how the last runs ended", async () => {
    expect((await notes()).split("\n")).toEqual([
      "To see whether build-image was registered for 2026.8.3:",
      "  kubectl -n union logs job/reg-image-builder-registrar-register",
      "CronJob reg-image-builder-registrar registers what a hook could not; if it cannot either, its Job is Failed.",
      "If other data planes use this control plane, set role: member in them.",
      "To register now:",
      "  job=registrar-$(date +%s)",
      "  kubectl -n union create job --from=cronjob/reg-image-builder-registrar-register $job",
      "  kubectl -n union logs --follow job/$job",
      "To check what remote builds require:",
      "  job=check-$(date +%s)",
      "  kubectl -n union create job --from=cronjob/reg-image-builder-registrar-check $job",
      "  kubectl -n union logs --follow job/$job",
      "To prove by a build of one small image that remote builds work:",
      "  job=build-$(date +%s)",
      "  kubectl -n union create job --from=cronjob/reg-image-builder-registrar-build $job",
      "  kubectl -n union logs --follow job/$job",
      "To see how the last runs ended:",
      "  kubectl -n union get configmap image-builder-registrar-status -o yaml",
    ]);
  });

  it("name nothing that is switched off", async () => {
    const off = { enabled: false };
    const hooks = { install: false, upgrade: false };
    const left = await notes({
      hooks,
      cronJob: { schedule: "" },
      manual: off,
      check: off,
      buildCronJob: off,
      cluster: off,
    });
    expect(left).toBe("");
    const annotated = { annotations: { "argocd.argoproj.io/hook": "PostSync" } };
    for (const unlogged of [hooks, annotated]) {
      const said = (await notes({ hooks: unlogged })).split("\n");
      const status = "  kubectl -n union get configmap image-builder-registrar-status -o yaml";
      expect(said.slice(0, 2)).toEqual(["To see whether build-image is registered, after the first run:", status]);
      expect(said.lastIndexOf(status)).toBe(1);
    }
    expect(await notes({ cronJob: { failurePolicy: "warn" } })).toContain("registers what a hook could not.\n");
  });

  it("say of a member that it registers nothing, and name no command that would", async () => {
    const said = await notes({ role: "member" });
    expect(said.split("\n").slice(0, 4)).toEqual([
      "To see which build-image the owner has registered:",
      "  kubectl -n union logs job/reg-image-builder-registrar-register",
      "This data plane is a member and registers nothing: the data plane with role owner registers for all.",
      "CronJob reg-image-builder-registrar looks up what is current; if it cannot, or nothing is registered, its Job is Failed.",
    ]);
    expect(said).not.toContain("To register");
  });

  it("say what restricted egress must include for a build, if something builds", async () => {
    const networkPolicy = { enabled: true, egressCidrs: ["10.0.0.0/8"] };
    const sentence = "networkPolicy.egressCidrs must include the data plane's endpoint and its bucket.";
    expect(await notes({ networkPolicy })).toContain(sentence);
    const off = { networkPolicy, buildCronJob: { enabled: false } };
    expect(await notes({ ...off, test: { build: { enabled: true } } })).toContain(sentence);
    expect(await notes(off)).not.toContain(sentence);
    expect(await notes({ networkPolicy: { enabled: true } })).not.toContain(sentence);
  });
});

describe("values.yaml", () => {
  it("has a test above for each of its values", () => {
    const documented = documentedValues(valuesYaml).map(({ path }) => path.join("."));
    expect(changes.map(({ path }) => path)).toEqual(documented.filter((path) => path !== "standalone"));
  });

  it("documents every value", () => {
    const documented = documentedValues(valuesYaml).map(({ path }) => path.join("."));
    const undocumented = leaves(parse(valuesYaml), "").filter(
      (leaf) => !documented.some((path) => leaf === path || leaf.startsWith(`${path}.`)),
    );
    expect(undocumented).toEqual([]);
  });

  it("names the image of this version of the program", () => {
    const { version, appVersion } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
    expect({ version, appVersion, tag: parse(valuesYaml).image.tag }).toEqual({
      version: packageJson.version,
      appVersion: packageJson.version,
      tag: packageJson.version,
    });
  });

  it("has the image that Chart.yaml announces, as registrar images lists it", () => {
    const { annotations } = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
    const { repository, tag } = parse(valuesYaml).image;
    const announced = parse(annotations["artifacthub.io/images"]);
    expect(announced).toEqual([{ name: repository, image: `${repository}:${tag}` }]);
    const registrarImage = `registry.example.com/union/${announced[0].image}`;
    const { images } = requiredImages(demandOf({ registrarImage }));
    expect(images.filter(({ role }) => role === "registrar")).toMatchObject([{ reference: registrarImage }]);
  });

  it.each(chartDocuments())("$path is fresh (make generate)", ({ path, text }) => {
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

function nested([key = "", ...rest]: string[], value: unknown): Values {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function leaves(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
