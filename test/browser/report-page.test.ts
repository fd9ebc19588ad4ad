import { clone } from "@bufbuild/protobuf";
import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { TaskSpecSchema } from "#flyteidl2/task/task_definition_pb.js";
import { openBrowser } from "../../testing/browser/open-browser.ts";
import { type HealthyWorld, startHealthyWorld } from "../../testing/healthy-world/healthy-world.ts";
import { unpackBundle } from "../../testing/program/unpack-bundle.ts";

/** What a stranger may have registered: markup, a direction override, a word without an end. */
const hostile = `<img src="http://127.0.0.1:9/x" onerror="document.title='run'"></style><script>alert(1)</script>\u202e${"w".repeat(400)}`;

function storeHostile({ plane, spec }: HealthyWorld): void {
  const stored = clone(TaskSpecSchema, spec);
  if (stored.taskTemplate) stored.taskTemplate.config = { [hostile]: hostile };
  plane.store({ version: "2026.3.4-r1", spec: stored });
}

/** The page of a world, as `check --bundle` writes it. */
async function pageOf(prepare: (world: HealthyWorld) => void): Promise<string> {
  await using world = await startHealthyWorld();
  prepare(world);
  const file = world.path("support.tgz");
  await world.run(["check", "--bundle", file]);
  return (await unpackBundle(file))["report.html"] ?? "";
}

describe.skipIf(inject("browser") === "")("the support page in Chromium", () => {
  let browser: Browser;
  let pages: Record<"healthy" | "broken", string>;

  beforeAll(async () => {
    const [opened, healthy, broken] = await Promise.all([
      openBrowser(inject("browser")),
      pageOf(() => {}),
      pageOf((world) => {
        storeHostile(world);
        delete world.cluster.configMaps["build-image-config"];
      }),
    ]);
    browser = opened;
    pages = { healthy, broken };
  });
  afterAll(() => browser?.close());

  /** Opens a page; whatever it asks for is refused and listed. */
  async function open(name: "healthy" | "broken", options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.route("**", (route) => {
      const url = route.request().url();
      if (url === "http://report.invalid/")
        return route.fulfill({ body: pages[name], contentType: "text/html; charset=utf-8" });
      asked.push(url);
      return route.abort();
    });
    await page.goto("http://report.invalid/");
    return { page, asked, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  const unfold = (page: Page) =>
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })");

  it.each([
    ["healthy", "light", 1280],
    ["healthy", "dark", 360],
    ["broken", "light", 360],
    ["broken", "dark", 1280],
  ] as const)(
    "%s in %s at %i px: axe finds nothing, and nothing is wider than the screen",
    async (name, scheme, width) => {
      await using opened = await open(name, { colorScheme: scheme, viewport: { width, height: 800 } });
      const { page } = opened;
      await unfold(page);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}: ${nodes[0]?.failureSummary}`)).toEqual([]);
    },
  );

  it("asks for nothing, runs nothing, and its policy allows its style", async () => {
    await using opened = await open("broken", { viewport: { width: 1280, height: 800 } });
    const { page, asked, complaints } = opened;
    expect(await page.locator("script, img, iframe, object, link").count()).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).toBe("896px");
    // What got in all the same would be stopped.
    await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/x>')");
    await expect.poll(() => complaints.join()).toContain("Content Security Policy");
    expect(asked).toEqual([]);
  });

  it("has the verdict as its heading, then the root finding, and one way to it for the keyboard", async () => {
    await using opened = await open("broken");
    const { page } = opened;
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Remote image builds cannot work yet");
    expect(await page.locator("h2").first().innerText()).toContain("differs from these settings");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the verdict");
  });

  it("keeps its tables as tables where a phone stacks their cells", async () => {
    await using opened = await open("healthy", { viewport: { width: 360, height: 800 } });
    const { page } = opened;
    const settings = page.getByRole("table", { name: "Settings that were given, and where" });
    expect(await settings.getByRole("columnheader").allInnerTexts()).toEqual(["Setting", "Value", "Source"]);
    expect(await settings.getByRole("rowheader", { name: "appVersion" }).count()).toBe(1);
  });

  it("prints what is folded, in dark letters even where the screen is dark", async () => {
    await using opened = await open("healthy", { colorScheme: "dark" });
    const { page } = opened;
    const folded = page.locator("details table").last();
    const height = async () => (await folded.boundingBox())?.height ?? 0;
    expect(await height()).toBe(0);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await height()).toBeGreaterThan(100);
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(27, 31, 36)");
    expect(await page.locator("nav").isVisible()).toBe(false);
  });
});
