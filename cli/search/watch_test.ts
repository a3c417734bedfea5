import { assertEquals } from "@std/assert";
import type { HyperparameterValues } from "../../model/hyperparameters.ts";
import { resultOf } from "../../model/search/result.ts";
import type { SearchEvent } from "../../model/search/search.ts";
import { result, row } from "../../model/search/test_rows.ts";
import { watchSearch, watchSearchJson } from "./watch.ts";

/** Records results and notes, of a terminal with this many columns or of none. */
function recorder(columns?: number) {
  const [results, notes]: string[][] = [[], []];
  const output = {
    result: (line: string) => results.push(line),
    note: (text: string) => notes.push(text),
    columns: () => columns,
    resultColumns: () => columns,
  };
  return { results, notes, output };
}

const trained = row(4, { validationError: 12.5 });

function rowEvent(changes: Partial<Extract<SearchEvent, { event: "row" }>> = {}): SearchEvent {
  return { event: "row", row: trained, resumed: false, done: 2, total: 9, ...changes };
}

const events: readonly SearchEvent<HyperparameterValues>[] = [
  { event: "start", total: 9, known: 1 },
  rowEvent({ resumed: true, done: 1 }),
  { event: "epoch", number: 4, epoch: 1, validationError: 20 },
  rowEvent(),
  rowEvent({ row: row(5, { outcome: "failed", failure: { name: "RangeError", message: "Cannot do it" } }), done: 3 }),
  rowEvent({ row: row(6, {}), done: 4 }),
  { event: "end", result },
];

Deno.test("there is one line for each new row", () => {
  const { results, notes, output } = recorder();
  const watch = watchSearch(output);
  events.forEach(watch.tell);
  assertEquals(notes, [
    "1 of 9 combinations are in the journal\n",
    "2/9, combination 4: trained, validation error 12.500 %\n",
    "3/9, combination 5: failed, Cannot do it\n",
    "4/9, combination 6: trained, no validation\n",
  ]);
  assertEquals(results, []);
  watch.tell({ event: "start", total: 9, known: 0 });
  assertEquals(notes.length, 4);
});

Deno.test("a terminal shows the epoch in progress, at most ten times per second, and clears it before a line is printed", () => {
  let now = 0;
  const { notes, output } = recorder(30);
  const watch = watchSearch(output, false, () => now);
  const tell = (epoch: number) => watch.tell({ event: "epoch", number: 4, epoch, validationError: null });
  tell(1);
  now = 50;
  tell(2);
  now = 150;
  tell(3);
  watch.tell(rowEvent());
  assertEquals(notes, [
    "\rcombination 4: epoch 1\x1b[K",
    "\rcombination 4: epoch 3\x1b[K",
    "\r\x1b[K",
    "2/9, combination 4: trained, validation error 12.500 %\n",
  ]);
});

Deno.test("the line of the epoch in progress is shorter than the terminal is wide", () => {
  for (const columns of [5, 21, 22]) {
    const { notes, output } = recorder(columns);
    watchSearch(output, false, () => 0).tell({ event: "epoch", number: 4, epoch: 1, validationError: null });
    assertEquals(notes, [`\r${"combination 4: epoch 1".slice(0, columns - 1)}\x1b[K`]);
  }
});

Deno.test("quiet output has only the table and important messages", () => {
  const { results, notes, output } = recorder();
  const watch = watchSearch(output, true);
  events.forEach(watch.tell);
  assertEquals(notes, []);
  watch.note("Interrupted");
  watch.table(resultOf(["rate"], [trained], 1));
  assertEquals(notes, ["Interrupted\n"]);
  assertEquals(results.length, 1);
});

Deno.test("the table is Markdown for files, and laid out for terminals", () => {
  const small = resultOf(["rate"], [row(1, { validationError: 3 }), row(0, { validationError: 10 / 3 })], 2);
  const file = recorder();
  watchSearch(file.output).table(small);
  assertEquals(file.results.join("\n").split("\n")[2], "| 1 | 0.1 | 3.000 % |  | 3 | trained |  |");
  const terminal = recorder(100);
  watchSearch(terminal.output).table(small);
  assertEquals(terminal.results, [
    "number  rate  validation  test  epochs  outcome",
    "     1   0.1     3.000 %             3  trained",
    "     0     1     3.333 %             3  trained",
  ]);
});

Deno.test("JSON output has one line per row, including those of the journal, and the best one at the end", () => {
  const { results, output } = recorder();
  const watch = watchSearchJson(output, true);
  events.forEach(watch.tell);
  watch.table(result);
  const lines = results.map((line) => JSON.parse(line));
  assertEquals(lines.map(({ event, number, resumed }) => [event, number, resumed]), [
    ["row", 4, true],
    ["row", 4, false],
    ["row", 5, false],
    ["row", 6, false],
    ["end", undefined, undefined],
  ]);
  const { best, rows, missing } = lines[4];
  assertEquals([best.number, rows, missing], [2, 3, 2]);
});
