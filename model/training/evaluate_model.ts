/**
 * Evaluates a model on a set, outside of a training.
 *
 * @module
 */

import { objectKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { type Data, data as makeData } from "../../data/data.ts";
import { readSourceSet, type SourceSet } from "../../data/sample_source.ts";
import { type FittedPreprocessing, scalingIn } from "../../data/steps/any_preprocessing.ts";
import { TablePreprocessing } from "../../data/steps/table_preprocessing.ts";
import { Table } from "../../data/table/table.ts";
import { type TensorSet, tensorSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { checkData } from "../check_data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { checkMetrics, setsOf } from "./choose_metrics.ts";
import { chooseJudgment, type Judgment } from "./choose_task.ts";
import { compileEvaluation, type Evaluation } from "./evaluation.ts";
import { type GivenMetric, metricList, metricOf } from "./metric_option.ts";
import { checkOutput } from "./output_fit.ts";
import { makePause } from "./pause.ts";
import { checkTargets } from "./target_fit.ts";
import { readingOnce } from "./target_scan.ts";
import { inUnits } from "./target_units.ts";
import { trainOptions } from "./train_options.ts";

/** Options of {@linkcode Model.evaluate}. */
export interface EvaluateOptions {
  /** Metrics of whole sets, or their names; a function of examples means its mean (default: none). */
  readonly metrics?: readonly GivenMetric[] | undefined;
  /** The bytes of device memory that examples may use (default: 2 GiB). A set that needs more is streamed. */
  readonly deviceBytes?: number | undefined;
}

/** {@linkcode EvaluateOptions}, declared. */
export const evaluateOptions = {
  metrics: metricList({ help: "metrics of whole sets, or their names", otherwise: "none" }),
  deviceBytes: trainOptions.deviceBytes,
} satisfies Declaration<EvaluateOptions>;

/** What a model is evaluated on: a set, a table, or data, whose test set is used. */
export type EvaluatedData = Data | TensorSet | SourceSet | Table;

const dataKind = objectKind<EvaluatedData>("data, or a set { x, y },");

/** What is evaluated. */
export interface EvaluatedModel {
  readonly network: Network;
  readonly parts: Pick<ResolvedParts, "objective" | "evaluationMetric" | "data">;
  /** The preprocessing of its targets, in whose units metrics are computed. */
  readonly preprocessing?: FittedPreprocessing | undefined;
}

/** The rows of a table as a set. */
function setOf(action: string, table: Table, preprocessing: FittedPreprocessing | undefined): SourceSet {
  if (preprocessing instanceof TablePreprocessing) return preprocessing.apply(table);
  throw new TypeError(
    `Cannot ${action} on a table: expected a model that was trained on tables, as tableData makes them; pass a set`,
  );
}

/** The set that is meant, with the data that it belongs to. */
function chosenSet(
  action: string,
  { parts, preprocessing }: Pick<EvaluatedModel, "parts" | "preprocessing">,
  given: EvaluatedData | undefined,
): [TensorSet, Data] {
  if (given instanceof Table) return asTraining(makeData(Array(2).fill(setOf(action, given, preprocessing)), unnamed));
  if (given !== undefined) checkArgument(action, given, dataKind);
  const from = given ?? parts.data;
  if (from === undefined) throw new TypeError(`Cannot ${action}: expected a set { x, y }, since the model has no data`);
  if ("training" in from) {
    if (from.test) return [from.test, from];
    throw new TypeError(`Cannot ${action} on ${from.name}: it has no test set; pass a set, such as data.validation`);
  }
  const own = parts.data && setsOf(parts.data).find((set) => set === from);
  if (parts.data && own) return [own, parts.data];
  return asTraining("rows" in from ? dataOf(from) : scaledData(action, from, preprocessing));
}

/** The options of data that are only evaluated. */
const unnamed = { name: "the set" };

function asTraining(data: Data): [TensorSet, Data] {
  return [data.training, data];
}

/**
 * A set that is not yet scaled, as data.
 *
 * @throws {TypeError} if the model was trained on tables: which columns the numbers are is not known.
 */
function scaledData(action: string, given: SourceSet, preprocessing: FittedPreprocessing | undefined): Data {
  if (preprocessing instanceof TablePreprocessing) {
    throw new TypeError(
      `Cannot ${action}: expected a table, or a set of its data, got a set { x, y }, and the model was trained on tables; ` +
        "pass the table, or data of sets that are preprocessed like those of the training",
    );
  }
  const data = makeData([given, given], unnamed);
  const scaling = scalingIn(preprocessing);
  if (scaling === undefined) return data;
  const training = tensorSet(readSourceSet(action, given, "the set"), scaling);
  return { ...data, training, validation: training };
}

/** A set as data, to be checked like others. */
function dataOf(set: TensorSet): Data {
  const { x, y } = set.rows;
  const classes = y.dtype === "i32" ? 0 : undefined;
  // Gray levels are four to a word.
  const packed = x.shape.slice(1);
  const sampleShape = x.dtype === "u32" ? [...packed.slice(0, -1), 4 * packed.at(-1)!] : packed;
  return { name: "the set", training: set, validation: set, test: undefined, sampleShape, classes, scaling: undefined };
}

/** A model on a set: its means, and the metric per example, for the unit of the error. */
export interface ModelEvaluation extends Evaluation {
  readonly examples: number;
  /** The metric per example; null without one. */
  readonly metric: Objective | null;
}

/** What a model is judged by. */
interface Judging extends Pick<EvaluatedModel, "network" | "parts"> {
  readonly metrics: readonly Metric[];
}

/**
 * The objective and the metric by which a model is judged on a set.
 *
 * @throws {TypeError} if they or the other metrics do not fit the network and the set.
 */
function judgmentOf(
  action: string,
  { network, parts, metrics }: Judging,
  { set, data }: { readonly set: TensorSet; readonly data: Data },
): Judgment {
  const { objective, evaluationMetric } = parts;
  // What was learned decides, not what is judged.
  const answers = setsOf(parts.data ?? data);
  const judged = chooseJudgment({ network, set, answers, action, objective, evaluationMetric });
  for (const measure of [judged.objective, judged.error]) if (measure) checkOutput(action, network, measure);
  const read = { network, objective: judged.objective, sets: { evaluated: set }, classes: data.classes };
  checkTargets(action, read, [judged.objective, judged.error]);
  checkMetrics(action, metrics, { network, set, answers, ...judged });
  return judged;
}

/**
 * Evaluates a model on a set.
 *
 * @throws {TypeError} if set, network and metrics do not fit together.
 */
export async function evaluateModel(
  { network, parts, preprocessing }: EvaluatedModel,
  given: EvaluatedData | undefined,
  options: EvaluateOptions = {},
): Promise<ModelEvaluation> {
  const action = `evaluate ${showValue(network.name)}`;
  const { metrics: named = [], deviceBytes } = readOptions("evaluate", evaluateOptions, options);
  const [set, data] = chosenSet(action, { parts, preprocessing }, given);
  checkData("evaluate", { network, data }, parts);
  if (!network.weights) throw new TypeError(`Cannot ${action}: it has no weights; train it first`);
  const metrics = named.map(metricOf);
  const judged = readingOnce(() => judgmentOf(action, { network, parts, metrics }, { set, data }));
  const measures = inUnits({ network, ...judged, ...(metrics.length > 0 && { metrics }) }, preprocessing);
  using evaluator = compileEvaluation(measures);
  using feed = evaluator.feed(set, deviceBytes);
  const found = await evaluator.evaluate(network.weights, feed, makePause());
  return { ...found, examples: set.length, metric: judged.error };
}
