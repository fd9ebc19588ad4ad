import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chart, leastValues, templated, type Values, withValues } from "../chart/helm.ts";
import { alerting, buildFailed, checked, failed, late, otherOwner, rulesWith, ruleWith } from "./rendered-alerts.ts";

const alertsWith = async (values: Values) => (await rulesWith(values)).map(({ alert }) => alert);

describe("the rule", () => {
  it("follows the conventions of kube-prometheus-stack", async () => {
    const rule = await ruleWith({
      metrics: {
        prometheusRule: {
          labels: { release: "kps" },
          annotations: { team: "platform" },
          additionalRuleLabels: { severity: "page", team: "platform" },
          additionalRuleAnnotations: { dashboard: "x" },
          disabled: { [late]: true },
          kubeStateMetricsSelector: 'job="kube-state-metrics"',
          runbookUrl: "https://example.com/errors.md",
        },
      },
    });
    expect(rule?.metadata.labels).toMatchObject({ release: "kps", "app.kubernetes.io/instance": "reg" });
    expect(rule?.metadata.annotations).toEqual({ team: "platform" });
    const rules = rule?.spec.groups[0]?.rules ?? [];
    expect(rules.map(({ alert }) => alert)).toEqual([failed, otherOwner, buildFailed]);
    for (const { labels, annotations, expr } of rules) {
      expect(labels).toEqual({ severity: "page", team: "platform" });
      expect(annotations).toMatchObject({ dashboard: "x", runbook_url: expect.stringMatching(/^https:.*md#[a-z-]+$/) });
      const metrics = expr.match(/kube_\w+\{/g)?.length;
      expect(expr.match(/namespace="union", job="kube-state-metrics"/g)).toHaveLength(metrics ?? 0);
    }
    expect(await checked(rules)).toMatchObject({ isContent: true });
  });

  it("links to headings of docs/errors.md", async () => {
    const page = readFileSync(join(chart, "../docs/errors.md"), "utf8");
    const anchors = Array.from(
      page.matchAll(/^#+ (.+)$/gm),
      ([, heading = ""]) => `docs/errors.md#${heading.toLowerCase()}`,
    );
    const rules = await rulesWith({ metrics: { prometheusRule: { runbookUrl: "docs/errors.md" } } });
    expect(rules).toHaveLength(4);
    for (const { annotations } of rules) expect(anchors).toContain(annotations["runbook_url"]);
  });

  it("links to nothing where nobody says where that page is", async () => {
    for (const { annotations } of await rulesWith({})) expect(annotations).not.toHaveProperty("runbook_url");
  });

  it("does not say of a member that it registers", async () => {
    const [jobFailed, notSucceeding] = await rulesWith({ role: "member" });
    expect(jobFailed?.annotations).toMatchObject({
      summary: "The scheduled lookup of build-image fails.",
      description: expect.stringContaining("Either nothing is registered"),
    });
    expect(notSucceeding?.annotations["summary"]).toBe(
      "No scheduled lookup of build-image has succeeded for too long.",
    );
  });

  it("waits for the longest run that the values allow", async () => {
    const longer = { activeDeadlineSeconds: 3600, build: { timeout: "30m" } };
    const times = async (values: Values) => (await rulesWith(values)).map((rule) => rule.for);
    expect(await times({})).toEqual(["900s", "15m", "15m", "1170s"]);
    expect(await times(longer)).toEqual(["3900s", "15m", "15m", "5700s"]);
  });

  it.each<[Values, string[]]>([
    [{}, [failed, late, otherOwner, buildFailed]],
    [{ buildCronJob: { schedule: "" } }, [failed, late, otherOwner]],
    [{ cronJob: { schedule: "" } }, [otherOwner, buildFailed]],
    [{ cronJob: { enabled: false } }, [otherOwner, buildFailed]],
    [{ cluster: { enabled: false } }, [failed, late, buildFailed]],
    [{ role: "member" }, [failed, late, buildFailed]],
    [{ cronJob: { enabled: false }, cluster: { enabled: false }, buildCronJob: { schedule: "" } }, []],
    [{ metrics: { prometheusRule: { enabled: false } } }, []],
  ])("has the alerts of what is rendered with %j", async (values, expected) => {
    expect(await alertsWith(values)).toEqual(expected);
  });

  it.each([
    [{ cronJob: { failurePolicy: "warn" } }, "metrics.prometheusRule.enabled alerts on failed Jobs"],
    [{ metrics: { prometheusRule: { disabled: { NoSuchAlert: true } } } }, "NoSuchAlert"],
  ])("refuses %j", async (values, message) => {
    const { stderr } = await templated(3, chart, withValues(withValues(leastValues, alerting), values));
    expect(stderr).toContain(message);
  });
});
