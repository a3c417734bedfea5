import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compose, cross, type LegendEntry, type Panel, text } from "./compose.ts";
import { assertReadable, textBoxes } from "./test_layout.ts";
import { type Part, partsOf, textsOf } from "./testing.ts";

function panel(width: number, height: number): Panel {
  const svg = `<svg class="panel" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"></svg>`;
  return { svg, width, height };
}

/** The positions and sizes of the panels of a picture. */
function placesOf(svg: string): number[][] {
  return partsOf(svg, ".panel").map((part) =>
    ["x", "y", "width", "height"].map((name) => Number(part.getAttribute(name)))
  );
}

Deno.test("panels are in rows without touching each other, within the picture", () => {
  const panels = [panel(200, 100), panel(150, 120), panel(90, 50)];
  const { svg, width, height } = compose({ title: "Three", panels, columns: 2 });
  const [first, second, third] = placesOf(svg);
  assertEquals([first[1], second[1]], [second[1], first[1]]);
  assert(second[0] >= first[0] + 200 && third[1] >= first[1] + 120);
  assertEquals(third[0], first[0]);
  for (const [x, y, w, h] of [first, second, third]) assert(x > 0 && y > 0 && x + w < width && y + h < height);
  const [ground] = partsOf(svg, "rect");
  assertEquals([ground.getAttribute("width"), ground.getAttribute("height")], [String(width), String(height)]);
});

Deno.test("title, legend and note are shown, with their markup escaped", () => {
  const legend = [{ label: "<a>", mark: "line" as const, color: "#0072b2", dash: "none" }];
  const picture = compose({ title: "A & B", note: '"note"', legend, panels: [panel(300, 50)], columns: 1 });
  assertEquals(textsOf(picture.svg), ["A & B", "<a>", '"note"']);
  assertEquals(picture.description, "A & B");
  assertStringIncludes(picture.svg, 'aria-label="A &amp; B"');
});

Deno.test("a legend that is wider than the panels takes more rows, and moves them down", () => {
  const entry = (label: string) => ({ label, mark: "dot" as const, color: "#0072b2", dash: "none" });
  const one = compose({ title: "t", legend: [entry("a")], panels: [panel(300, 50)], columns: 1 });
  const many = compose({
    title: "t",
    legend: Array.from({ length: 9 }, (_, i) => entry(`training of run ${i}`)),
    panels: [panel(300, 50)],
    columns: 1,
  });
  assert(placesOf(many.svg)[0][1] > placesOf(one.svg)[0][1]);
  assertEquals(many.width, one.width);
  // An entry that is too wide for any row does not leave the first one empty.
  const wide = compose({ title: "t", legend: [entry("a".repeat(60))], panels: [panel(300, 50)], columns: 1 });
  const [[, y]] = partsOf(wide.svg, "circle").map((dot) => ["cx", "cy"].map((name) => Number(dot.getAttribute(name))));
  const [[, first]] = partsOf(one.svg, "circle").map((dot) =>
    ["cx", "cy"].map((name) => Number(dot.getAttribute(name)))
  );
  assertEquals(y, first);
  assert(many.height > one.height);
});

Deno.test("long titles and notes take more lines within the width, and are cut off after the third", () => {
  const long = compose({ title: "long ".repeat(99), note: "note ".repeat(99), panels: [panel(300, 50)], columns: 1 });
  const [title, note] = partsOf(long.svg, "text").map((part) => [...part.querySelectorAll("tspan")]);
  for (const lines of [title, note]) {
    assertEquals(lines.length, 3);
    assert(lines.every(({ textContent }) => textContent.length <= 51));
    assert(lines[2].textContent.endsWith("…"));
  }
  assert(title.every(({ textContent }) => textContent.length < 40));
  const short = compose({ title: "long", note: "note", panels: [panel(300, 50)], columns: 1 });
  assertEquals(long.height - short.height, 2 * 17 + 2 * 13);
  const whole = "26 kernels on WebAssembly SIMD, 2 threads: 272 floating-point operations, at least 384 B moved";
  const noted = compose({ title: "t", note: whole, panels: [panel(300, 50)], columns: 1 });
  assertEquals(textsOf(noted.svg)[1], whole);
});

