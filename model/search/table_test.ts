import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { horizontalAxis, valueAxis } from "./axis.ts";
import { searchSvg } from "./picture.ts";
import { resultOf } from "./result.ts";
import type { SearchRow } from "./row.ts";
import { formatTable, type TableFormat } from "./table.ts";

function row(number: number, changes: Partial<SearchRow>): SearchRow {
  return {
    number,
    hyperparameters: { rate: 0.1 ** number, activation: "tanh" },
    outcome: "trained",
    validationError: null,
    testError: null,
    errorUnit: "%",
    bestIteration: null,
    epochs: 3,
    errors: [],
    seconds: 1.25,
    device: "WebAssembly",
    failure: null,
    ...changes,
  };
}

const failure = { name: "TypeError", message: 'Cannot <b>add</b> "a",\n`b` | c & d' };
const rows = [
  row(0, { outcome: "failed", failure }),
  row(1, { validationError: 10 / 3, testError: 4 }),
  row(2, { validationError: 3, hyperparameters: { rate: 0.01, activation: Math.tanh } }),
];
const result = resultOf(["rate", "activation"], rows, 5);

Deno.test("rows are sorted by their validation error, those without one last", () => {
  assertEquals(result.rows.map(({ number }) => number), [2, 1, 0]);
  assertEquals([result.best?.number, result.missing], [2, [3, 4]]);
});

Deno.test("CSV has exact numbers, and quotes what needs it", () => {
  assertEquals(
    formatTable(result, "csv"),
    [
      "number,rate,activation,validation error,test error,epochs,outcome,failure",
      "2,0.01,tanh,3,,3,trained,",
      "1,0.1,tanh,3.3333333333333335,4,3,trained,",
      '0,1,tanh,,,3,failed,"TypeError: Cannot <b>add</b> ""a"",\n`b` | c & d"',
      "",
    ].join("\r\n"),
  );
});

Deno.test("JSON has everything but what differs from run to run, which can be asked for", () => {
  const table = JSON.parse(formatTable(result, "json"));
  assertEquals(table.missing, [3, 4]);
  assertEquals(table.rows[2].failure, failure);
  assertEquals(table.rows[0].hyperparameters, { rate: 0.01, activation: "tanh" });
  assert(!("seconds" in table.rows[0]));
  assertEquals(JSON.parse(formatTable(result, "json", { seconds: true })).rows[0].seconds, 1.25);
  assertStringIncludes(formatTable(result, "csv", { seconds: true }), "outcome,seconds,failure");
});

Deno.test("Markdown keeps one line a row, and no mark of a cell is taken for one of the table", () => {
  const lines = formatTable(result, "markdown").split("\n");
  assertEquals(lines.length, 6);
  assertEquals(lines[2], "| 2 | 0.01 | tanh | 3.000 % |  | 3 | trained |  |");
  assertStringIncludes(lines[4], 'Cannot \\<b>add\\</b> "a", \\`b\\` \\| c & d');
});

Deno.test("HTML and SVG hold no text unescaped", () => {
  const html = formatTable(result, "html");
  assertStringIncludes(html, "Cannot &lt;b&gt;add&lt;/b&gt; &quot;a&quot;,\n`b` | c &amp; d");
  assert(!html.includes("<b>"));
  const svg = searchSvg(resultOf(["<x>"], [row(0, { validationError: 1, hyperparameters: { "<x>": "</svg>" } })], 1));
  assertStringIncludes(svg, "&lt;x&gt;");
  assertEquals(svg.split("</svg>").length, 2);
});

Deno.test("the picture has a panel for each hyperparameter and a dot for each row that has an error", () => {
  const svg = searchSvg(result);
  assertEquals(svg.match(/<circle/g)?.length, 4);
  assertEquals(svg.match(/class="best"/g)?.length, 2);
  assertEquals(svg.match(/class="title"/g)?.length, 2);
  assertStringIncludes(svg, "2 of 3 combinations have a validation error; the least is 3 %");
  assert(!/NaN|Infinity|undefined/.test(svg));
});

Deno.test("one row, equal errors and none at all can be drawn", () => {
  for (const errors of [[], [5], [5, 5], [0], [-1, 1e9]]) {
    const svg = searchSvg(resultOf(["rate"], errors.map((error, i) => row(i, { validationError: error })), 9));
    assertEquals(svg.match(/<circle/g)?.length ?? 0, errors.length);
    assert(!/NaN|Infinity|undefined/.test(svg), svg);
  }
});

Deno.test("many numbers are drawn to scale, wide ranges of them by their logarithms", () => {
  const powers = Array.from({ length: 9 }, (_, i) => 10 ** (i - 8));
  const axis = horizontalAxis(powers, 0, 80);
  assertEquals(powers.map((value) => Math.round(axis.place(value))), [0, 10, 20, 30, 40, 50, 60, 70, 80]);
  assertEquals(axis.ticks.map(({ label }) => label), ["1e-8", "0.0001", "1"]);
  const even = horizontalAxis(Array.from({ length: 9 }, (_, i) => i + 1), 0, 80);
  assertEquals(Math.round(even.place(5)), 40);
  assertEquals(horizontalAxis([10, 9, "x"], 0, 30).ticks.map(({ label }) => label), ["9", "10", "x"]);
});

Deno.test("the marks of an axis of numbers are round and hold all of them", () => {
  const { ticks, place } = valueAxis([3.1, 17.4], 100, 0);
  assertEquals(ticks.map(({ label }) => label), ["0", "5", "10", "15", "20"]);
  assertEquals([place(0), place(20)], [100, 0]);
});

Deno.test("an unknown format is refused with the nearest one", () => {
  assertThrows(() => formatTable(result, "markdwn" as TableFormat), RangeError, "did you mean markdown?");
});
