import { assertEquals, assertRejects } from "@std/assert";
import type { AnyDeclaration } from "../core/options/option.ts";
import { inputLayer, logisticRegression, random } from "../mod.ts";
import { network } from "../model/mod.ts";
import { tableOptions } from "../model/search/columns.ts";
import { misspelled } from "../tests/options_of.ts";
import { compareOptions } from "./compare_runs.ts";
import { confusionOptions } from "./confusion_matrix.ts";
import { jsonLinesOptions } from "./events/json_lines.ts";
import { jsonContext } from "./events/json_record.ts";
import { tensorBoardOptions } from "./events/tensor_board.ts";
import { filterOptions } from "./filters.ts";
import { htmlReportOptions } from "./html_report.ts";
import { imageOptions } from "./image_grid.ts";
import { curveOptions } from "./learning_curves.ts";
import * as views from "./mod.ts";
import { planOptions } from "./plan_diagram.ts";
import { profileDiagramOptions } from "./profile_diagram.ts";
import { rateCurveOptions } from "./rate_curve.ts";
import { reconstructionOptions, sampleOptions } from "./reconstructions.ts";
import { terminalOptions } from "./terminal_curves.ts";
import { someProfile } from "./testing.ts";

const input = inputLayer({ shape: [null, 4] });
const net = network("net", [input, logisticRegression(input, { nClass: 2 })]);
const x = random.uniform(random.key(1), [2, 4]);
const curves = { history: [], errorUnit: "%" as const };
const rates = { points: [], suggestion: null, steepest: null, lowest: null, stop: "steps" as const };
const result = { searched: [], rows: [], best: undefined, missing: 0, total: 0 };

/** A public function, its arguments before the options, and their declaration. */
type Case = readonly [fn: (...args: never[]) => unknown, given: readonly unknown[], options: AnyDeclaration];

const cases: readonly Case[] = [
  [views.learningCurves, [curves], curveOptions],
  [views.compareRuns, [{ one: curves }], compareOptions],
  [views.confusionMatrix, [views.countConfusion([0, 1], [0, 1])], confusionOptions],
  [views.filters, [net], filterOptions],
  [views.reconstructions, [net, x], reconstructionOptions],
  [views.rbmSamples, [net, x], sampleOptions],
  [views.imageGrid, [[{ images: x }]], imageOptions],
  [views.htmlReport, [curves], htmlReportOptions],
  [views.terminalCurves, [curves], terminalOptions],
  [views.terminalRateCurve, [rates], terminalOptions],
  [views.rateCurve, [rates], rateCurveOptions],
  [views.planDiagram, [() => x], planOptions],
  [views.profileDiagram, [someProfile], profileDiagramOptions],
  [views.jsonLinesWriter, ["nowhere/events.jsonl"], jsonLinesOptions],
  [views.jsonRecord, [{ event: "end" }], jsonContext],
  [views.tensorBoardWriter, ["nowhere"], tensorBoardOptions],
  [views.searchHtml, [result], tableOptions],
];

for (const [fn, given, options] of cases) {
  const call = (wrong: object) => new Promise((resolve) => resolve(Reflect.apply(fn, undefined, [...given, wrong])));

  Deno.test(`${fn.name} refuses unknown options with the nearest name, and values of another kind`, async () => {
    for (const name of Object.keys(options)) {
      const wrong = misspelled(name);
      const message = `unknown option "${wrong}"; did you mean ${name}?`;
      if (name.length > 4) await assertRejects(() => call({ [wrong]: 1 }), RangeError, message);
      await assertRejects(() => call({ [name]: Symbol("of another kind") }), TypeError, `expected ${name} to be`);
    }
    await assertRejects(() => call({ "???": 1 }), RangeError, 'unknown option "???"; expected ');
  });
}

Deno.test("options out of bounds are refused before anything is drawn", async () => {
  const refuse = (call: () => Promise<unknown>, message: string) => assertRejects(call, RangeError, message);
  await refuse(
    () => views.imageGrid([{ images: x }], { columns: 0 }),
    "Cannot draw images: expected columns to be a whole number of at least 1, got 0",
  );
  await refuse(() => views.learningCurves(curves, { width: -1 }), "expected width to be a number above 0, got -1");
  await refuse(() => views.filters(net, { most: 1.5 }), "expected most to be a whole number of at least 1, got 1.5");
  await refuse(
    () => views.rbmSamples(net, x, { turns: [1, 0] }),
    "expected turns[1] to be a whole number of at least 1",
  );
  await refuse(
    () => views.compareRuns({ one: curves }, Object({ measures: ["testError"] })),
    'expected measures[0] to be one of trainLoss, validationLoss, trainError, validationError, got "testError"',
  );
  assertEquals(views.hasFilters(net, [2, 2]), false);
  await refuse(
    () => new Promise((resolve) => resolve(views.hasFilters(net, [0, 2]))),
    "Cannot look for filters: expected imageShape to be two whole numbers of at least 1, got [0, 2]",
  );
});
