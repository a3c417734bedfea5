import { assertEquals, assertThrows } from "@std/assert";
import { parsePythonLiteral } from "./python_literal.ts";

Deno.test("literals of Python are read", () => {
  const cases: [string, unknown][] = [
    ["'a'", "a"],
    [' "it\'s" \n', "it's"],
    ["-12", -12],
    ["3L", 3],
    ["()", []],
    ["(1)", 1],
    ["(1,)", [1]],
    ["( 1 ,2L, )", [1, 2]],
    ["[True, None, [False]]", [true, null, [false]]],
    ["{}", new Map()],
    [`{'a': (1, 2), "b": {'c': ''}, }`, new Map<string, unknown>([["a", [1, 2]], ["b", new Map([["c", ""]])]])],
  ];
  for (const [text, value] of cases) assertEquals<unknown>(parsePythonLiteral(text), value, text);
});

Deno.test("anything else is refused with its position", () => {
  const cases: [string, string][] = [
    ["", "at character 0"],
    ["'a", "expected a closing ' at character 1"],
    ["'a\\'b'", "expected a text without backslashes, in one line at character 2"],
    ["'\\n'", "expected a text without backslashes, in one line at character 1"],
    ["1 2", "expected the end at character 2"],
    ["1a", "at character 0"],
    ["true", "at character 0"],
    ["1.5", "expected the end at character 1"],
    ["99999999999999999999", "at character 0"],
    ["(,)", "at character 1"],
    ["(1,,2)", "at character 3"],
    ["(1", "expected ) at character 2"],
    ["{'a' 1}", "expected : at character 5"],
    ["{1: 2}", "expected another text as key at character 1"],
    ["{'a': 1, 'a': 2}", "expected another text as key at character"],
    ["(".repeat(1_000_000), "at character 8"],
    ["{'a':".repeat(1_000_000), "at character 40"],
  ];
  for (const [text, message] of cases) {
    assertThrows(() => parsePythonLiteral(text), SyntaxError, message, text.slice(0, 50));
  }
});
