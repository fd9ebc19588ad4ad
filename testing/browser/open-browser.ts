import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Why there is no browser on this machine; nothing if there is one, or one can be installed. */
export function missingForBrowser(): string | undefined {
  if (process.env["CHROMIUM"] || existsSync("/usr/bin/chromium-headless-shell")) return undefined;
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    return "Chromium is installed by root on Debian only; name one in CHROMIUM";
  return undefined;
}

/** Starts Chromium. It has no sandbox, which root cannot have, and reads pages of our own alone. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
