import { mkdir } from "node:fs/promises";
import { exitCodes } from "../../../findings/catalog/code-entry.ts";
import { problem } from "../../../findings/registrar-error.ts";
import type { Copy } from "../../../images/mirror/copy-image.ts";
import { type MirroredImage, type MirrorListener, mirrorImages } from "../../../images/mirror/mirror-images.ts";
import { planCopies, planCopiesFrom } from "../../../images/mirror/plan-copies.ts";
import { type MirrorTarget, mirrorTargetText } from "../../../images/mirror-target.ts";
import type { LeftOut } from "../../../images/required-image.ts";
import { requiredImages } from "../../../images/required-images.ts";
import type { MirrorReport, ReportedImage } from "../../../report/mirror-report.ts";
import { parseSettings } from "../../../settings/parse-settings.ts";
import type { Settings } from "../../../settings/schema.ts";
import { createPrivateFolder, removeLeftovers } from "../../../system/private-folder.ts";
import type { CommandBody, Shell } from "../../shell/command.ts";
import { imageDemand } from "../image-demand.ts";
import type { MirrorFlags } from "./mirror-flags.ts";
import { openMirrorTools } from "./mirror-tools.ts";

/** Copies the images that builds require, or those of a folder, and reports how that went for each. */
export const mirror: CommandBody<MirrorFlags> = async (shell, flags) => {
  const { world } = shell;
  const started = world.clock.now();
  const { target } = flags;
  if (!target) throw problem("usage-wrong", { message: "images mirror requires --to <registry/path> or --to oci:DIR" });
  const to = mirrorTargetText(target);
  const { settings } = parseSettings(shell.invocation, world.readFile);
  const { copies, leftOut } = planOf(settings, flags, target);
  await removeLeftovers(world);
  await using folder = await createPrivateFolder(world);
  using tools = await openMirrorTools(settings, flags, to, folder, shell);
  if (target.kind === "layout" && !flags.isDryRun) await prepareLayout(target.folder, shell);
  const { client, dependencies } = tools;
  const listener = listenerFor(copies.length, shell);
  const images = await mirrorImages(copies, flags.atOnce, dependencies, listener, world.signal);
  const report: MirrorReport = {
    schemaVersion: 1,
    program: { name: "image-builder-registrar", version: world.version },
    command: "images mirror",
    ...(dependencies.tool && { tool: dependencies.tool.name }),
    images: images.map((image) => reportedImage(image, shell)),
    leftOut: [...leftOut],
    warnings: client.refusedLogins().map(shell.describe),
    summary: summaryOf(images, leftOut, to),
    exitCode: images.some(({ state }) => state === "failed") ? exitCodes.failed : exitCodes.success,
    milliseconds: Math.round(world.clock.now() - started),
  };
  return { report };
};

function planOf(
  settings: Settings,
  flags: MirrorFlags,
  target: MirrorTarget,
): { copies: Copy[]; leftOut: readonly LeftOut[] } {
  if (flags.fromFolder === undefined) {
    const { images, leftOut } = requiredImages(imageDemand(settings, flags));
    return { copies: planCopies(images, target), leftOut };
  }
  if (target.kind === "layout") {
    throw problem("usage-wrong", { message: "--from oci:DIR requires --to <registry/path>; copy a folder by cp -r" });
  }
  return { copies: planCopiesFrom(flags.fromFolder, target), leftOut: [] };
}

/** Makes the folder, and removes what killed runs have left in it. */
async function prepareLayout(folder: string, { world }: Shell): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await removeLeftovers({ temporaryFolder: folder, isRunning: world.isRunning });
  } catch (error) {
    throw problem("mirror-layout-unusable", { folder }, error);
  }
}

/** Shows what happens, image by image. */
function listenerFor(total: number, shell: Shell): MirrorListener {
  const running: string[] = [];
  let done = 0;
  return {
    started(source) {
      running.push(source);
      shell.observer.imageStarted(source, { done, total, running });
    },
    ended(image) {
      running.splice(running.indexOf(image.source), 1);
      done++;
      shell.observer.imageEnded(reportedImage(image, shell), { done, total, running });
    },
  };
}

function reportedImage({ finding, digest, ...image }: MirroredImage, { describe }: Shell): ReportedImage {
  return { ...image, ...(digest !== undefined && { digest }), ...(finding && { finding: describe(finding) }) };
}

/** `4 of 6 images are in registry.example.com/union: 1 copied, 3 there before; 2 failed, 1 left out`. */
function summaryOf(images: readonly MirroredImage[], leftOut: readonly LeftOut[], to: string): string {
  const count = (state: MirroredImage["state"]) => images.filter((image) => image.state === state).length;
  const [copied, there, planned, failed] = [count("copied"), count("there"), count("planned"), count("failed")];
  const others = [
    ...(planned > 0 ? [`${planned} to copy`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
  ];
  const tail = others.length > 0 ? `; ${others.join(", ")}` : "";
  return `${copied + there} of ${images.length} images are in ${to}: ${copied} copied, ${there} there before${tail}`;
}
