import { assertEquals } from "@std/assert";
import { tableOf } from "./table.ts";

const heads = ["run", "epochs", "error"];
const rows = [["a", 5, "1.500 %"], ["longer", 12, null], ["b", null, "11.250 %"]] as const;

Deno.test("text is aligned left, numbers are aligned right", () => {
  assertEquals(tableOf(heads, rows), [
    "run     epochs     error",
    "a            5   1.500 %",
    "longer      12",
    "b               11.250 %",
  ]);
});

Deno.test("what is not there is empty", () => {
  assertEquals(tableOf(["a", "b", "c"], [[undefined, null, 1]]), ["a  b  c", "      1"]);
});

Deno.test("if columns do not fit, each row is a block", () => {
  assertEquals(tableOf(heads, rows.slice(0, 2), 12), [
    "run: a",
    "epochs: 5",
    "error: 1.500 %",
    "",
    "run: longer",
    "epochs: 12",
  ]);
});

Deno.test("columns that just fit are side by side", () => {
  assertEquals(tableOf(heads, rows, 24), tableOf(heads, rows));
  assertEquals(tableOf(heads, rows, 23)[0], "run: a");
});

Deno.test("texts with line ends and any number of rows are shown", () => {
  assertEquals(tableOf(["run", "x"], [["a\nb\x1b[31m", "y"]]), ["run             x", "a\\nb\\u001b[31m  y"]);
  assertEquals(tableOf(["epoch"], Array.from({ length: 200_000 }, (_, i) => [i])).length, 200_001);
});
