import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { formatTable, type TableFormat } from "./table.ts";
import { resultOf } from "./result.ts";
import { failure, result, row } from "./test_rows.ts";

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

Deno.test("without a metric a table shows the losses by which its rows are ranked", () => {
  const rows = [
    row(0, { validationLoss: 0.25, testLoss: 1 / 3 }),
    row(1, { validationLoss: 2e-7, testLoss: null }),
    row(2, { outcome: "failed", failure }),
  ];
  const losses = resultOf(["rate"], rows, 3);
  assertEquals(formatTable(losses, "csv").split("\r\n").slice(0, 3), [
    "number,rate,validation loss,test loss,epochs,outcome,failure",
    "1,0.1,2e-7,,3,trained,",
    "0,1,0.25,0.3333333333333333,3,trained,",
  ]);
  assertEquals(formatTable(losses, "markdown").split("\n")[3], "| 0 | 1 | 0.250 | 0.3333 | 3 | trained |  |");
  const mixed = resultOf(["rate"], [...rows, row(3, { validationError: 5, validationLoss: 3, testError: 6 })], 4);
  assertStringIncludes(formatTable(mixed, "csv"), "validation error,test error,validation loss,test loss,epochs");
  const both = resultOf(["rate"], [row(0, { validationError: 5, validationLoss: 3 })], 1);
  assertStringIncludes(formatTable(both, "csv"), "number,rate,validation error,test error,epochs");
});

Deno.test("JSON has everything except times and devices, which can be requested", () => {
  const table = JSON.parse(formatTable(result, "json"));
  assertEquals(table.missing, [3, 4]);
  assertEquals(table.rows[2].failure, failure);
  assertEquals(table.rows[0].hyperparameters, { rate: 0.01, activation: "tanh" });
  assert(!("seconds" in table.rows[0]));
  assertEquals(JSON.parse(formatTable(result, "json", { seconds: true })).rows[0].seconds, 1.25);
  assertStringIncludes(formatTable(result, "csv", { seconds: true }), "outcome,seconds,failure");
});

Deno.test("Markdown has one line per row, and special characters of cells are escaped", () => {
  const lines = formatTable(result, "markdown").split("\n");
  assertEquals(lines.length, 6);
  assertEquals(lines[2], "| 2 | 0.01 | tanh | 3.000 % |  | 3 | trained |  |");
  assertStringIncludes(lines[4], 'Cannot \\<b>add\\</b> "a", \\`b\\` \\| c & d');
});

Deno.test("an unknown format is refused with the nearest one", () => {
  assertThrows(() => formatTable(result, "markdwn" as TableFormat), RangeError, "did you mean markdown?");
});
