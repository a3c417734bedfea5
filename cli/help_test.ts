import { assertEquals } from "@std/assert";
import { columns, wrap } from "./help.ts";

Deno.test("lines are as long as the width, and no longer unless a word is", () => {
  assertEquals(wrap("aa bb cc", 5), ["aa bb", "cc"]);
  assertEquals(wrap("aa bb cc", 4), ["aa", "bb", "cc"]);
  assertEquals(wrap("aaaaaa b", 3), ["aaaaaa", "b"]);
  assertEquals(wrap("", 3), [""]);
});

Deno.test("the second column is beside the first if there is space for it, otherwise below", () => {
  const rows = [["-a", "one two three four five"]] as const;
  const indent = 2 + 4;
  assertEquals(columns(rows, indent + 24), "  -a  one two three four five");
  assertEquals(columns(rows, indent + 23), "  -a\n      one two three four five");
  const long = "-".repeat(35);
  assertEquals(
    columns([[long, "one"], ["-b", "two"]], 80),
    `  ${long}\n${" ".repeat(38)}one\n  -b${" ".repeat(34)}two`,
  );
  const widest = "-".repeat(34);
  assertEquals(columns([[widest, "one"]], 80), `  ${widest}  one`);
});
