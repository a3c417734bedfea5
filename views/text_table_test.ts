import { assertEquals } from "@std/assert";
import { widthOf } from "./compose.ts";
import { plot } from "./plot.ts";
import { partsOf } from "./testing.ts";
import { GAP, LINE, tableMarks, textTable } from "./text_table.ts";

Deno.test("texts start, and numbers end, where their columns do", () => {
  const { cells, width, middleOf } = textTable(["name", "ms"], [["first", "1.25"], ["b", "3"]], { texts: 1, head: 30 });
  const end = widthOf("first") + GAP + widthOf("1.25");
  assertEquals(cells, [
    { text: "name", line: -1, isText: true, at: 0 },
    { text: "ms", line: -1, isText: false, at: end },
    { text: "first", line: 0, isText: true, at: 0 },
    { text: "1.25", line: 0, isText: false, at: end },
    { text: "b", line: 1, isText: true, at: 0 },
    { text: "3", line: 1, isText: false, at: end },
  ]);
  assertEquals([width, middleOf(-1), middleOf(0), middleOf(2)], [end, 30 - LINE / 2, 30 + LINE / 2, 30 + 2.5 * LINE]);
});

Deno.test("every second line has a stripe, the first one too", async () => {
  for (const [count, stripes] of [[1, 1], [2, 1], [3, 2], [4, 2]]) {
    const lines = Array.from({ length: count }, (_, i) => [`line ${i}`]);
    const table = textTable(["name"], lines, { texts: 1, head: LINE });
    const { svg } = await plot((library) => ({
      ...{ width: 100, height: 200, margin: 0, x: { type: "identity" }, y: { type: "identity" }, axis: null },
      marks: tableMarks(library, table, 100),
    }));
    const places = partsOf(svg, "line").map((line) => Number(line.getAttribute("y1")));
    assertEquals(places, Array.from({ length: stripes }, (_, i) => table.middleOf(2 * i)), `${count} lines`);
  }
});
