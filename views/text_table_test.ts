import { assert, assertEquals } from "@std/assert";
import { GAP, LINE, textTable } from "./text_table.ts";

Deno.test("columns are as wide as their longest text, and numbers end where their column does", () => {
  const { cells, width } = textTable(["kernel", "ms"], [["a", "1.5"], ["a longer name", "12"]], { texts: 1, head: 0 });
  const at = (line: number): number[] => cells.filter((cell) => cell.line === line).map((cell) => cell.at);
  assertEquals(cells.map(({ text }) => text), ["kernel", "ms", "a", "1.5", "a longer name", "12"]);
  assertEquals([at(-1), at(0), at(1)], [[0, width], [0, width], [0, width]]);
  const narrow = textTable(["kernel", "ms"], [["a", "1.5"]], { texts: 1, head: 0 });
  assert(narrow.width < width && narrow.width > GAP);
});

Deno.test("lines follow each other below the head, and the titles are its last one", () => {
  const { middleOf } = textTable(["a"], [["b"]], { texts: 1, head: 100 });
  assertEquals([middleOf(-1), middleOf(0), middleOf(1)], [100 - LINE / 2, 100 + LINE / 2, 100 + 1.5 * LINE]);
});

Deno.test("long texts are cut", () => {
  const { cells } = textTable(["a"], [["x".repeat(200)]], { texts: 1, head: 0 });
  assert(cells[1].text.length < 50 && cells[1].text.endsWith("…"));
});
