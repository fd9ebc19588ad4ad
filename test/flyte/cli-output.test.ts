import { describe, expect, test } from "vitest";
import { findLastMessage, toPlainText } from "../../src/flyte/cli-output.ts";

describe("plain text", () => {
  test.each([
    ["without colours", "\u001b[33mDeploying\u001b[0m...", "Deploying..."],
    ["without cursor movements", "\u001b[?25l\u001b[1A\u001b[2Kdone", "done"],
    ["without links", "\u001b]8;;http://a\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["without carriage returns", "10%\r\n20%\r\n", "10%\n20%"],
    ["without blanks at the ends of lines", "a   \n  b  ", "a\n  b"],
    ["with one empty line for many", "a\n\n  \n\nb\n\n", "a\n\nb"],
    ["of nothing", " \n ", ""],
  ])("comes %s", (_, output, text) => {
    expect(toPlainText(output)).toBe(text);
  });
});

describe("the last message", () => {
  const box = ["╭─ Error ──╮", "│ one    │", "│ two        │", "╰──────────╯"].join("\n");

  test.each([
    ["the text of the box, in one line", "out", `progress\n${box}\n    \n`, "one two"],
    [
      "what stands behind the SDK's phrases",
      "",
      box.replace("one", "Error invoking command: Error invoking command: x"),
      "x two",
    ],
    [
      "the cause of a failed deploy",
      "",
      box.replace(
        "one",
        "Error invoking command: user failure, DeploymentError. Failed to deploy task build-image fileNone with image a/b:1, Error:",
      ),
      "two",
    ],
    [
      "what a traceback is about",
      "Filtered traceback:\nConnectError: no\n",
      "  File x\n    raise y",
      "ConnectError: no",
    ],
    ["the last line otherwise, without its indentation", "first", "  > second\n", "> second"],
    ["nothing where nothing was printed", "", "", ""],
  ])("is %s", (_, stdout, stderr, message) => {
    expect(findLastMessage(stdout, stderr)).toBe(message);
  });
});
