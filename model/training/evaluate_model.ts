/**
 * Evaluates a model on a set, outside of a training.
 *
 * @module
 */

import { objectKind } from "../../core/options/kinds.ts";
import type { Declaration } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { checkSet } from "../../data/check_sets.ts";
import { data as makeData, type NamedData } from "../../data/data.ts";
import { type GivenNamedSet, readSourceSet, type SourceSet } from "../../data/sample_source.ts";
import { type FittedPreprocessing, scalingIn } from "../../data/steps/any_preprocessing.ts";
import { isOfTables, isTable } from "../../data/recognized.ts";
import type { Table } from "../../data/table/table.ts";
import { type NamedTensorSet, tensorSet } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import { mapParts } from "../../data/named.ts";
import { areRows, type Rows } from "../../data/rows.ts";
import type { Shape } from "../../core/shape.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { checkData } from "../check_data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { targetsIn, targetsOf } from "../target_data.ts";
import { checkMetrics, setsOf } from "./choose_metrics.ts";
import { actionFor, chooseOutputs } from "./choose_outputs.ts";
import { compileEvaluation, type Evaluation } from "./evaluation.ts";
import { type GivenMetrics, givenMetrics } from "./metric_option.ts";
import { checkOutput } from "./output_fit.ts";
import type { Output } from "./outputs.ts";
import { makePause } from "./pause.ts";
import { checkTargets } from "./target_fit.ts";
import { readingOnce } from "./target_scan.ts";
import { inUnits } from "./target_units.ts";
import { errorIn } from "./task.ts";
import { trainOptions } from "./train_options.ts";

/** Options of {@linkcode Model.evaluate}. */
export interface EvaluateOptions {
  /**
   * Metrics of whole sets, or their names; a function of examples means its mean (default: none). Those of several outputs
   * have the names of these, as in a training.
   */
  readonly metrics?: GivenMetrics | undefined;
  /** The bytes of device memory that examples may use (default: 2 GiB). A set that needs more is streamed. */
  readonly deviceBytes?: number | undefined;
}

/** {@linkcode EvaluateOptions}, declared. */
export const evaluateOptions = {
  metrics: trainOptions.metrics,
  deviceBytes: trainOptions.deviceBytes,
} satisfies Declaration<EvaluateOptions>;

/** What a model is evaluated on: a set, a table, or data, whose test set is used. */
export type EvaluatedData = NamedData | NamedTensorSet | GivenNamedSet | Table;

const dataKind = objectKind<EvaluatedData>("data, or a set { x, y },");

/** What is evaluated. */
export interface EvaluatedModel {
  readonly network: Network;
  readonly parts: Pick<
    ResolvedParts<NamedData>,
    "objective" | "chosenObjectives" | "evaluationMetric" | "lossWeights" | "data"
  >;
  /** The preprocessing of its targets, in whose units metrics are computed. */
  readonly preprocessing?: FittedPreprocessing | undefined;
}

/** The rows of a table as a set. */
function setOf(action: string, table: Table, preprocessing: FittedPreprocessing | undefined): SourceSet {
  if (isOfTables(preprocessing)) return preprocessing.apply(table);
  throw new TypeError(
    `Cannot ${action} on a table: expected a model that was trained on tables, as tableData makes them; pass a set`,
  );
}

