/**
 * Predictions for tables and for samples, preprocessed like the training set.
 *
 * @module
 */

import { readyDevice } from "../core/device.ts";
import { tensor } from "../core/creation.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Data } from "../data/data.ts";
import type { AnySamples } from "../data/samples.ts";
import type { FittedPreprocessing } from "../data/steps/any_preprocessing.ts";
import { TablePreprocessing } from "../data/steps/table_preprocessing.ts";
import { Table } from "../data/table/table.ts";
import { type GivenRow, tableOf } from "../data/table/table_of.ts";
import { hostTensor } from "../data/rows.ts";
import type { Network } from "./network.ts";
import { predictBatches, predictedClasses } from "./predict.ts";

/** The preprocessing of data: of the tables that they were made of, or their scaling. */
export function preprocessingOf(data: Data | undefined): FittedPreprocessing | undefined {
  return data?.preprocessing ?? data?.scaling;
}

/** Whether inputs are a table, or rows of one. */
export function isOfRows(x: unknown): x is Table | readonly GivenRow[] {
  return x instanceof Table || Array.isArray(x) && x.length > 0 && x.every(isRow);
}

function isRow(one: unknown): boolean {
  return typeof one === "object" && one !== null && !Array.isArray(one) && !ArrayBuffer.isView(one);
}

/** What predicts. */
interface Predictor {
  readonly network: Network;
  readonly preprocessing: FittedPreprocessing | undefined;
}

/** The predictions for the rows of a table, as a table of the targets. */
export async function predictTable(
  { network, preprocessing }: Predictor,
  given: Table | readonly GivenRow[],
): Promise<Table> {
  if (!(preprocessing instanceof TablePreprocessing)) {
    throw new TypeError(
      `Cannot predict a table with ${JSON.stringify(network.name)}: expected a model that was trained on tables, as ` +
        "tableData makes them; pass a tensor",
    );
  }
  const table = given instanceof Table ? given : tableOf(given);
  const x = preprocessing.inputs(table);
  await readyDevice();
  using output = predictBatches(network, tensor(x.values, x.shape));
  if (preprocessing.classes === undefined) {
    return preprocessing.predictions({ values: Float32Array.from(await output.data()), shape: output.shape });
  }
  using classes = network.hasLogits
    ? predictedClasses(output)
    : output.greater(0.5).cast("i32").reshape([table.length]);
  return preprocessing.predictions({ values: Int32Array.from(await classes.data()), shape: [table.length] });
}

/** Samples as a tensor, scaled like those of the training set. */
export function scaledTensor(preprocessing: FittedPreprocessing | undefined, x: AnySamples): Tensor {
  const { values, shape } = preprocessing === undefined || preprocessing instanceof TablePreprocessing
    ? x
    : preprocessing.apply(x);
  return hostTensor(values instanceof Int32Array ? "i32" : "f32", values, shape);
}