/** The least and greatest horizontal place of a mark of a legend, from its circle or its path. */
function extentOf(mark: Part): [number, number] {
  const centre = Number(mark.getAttribute("cx"));
  const radius = Number(mark.getAttribute("r"));
  const path = mark.getAttribute("d");
  if (path === null) return [centre - radius, centre + radius];
  const places: number[] = [];
  for (const [, command, numbers] of path.matchAll(/([MlahH])([^MlahH]*)/g)) {
    const values = numbers.split(/[ ,]/).map(Number);
    const step = command === "a" ? values[5] : values[0];
    places.push(command === "M" ? step : places.at(-1)! + step);
  }
  return [Math.min(...places), Math.max(...places)];
}

Deno.test("each mark of a legend is in the middle of the space before its label", () => {
  const label = (mark: "line" | "dot" | "ring" | "best" | "cross") => ({
    label: "a",
    mark,
    color: "#123456",
    dash: "",
  });
  const panels = [panel(300, 50)];
  const extents = (["line", "dot", "ring", "best", "cross"] as const).map((mark) => {
    const { svg } = compose({ title: "t", legend: [label(mark)], panels, columns: 1 });
    const [shape] = partsOf(svg, '[stroke="#123456"], [fill="#123456"]');
    const [, text] = partsOf(svg, "text");
    const [low, high] = extentOf(shape);
    assert(low < high && high < Number(text.getAttribute("x")), mark);
    return (low + high) / 2;
  });
  assertEquals(new Set(extents).size, 1, extents.join());
});

/** The boxes of the texts of a picture, by their first letters. */
function boxesOf(svg: string) {
  return textBoxes(svg).map(({ corners, ...one }) => {
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return { ...one, left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  });
}

Deno.test("titles, legends of several lines, panels and notes follow one another without overlaps", () => {
  const entry = (label: string, mark: LegendEntry["mark"]) => ({ label, mark, color: "#0072b2", dash: "none" });
  const long = "a training with a name that takes more than one line ".repeat(2).trim();
  const legend = [entry("a", "dot"), entry("b", "cross"), entry(long, "ring"), entry("c", "best"), entry("d", "line")];
  for (const note of [undefined, "a note", "a note of several lines ".repeat(9)]) {
    const { svg, height, width } = compose({
      ...{ title: "a title of several lines ".repeat(4), legend, panels: [panel(320, 90)], columns: 1 },
      ...note !== undefined && { note },
    });
    assertReadable(svg);
    const boxes = boxesOf(svg);
    const [[x, y, , panelHeight]] = placesOf(svg);
    const [above, below] = [boxes.filter(({ top }) => top < y), boxes.filter(({ top }) => top >= y)];
    assertEquals(below.length > 0, note !== undefined);
    const lowest = Math.max(...above.map(({ bottom }) => bottom));
    assert(lowest <= y && y - lowest < 20, "the panel is right below the legend");
    for (const { top } of below) assert(top >= y + panelHeight - 1, "the note is below the panel");
    const end = Math.max(y + panelHeight, ...below.map(({ bottom }) => bottom));
    assert(height >= end + 5 && height <= end + 15, "the margin below is as that at the sides");
    assertEquals([x, width], [10, 340]);
  }
});

Deno.test("a picture of narrow panels is as wide as its title or its note, up to 300 pixels", () => {
  const widthWith = (title: string, note?: string) =>
    compose({ title, ...note !== undefined && { note }, panels: [panel(40, 9)], columns: 1 }).width;
  assertEquals(widthWith("t"), 60);
  const [titled, noted] = [widthWith("t".repeat(20)), widthWith("t", "n".repeat(20))];
  assert(titled >= 20 * 8 + 20 && titled < 200, `${titled}`);
  assert(noted >= 20 * 6 + 20 && noted < 200, `${noted}`);
  assertEquals([widthWith("t".repeat(99)), widthWith("t", "n".repeat(99))], [320, 320]);
});

Deno.test("a cross has its middle at a point, and lines of a text begin below one another", () => {
  assertEquals(cross(10, 20), "M6,16l8,8M14,16l-8,8");
  assertEquals(cross(1, 2, 3), "M-2,-1l6,6M4,-1l-6,6");
  assertEquals(text(["a<"], 7, { x: 3, step: 12 }), '<text x="3" y="7">a&lt;</text>');
  assertEquals(
    text(["a", "b"], 7, { x: 3, step: 12, style: 'class="s"' }),
    '<text x="3" y="7" class="s"><tspan x="3" dy="0">a </tspan><tspan x="3" dy="12">b</tspan></text>',
  );
});
