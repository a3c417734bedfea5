/**
 * A valid call of each function of the entry `views` that needs no drawing library.
 *
 * @module
 */

import { jit, ones, random, type Tensor, tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { inputLayer, logisticRegression, rbm } from "../../layers/mod.ts";
import { finish, gridSearch, hyperparameters, model, network } from "../../model/mod.ts";
import * as views from "../../views/mod.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { measured, validCall } from "./core.ts";
import type { FunctionNames } from "./function_names.ts";

const folder = Deno.makeTempDirSync();
const input = inputLayer({ shape: [null, 4] });
const hidden = rbm(input, { nUnits: 4, name: "rbm" });
const untrained = network("net", [input, hidden, logisticRegression(hidden, { nClass: 2 })]);
const net = untrained.withWeights(untrained.init(random.key(1)));
const set = { x: samples([[1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]]), y: Int32Array.of(0, 1, 0) };
const sets = data([set, set, set]);
const values = { batchSize: 2, nEpochs: 2, learningRate: 0.1 };
const trained = await model({ network: net, data: sets, hyperparameters: values }).train();
const { report } = trained;
const found = await finish(
  gridSearch(
    hyperparameters({ ...values, learningRate: [0.1, [0.1, 0.2]] }),
    () => ({ network: untrained, data: sets }),
  ),
);
const double = jit((x: Tensor) => x.mul(2));
double(tensor([1]));
const x = ones([2, 4]);
const point = { rate: 0.1, loss: 2, smoothed: 2 };
const rates = { points: [point], suggestion: 0.1, steepest: 0.1, lowest: 0.1, stop: "steps" as const };

/** The calls. */
export const viewCalls: Readonly<Record<FunctionNames<typeof views>, ValidCall>> = {
  compareRuns: validCall(views.compareRuns, { a: report }, { measures: ["trainLoss"] } as never),
  confusionMatrix: validCall(views.confusionMatrix, views.countConfusion([0, 1], [0, 1], 2), {} as never),
  confusionOf: validCall(views.confusionOf, trained.model, sets.test!),
  countConfusion: validCall(views.countConfusion, [0, 1], [0, 1], 2),
  filters: validCall(views.filters, net, {} as never),
  hasFilters: validCall(views.hasFilters, net, [2, 2] as never),
  htmlReport: validCall(views.htmlReport, report, {} as never),
  imageGrid: validCall(views.imageGrid, [{ label: "a", images: ones([1, 4]) }], {} as never),
  jsonLinesWriter: validCall(views.jsonLinesWriter, `${folder}/e.jsonl`, {} as never),
  jsonRecord: validCall(views.jsonRecord, { event: "end", report } as never, {} as never),
  learningCurves: validCall(views.learningCurves, report, {} as never),
  planDiagram: validCall((f: typeof double, o: never) => views.planDiagram(f, o), double, { title: "x" } as never),
  profileDiagram: validCall(views.profileDiagram, measured, {} as never),
  rateCurve: validCall(views.rateCurve, rates, {} as never),
  rbmSamples: validCall(views.rbmSamples, net, x, { turns: [1] }),
  reconstructions: validCall(views.reconstructions, net, x, {} as never),
  searchHtml: validCall(views.searchHtml, found, {} as never),
  searchPicture: validCall(views.searchPicture, found),
  searchSvg: validCall(views.searchSvg, found),
  tensorBoardWriter: validCall(views.tensorBoardWriter, `${folder}/tb`, {} as never),
  terminalCurves: validCall(views.terminalCurves, report, {} as never),
  terminalRateCurve: validCall(views.terminalRateCurve, rates, {} as never),
};
