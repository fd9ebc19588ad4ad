import { checkCommand } from "./commands/check/check-command.ts";
import { imagesCommand } from "./commands/images/images-command.ts";
import { mirrorCommand } from "./commands/images/mirror/mirror-command.ts";
import { registerCommand } from "./commands/register/register-command.ts";
import { renderCommand } from "./commands/render/render-command.ts";
import { createCommandLine } from "./commands/shell/command-line.ts";
import type { World } from "./commands/shell/world.ts";
import { statusCommand } from "./commands/status/status-command.ts";
import { verifyCommand } from "./commands/verify/verify-command.ts";

/**
 * Runs the program.
 * @param args without the program's own name
 * @returns the exit code
 */
export function runCli(args: readonly string[], world: World): Promise<number> {
  const line = createCommandLine(args, world);
  line.add(registerCommand);
  line.add(verifyCommand);
  line.add(checkCommand);
  line.add(statusCommand);
  line.add(renderCommand);
  line.add(imagesCommand);
  line.add(mirrorCommand);
  return line.run();
}
