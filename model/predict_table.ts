/**
 * Predictions for tables and for samples, preprocessed like the training set.
 *
 * @module
 */

import { readyDevice } from "../core/device.ts";
import { tensor } from "../core/creation.ts";
import { wrongKind } from "../core/options/read.ts";
import { showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import type { NamedData } from "../data/data.ts";
import { isNamed, type OneOrNamed } from "../data/named.ts";
import { type AnySamples, samplesKind } from "../data/samples.ts";
import { scalingFor } from "../data/scaling.ts";
import { type FittedPreprocessing, scalingIn } from "../data/steps/any_preprocessing.ts";
import type { TablePreprocessing } from "../data/steps/table_preprocessing.ts";
import { isOfTables, isTable } from "../data/recognized.ts";
import type { Table } from "../data/table/table.ts";
import type { GivenRow } from "../data/table/table_of.ts";
import { hostTensor } from "../data/rows.ts";
import { categoricalCrossentropyError, type Objective } from "../optim/objectives.ts";
import { titleOfNetwork } from "./layer_list.ts";
import type { Network } from "./network.ts";
import { predictBatches, predictedClasses } from "./predict.ts";
import { valueFor } from "./per_output.ts";
import { outputsOf } from "./target_data.ts";
import { thresholdOf } from "./training/binary_threshold.ts";

/** The preprocessing of data: of the tables or pictures that they were made of, or their scaling. */
export function preprocessingOf(data: NamedData | undefined): FittedPreprocessing | undefined {
  return data?.preprocessing ?? data?.scaling;
}

/** Whether inputs are a table, or rows of one. */
function isOfRows(x: unknown): x is Table | readonly GivenRow[] {
  return isTable(x) || Array.isArray(x) && x.length > 0 && x.every(isRow);
}

function isRow(one: unknown): boolean {
  return typeof one === "object" && one !== null && !Array.isArray(one) && !ArrayBuffer.isView(one);
}

/** What a model is judged by: it says what its outputs mean. */
interface DecidingParts {
  readonly objective?: OneOrNamed<Objective> | undefined;
  readonly evaluationMetric?: OneOrNamed<Objective> | undefined;
}

/** What predicts. */
interface Predictor {
  readonly network: Network;
  readonly parts: DecidingParts;
  readonly preprocessing: FittedPreprocessing | undefined;
}

/** The predictions for the rows of a table, as a table of the targets. */
async function predictTable(
  { network, preprocessing: given, parts: { objective, evaluationMetric } }: Predictor,
  rows: Table | readonly GivenRow[],
): Promise<Table> {
  const preprocessing = ofTables(network, given);
  const x = preprocessing.inputs(rows);
  await readyDevice();
  using output = predictBatches(network, tensor(x.values, x.shape));
  if (preprocessing.classes === undefined) {
    return preprocessing.predictions({ values: Float32Array.from(await output.data()), shape: output.shape });
  }
  using classes = classesOf(output, { network, classes: preprocessing.classes, objective, evaluationMetric });
  return preprocessing.predictions({ values: Int32Array.from(await classes.data()), shape: [x.shape[0]] });
}

/** The output of a network for the rows of a table, in the units in which targets are learned. */
function outputOfRows(
  { network, preprocessing }: Omit<Predictor, "parts">,
  rows: Table | readonly GivenRow[],
): Tensor {
  const { values, shape } = ofTables(network, preprocessing).inputs(rows);
  return predictBatches(network, tensor(values, shape));
}

/** The preprocessing of tables of a model that was trained on them. */
function ofTables(network: Network, preprocessing: FittedPreprocessing | undefined): TablePreprocessing {
  if (isOfTables(preprocessing)) return preprocessing;
  throw new TypeError(
    `Cannot predict a table with ${JSON.stringify(network.name)}: expected a model that was trained on tables, as ` +
      "tableData makes them; pass a tensor",
  );
}

/** What decides which class an output means. */
interface Deciding extends DecidingParts {
  readonly network: Network;
  readonly classes: readonly string[];
}

/**
 * The classes that outputs mean, i32, one per row: those of the greatest values or, of one unit, yes from the threshold
 * on by which the model is judged. It is −1 for NaN.
 */
function classesOf(outputs: Tensor, { network, classes, objective, evaluationMetric }: Deciding): Tensor {
  const { shape } = outputs;
  const action = `predict classes with ${JSON.stringify(network.name)}`;
  if (shape.length === 2 && shape[1] > 1) return predictedClasses(outputs);
  if (shape.length > 2 || classes.length > 2) {
    throw new TypeError(
      `Cannot ${action}: expected outputs of one value for each of ${classes.length} classes, got outputs ` +
        `${showShape(shape)}; give the last layer ${classes.length} units`,
    );
  }
  const [output] = network.outputNames;
  const threshold = thresholdOf(
    action,
    { network, answers: [], objective: valueFor(objective, output) ?? categoricalCrossentropyError },
    valueFor(evaluationMetric, output),
  );
  return outputs.equal(outputs).where(outputs.greaterEqual(threshold).cast("i32"), -1);
}

/**
 * Inputs as a tensor: samples are scaled like those of the training set, and tensors are scaled already.
 *
 * @param input the name of the input (default: the only one)
 * @throws {TypeError} if the model was trained on tables: which columns the numbers are is not known.
 */
function scaledTensor(
  { network, preprocessing }: Omit<Predictor, "parts">,
  x: Tensor | AnySamples,
  input?: string,
): Tensor {
  if (!samplesKind.accepts(x)) return x;
  if (isOfTables(preprocessing)) {
    throw new TypeError(
      `Cannot predict samples with ${
        JSON.stringify(network.name)
      }: expected a table, or rows of one, because the model ` +
        "was trained on tables; pass numbers that are preprocessed already as a tensor, tensor(values, shape)",
    );
  }
  const { values, shape } = scalingFor(scalingIn(preprocessing), input)?.apply(x) ?? x;
  return hostTensor(values instanceof Int32Array ? "i32" : "f32", values, shape);
}

/** Inputs by the names of input layers: tensors, or samples. */
export type NamedInputs = Readonly<Record<string, Tensor | AnySamples>>;

/** Whether inputs have names. */
function areNamedInputs(x: Tensor | AnySamples | NamedInputs): x is NamedInputs {
  return !(x instanceof Tensor) && !samplesKind.accepts(x) && isNamed<Tensor | AnySamples>(x);
}

/** Inputs by name as tensors. */
function scaledInputs(predictor: Omit<Predictor, "parts">, x: NamedInputs): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(x).map(([name, one]) => [name, scaledTensor(predictor, one, name)]));
}

