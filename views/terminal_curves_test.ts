import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { terminalCurves } from "./terminal_curves.ts";
import { historyOf } from "./testing.ts";

Deno.test("curves fall from the first epoch on the left to the last on the right", async () => {
  const text = await terminalCurves({ history: historyOf(40, 30, 20, 10), errorUnit: "%" }, { columns: 40, rows: 4 });
  const [title, ...lines] = text.split("\n");
  assertEquals(title, "validation error (%)");
  assertEquals(lines.slice(0, 4).map((line) => line.slice(0, 4)), ["40.0", "30.0", "20.0", "10.0"]);
  assertEquals(lines[4], "     epoch 1                           4");
  const steps = lines.slice(0, 4).map((line) => line.indexOf("╮"));
  assert(steps[0] < steps[1] && steps[1] < steps[2]);
  assertStringIncludes(text, "\n\ntraining loss\n");
});

Deno.test("no line is longer than the terminal, and there are no colors by default", async () => {
  for (const columns of [24, 40, 80, 200]) {
    for (const history of [historyOf(5), historyOf(...Array.from({ length: 500 }, (_, i) => 1 / (i + 1)))]) {
      const text = await terminalCurves({ history, errorUnit: "%" }, { columns });
      assert(text.split("\n").every((line) => line.length <= columns), text);
      assert(!text.includes("\x1b"));
    }
  }
});

Deno.test("with colors training and validation share a chart", async () => {
  const text = await terminalCurves({ history: historyOf(4, 2, 1), errorUnit: "" }, { color: true });
  assertStringIncludes(text, "\x1b[93mvalidation error\x1b[0m, \x1b[94mtraining\x1b[0m, best: 1.000 in epoch 3");
});

Deno.test("the last epoch is written if there is space between it and the first one", async () => {
  const axisOf = async (first: number, last: number): Promise<string | undefined> => {
    const history = historyOf(40, 10).map((one, i) => ({ ...one, epoch: [first, last][i] }));
    const text = await terminalCurves({ history, errorUnit: "%" }, { columns: 24, rows: 3 });
    return text.split("\n").find((line) => line.includes("epoch "));
  };
  // 24 columns, without 4 for the labels and 1 for the axis, are 19.
  assertEquals(await axisOf(123_456, 123_457), "     epoch 123456 123457");
  assertEquals(await axisOf(123_456, 1_234_567), "     epoch 123456");
});

Deno.test("the best value is in the title if it fits, whether there are colors or not", async () => {
  const title = "validation error, training, best: 1.000 in epoch 3";
  for (const color of [true, false]) {
    const full = color ? title : title.replace(", training", "");
    const shownWith = async (columns: number): Promise<string> => {
      const text = await terminalCurves({ history: historyOf(4, 2, 1), errorUnit: "" }, { color, columns });
      // deno-lint-ignore no-control-regex
      return text.split("\n")[0].replaceAll(/\x1b\[\d+m/g, "");
    };
    assertEquals(await shownWith(full.length), full);
    assertEquals(await shownWith(full.length - 1), full.replace(/, best.*/, ""));
  }
});

Deno.test("values that are not finite are left out, and an empty history draws nothing", async () => {
  assertEquals(await terminalCurves({ history: [], errorUnit: "%" }), "");
  const text = await terminalCurves({ history: historyOf(4, NaN, 2), errorUnit: "%" });
  assert(!text.includes("NaN"));
});

Deno.test("the curves of any number of epochs are drawn", async () => {
  const [one] = historyOf(0.5);
  const history = Array.from({ length: 200_000 }, (_, i) => ({ ...one, epoch: i + 1 }));
  assertStringIncludes(await terminalCurves({ history, errorUnit: "%" }, { columns: 60 }), "validation error (%)");
});

Deno.test("the curve of the monitored metric comes first", async () => {
  const history = historyOf(40, 20).map((record, i) => ({
    ...record,
    metrics: { training: { f1: 0.5 }, validation: { f1: 0.25 + i / 4 } },
  }));
  const metrics = { validation: { f1: 0.5 }, test: null };
  const report = { history, errorUnit: "%" as const, batches: 10, bestIteration: 20, monitoredMetric: "f1", metrics };
  const text = await terminalCurves(report);
  assert(text.startsWith("validation f1, best: 0.500 in epoch 2\n"), text);
  assertEquals(text.split("\n\n").length, 3);
});

Deno.test("labels are powers of ten from 100,000 on and below a thousandth, and otherwise have few decimals", async () => {
  const labelsOf = async (...errors: number[]): Promise<string[]> => {
    const text = await terminalCurves({ history: historyOf(...errors), errorUnit: "" }, { columns: 60, rows: 3 });
    const [, first, , last] = text.split("\n");
    return [first, last].map((line) => line.trim().split(/[ ┤┼]/)[0]);
  };
  assertEquals(await labelsOf(100_000, 0), ["1.0e+5", "0.0e+0"]);
  assertEquals(await labelsOf(99_999, 0), ["99999", "0"]);
  assertEquals(await labelsOf(0.001, 0), ["0.0010", "0.0000"]);
  assertEquals(await labelsOf(0.0009, 0), ["9.0e-4", "0.0e+0"]);
  assertEquals((await labelsOf(0, 0))[0], "0.00");
  assertEquals(await labelsOf(-100_000, 0), ["0.0e+0", "-1.0e+5"]);
});

Deno.test("a measure without any value has no line, and the others of its chart have theirs", async () => {
  const history = historyOf(40, 20).map((one) => ({ ...one, validationError: null }));
  const text = await terminalCurves({ history, errorUnit: "%" }, { color: true });
  assert(!text.includes("validation error"), text);
  assertStringIncludes(text, "training");
});
