import { assert, assertEquals } from "@std/assert";
import { historyOf } from "../views/testing.ts";
import { chartOf, hasColor, rateChartOf } from "./pictures.ts";

/** An output of results and of notes on terminals of these widths, if they are on terminals. */
function outputOf(results: number | undefined, notes: number | undefined) {
  return { result: () => {}, note: () => {}, resultColumns: () => results, columns: () => notes };
}

Deno.test("results have colors on a terminal only, unless they are turned off", () => {
  assertEquals(hasColor(outputOf(80, undefined), false), !Deno.noColor);
  assertEquals([hasColor(outputOf(80, 80), true), hasColor(outputOf(undefined, 80), false)], [false, false]);
});

Deno.test("charts are as wide as the terminal, but no wider than 120 columns", async () => {
  const report = { history: historyOf(40, 20, 10), errorUnit: "%" } as const;
  const widthOf = async (results: number | undefined, notes: number | undefined) => {
    const chart = await chartOf(report, outputOf(results, notes), true);
    return Math.max(...chart.split("\n").map(({ length }) => length));
  };
  const [of60, of80, of120, of200] = await Promise.all([60, 80, 120, 200].map((width) => widthOf(width, 40)));
  assert(of60 <= 60 && of80 > of60 && of120 > of80, `${[of60, of80, of120]}`);
  assertEquals([of200, await widthOf(undefined, 60), await widthOf(undefined, undefined)], [of120, of60, of80]);
});

Deno.test("so are the losses of a test of learning rates", async () => {
  const points = [2.3, 2.2, 1.6, 1, 3].map((loss, i) => ({ rate: 10 ** (i - 4), loss, smoothed: loss }));
  const range = { points, suggestion: 0.01, steepest: 0.01, lowest: 0.1, stop: "steps" } as const;
  const widthOf = async (results: number | undefined, notes: number | undefined) => {
    const chart = await rateChartOf(range, outputOf(results, notes), true);
    return Math.max(...chart.split("\n").map(({ length }) => length));
  };
  const [of60, of80, of120, of200] = await Promise.all([60, 80, 120, 200].map((width) => widthOf(width, 40)));
  assert(of60 <= 60 && of80 > of60 && of120 > of80, `${[of60, of80, of120]}`);
  assertEquals([of200, await widthOf(undefined, 60), await widthOf(undefined, undefined)], [of120, of60, of80]);
});