/** The predictions of each output by name: classes of those that end in a softmax, otherwise the outputs. */
function predictNamed(
  predictor: Omit<Predictor, "parts">,
  x: NamedInputs,
): Readonly<Record<string, Tensor>> {
  const { network } = predictor;
  const outputs = predictBatches(network, scaledInputs(predictor, x));
  const predictions = outputsOf(network).map(({ name, network: { hasLogits } }) =>
    [name, hasLogits ? predictedClasses(outputs[name]) : outputs[name]] as const
  );
  return Object.fromEntries(predictions);
}

/** What a model predicts: a tensor, samples, a table or rows, or inputs by name. */
export type Examples = Tensor | AnySamples | Table | readonly GivenRow[] | NamedInputs;

/** Throws if a model of tables gets what is neither a table, nor a tensor, nor samples. */
function checkRows({ network, preprocessing }: Omit<Predictor, "parts">, x: unknown): void {
  if (!isOfTables(preprocessing) || isOfRows(x) || x instanceof Tensor || samplesKind.accepts(x)) return;
  throw wrongKind(
    `predict with ${titleOfNetwork(network.name)}`,
    "a table, or a list of at least one row, such as [{ age: 31 }], because the model was trained on tables",
    x,
  );
}

/** The predictions of a model: classes of outputs that end in a softmax, a table for a table, otherwise the outputs. */
export function predictionsOf(
  predictor: Predictor,
  x: Examples,
): Tensor | Promise<Table> | Readonly<Record<string, Tensor>> {
  checkRows(predictor, x);
  if (isOfRows(x)) return predictTable(predictor, x);
  if (areNamedInputs(x)) return predictNamed(predictor, x);
  const { network } = predictor;
  const output = predictBatches(network, scaledTensor(predictor, x));
  return network.hasLogits ? predictedClasses(output) : output;
}

/** The outputs of a model, whatever they mean. */
export function outputOf(predictor: Omit<Predictor, "parts">, x: Examples): OneOrNamed<Tensor> {
  checkRows(predictor, x);
  if (isOfRows(x)) return outputOfRows(predictor, x);
  return predictBatches(
    predictor.network,
    areNamedInputs(x) ? scaledInputs(predictor, x) : scaledTensor(predictor, x),
  );
}
