import { describe, expect, it } from "vitest";
import { shellWords } from "../../src/settings/shell-words.ts";

// Each answer is that of Python's shlex.split, which reads such a line for the SDK.
describe("the words of a command line", () => {
  it.each([
    ["uctl get-token", ["uctl", "get-token"]],
    ["  uctl\tget-token\n", ["uctl", "get-token"]],
    ["mint --for 'a b' \"c d\"", ["mint", "--for", "a b", "c d"]],
    ["--audience='a b'c", ["--audience=a bc"]],
    ["a ''", ["a", ""]],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
    ["'a\\'", ["a\\"]],
    ["a\\ b \\'c", ["a b", "'c"]],
    ["a#b $HOME *", ["a#b", "$HOME", "*"]],
    ["a\u00a0b", ["a\u00a0b"]],
    ["", []],
    [" ", []],
  ])("%j", (line, words) => {
    expect(shellWords(line)).toEqual(words);
  });

  it.each(["'a", 'a "b', 'a "b\\', "a\\"])("are none where a quote is left open: %j", (line) => {
    expect(shellWords(line)).toBeUndefined();
  });
});