/** The set that is meant, with the data that it belongs to. */
function chosenSet(
  action: string,
  { parts, preprocessing }: Pick<EvaluatedModel, "parts" | "preprocessing">,
  given: EvaluatedData | undefined,
): [NamedTensorSet, NamedData] {
  if (isTable(given)) return asTraining(twice(action, setOf(action, given, preprocessing)));
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

function twice(action: string, set: GivenNamedSet): NamedData {
  try {
    return makeData([set, set], unnamed);
  } catch (cause) {
    // The error is one of the set that was passed, and not of a training set.
    checkSet(readSourceSet(action, set, "the set"), "evaluated");
    throw cause;
  }
}

function asTraining(data: NamedData): [NamedTensorSet, NamedData] {
  return [data.training, data];
}

/**
 * A set that is not yet scaled, as data.
 *
 * @throws {TypeError} if the model was trained on tables: which columns the numbers are is not known.
 */
function scaledData(action: string, given: GivenNamedSet, preprocessing: FittedPreprocessing | undefined): NamedData {
  if (isOfTables(preprocessing)) {
    throw new TypeError(
      `Cannot ${action}: expected a table, or a set of its data, got a set { x, y }, and the model was trained on tables; ` +
        "pass the table, such as tableOf(rows), or data of sets that are preprocessed like those of the training",
    );
  }
  const data = twice(action, given);
  const scaling = scalingIn(preprocessing);
  if (scaling === undefined) return data;
  const training = tensorSet(readSourceSet(action, given, "the set"), scaling);
  return { ...data, training, validation: training };
}

/** A set as data, to be checked like others. */
function dataOf(set: NamedTensorSet): NamedData {
  const { x, y } = set.rows;
  const classes = mapParts(y, areRows, ({ dtype }) => dtype === "i32" ? 0 : undefined);
  const sampleShape = mapParts(x, areRows, sampleShapeOf);
  return { name: "the set", training: set, validation: set, test: undefined, sampleShape, classes, scaling: undefined };
}

function sampleShapeOf({ dtype, shape }: Rows): Shape {
  const packed = shape.slice(1);
  // Gray levels are four to a word.
  return dtype === "u32" ? [...packed.slice(0, -1), 4 * packed.at(-1)!] : packed;
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
 * The outputs of a model with the objectives and metrics by which they are judged on a set.
 *
 * @throws {TypeError} if they or the other metrics do not fit the network and the set.
 */
function judgedOutputs(
  action: string,
  { network, parts, metrics }: Judging,
  { set, data }: { readonly set: NamedTensorSet; readonly data: NamedData },
): readonly Output[] {
  // What was learned decides, not what is judged.
  const answers = setsOf(parts.data ?? data);
  const learned = { objectives: parts.chosenObjectives, set: parts.data?.training };
  const outputs = chooseOutputs(action, { ...parts, network }, { set, answers, metrics, learned });
  for (const output of outputs) checkOne(actionFor(action, output, outputs), output, { outputs, set, answers, data });
  return outputs;
}

/**
 * Throws if a model cannot be evaluated on a set. Nothing is computed.
 *
 * @throws {TypeError} if set, network and metrics do not fit together.
 */
export function checkEvaluation(model: EvaluatedModel, given: EvaluatedData, metrics: GivenMetrics): void {
  const { network, parts } = model;
  const action = `evaluate ${showValue(network.name)}`;
  const [set, data] = chosenSet(action, model, given);
  checkData("evaluate", { network, data }, parts);
  readingOnce(() => judgedOutputs(action, { network, parts, metrics: givenMetrics(metrics) }, { set, data }));
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
  const metrics = givenMetrics(named);
  const outputs = readingOnce(() => judgedOutputs(action, { network, parts, metrics }, { set, data }));
  using evaluator = compileEvaluation({ network, outputs: outputs.map((output) => inUnits(output, preprocessing)) });
  using feed = evaluator.feed(set, deviceBytes);
  const found = await evaluator.evaluate(network.weights, feed, makePause());
  return { ...found, examples: set.length, metric: errorIn({ outputs }) };
}

/** The sets on which an output is evaluated. */
interface EvaluatedOutputs {
  readonly outputs: readonly Output[];
  readonly set: NamedTensorSet;
  readonly answers: readonly NamedTensorSet[];
  readonly data: NamedData;
}

/** Throws if the functions of an output do not fit it, or its targets. */
function checkOne(action: string, output: Output, { outputs, data, ...sets }: EvaluatedOutputs): void {
  const { name, network, objective, error, metrics = [] } = output;
  for (const measure of [objective, error]) if (measure) checkOutput(action, network, measure);
  const set = targetsIn(sets.set, name);
  const { classes } = targetsOf(data, name);
  checkTargets(action, { network, objective, sets: { evaluated: set }, classes }, [objective, error]);
  const answers = sets.answers.map((one) => targetsIn(one, name));
  checkMetrics(action, metrics, { ...output, output: outputs.length === 1 ? undefined : name, set, answers });
}
