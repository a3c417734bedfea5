/**
 * Predicts numbers from a table: from a CSV file to a report in the units of the target.
 *
 * ```sh
 * deno run -A examples/regression.ts [FILE TARGET [DELIMITER]]
 * ```
 *
 * FILE is a CSV file whose first line names the columns, TARGET the column of numbers to predict from all others. Columns
 * may be numbers, texts, dates, or true and false, and values may be missing. Without arguments, the program predicts how
 * far 398 cars of 1970 to 1982 go on a gallon of fuel; the table is downloaded once, from npm. It takes seconds, writes
 * the model to `regression.ym`, and prints:
 *
 * ```text
 * 398 rows
 * column            type    missing  values
 * Name              text             chevrolet chevelle malibu, buick skylark 320, plymouth satellite, amc rebel sst, ford torino, … (304)
 * Miles_per_Gallon  number           9 … 46.6
 * Cylinders         number           3 … 8
 * Displacement      number           68 … 455
 * Horsepower        number  6        46 … 230
 * Weight_in_lbs     number           1613 … 5140
 * Acceleration      number           8 … 24.8
 * Year              date             1970-01-01 … 1982-01-01
 * Origin            text             USA, Japan, Europe
 *
 * Left out: Name, with 304 different texts
 * 279 rows for training, 59 for validation, 60 for the test
 * 9 features: Cylinders, Displacement, Horsepower, Weight_in_lbs, Acceleration, Year, Origin=Europe, Origin=Japan, Origin=USA
 *
 * Mean absolute error of the test set: 2.18 (always predicting the mean: 6.01)
 * Explained variance (R²): 0.84
 *
 *   Miles_per_Gallon  predicted
 *               22.5      19.05
 *                 11      12.45
 *                 16      14.80
 *                 24      20.24
 *                 28      21.27
 * ```
 *
 * @module
 */

import {
  adam,
  type ColumnSteps,
  denseLayer,
  inputLayer,
  meanAbsoluteError,
  meanSquaredError,
  model,
  network,
  readTable,
  split,
  type Table,
  tableData,
  tableOf,
  withoutMissing,
} from "../mod.ts";

/** The table of cars of the package vega-datasets. Its name is a variable, so it is downloaded only if it is used. */
async function cars(): Promise<Table> {
  const specifier = "npm:vega-datasets@2.11.0/data/cars.json";
  const { default: rows } = await import(specifier, { with: { type: "json" } });
  return tableOf(rows, { columns: { Year: "date" } });
}

const [file, target = "Miles_per_Gallon", delimiter = ","] = Deno.args;

// The table. Rows without a value of the target teach nothing.
const read = file === undefined ? await cars() : await readTable(file, { delimiter, columns: { [target]: "number" } });
const table = withoutMissing(read, [target]);
console.log(table.summary());

// Texts that hardly repeat, such as names, say nothing about other rows, and empty columns nothing at all.
const inputs: Record<string, ColumnSteps> = {};
const leftOut: string[] = [];
for (const name of table.columns.filter((one) => one !== target)) {
  const { type, categories, missing, length } = table.column(name);
  if (missing === length) leftOut.push(`${name}, without values`);
  else if (categories.length > length / 5) leftOut.push(`${name}, with ${categories.length} different texts`);
  // A text that only a later table has gets none of the features of the others.
  else inputs[name] = type === "text" ? ["oneHot", { unknown: "ignore", missing: "ignore" }] : "auto";
}

// The sets. Means, deviations and categories are those of the training set alone.
const sets = split(table, [0.7, 0.15, 0.15], { seed: 1 });
const data = tableData(sets, { inputs, targets: { [target]: "standardize" }, name: file ?? "cars" });
const [training, validation, test] = sets;
const { features } = data.preprocessing;
console.log(`
${leftOut.length === 0 ? "No column is left out" : `Left out: ${leftOut.join("; ")}`}
${training.length} rows for training, ${validation.length} for validation, ${test.length} for the test
${features.length} features: ${features.join(", ")}`);

// The network: one output without an activation, since the target may be any number.
const input = inputLayer({ shape: [null, features.length] });
const hidden = denseLayer(input, { nUnits: 32, activation: "relu" });
const output = denseLayer(hidden, { nUnits: 1, activation: "linear" });
const { model: trained, report } = await model({
  name: "regression",
  network: network("regression", [input, hidden, output]),
  data,
  objective: meanSquaredError,
  evaluationMetric: meanAbsoluteError,
  hyperparameters: { batchSize: Math.min(32, training.length), nEpochs: 200, learningRate: 0.01, patience: 500 },
  updates: adam,
}).train();

// The report, in the units of the target: how far predictions are off, and how far the mean is.
const known = [...test.column(target).numbers];
const predictions = (await trained.predict(test)).column(target).numbers;
const average = training.column(target).numbers.reduce((sum, one) => sum + one, 0) / training.length;
const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const squares = (of: (i: number) => number) => meanOf(known.map((one, i) => (one - of(i)) ** 2));
const short = (value: number) => String(Number(value.toPrecision(value >= 1000 ? 6 : 3)));
console.log(`
Mean absolute error of the test set: ${short(report.testError!)} (always predicting the mean: ${
  short(meanOf(known.map((one) => Math.abs(one - average))))
})
Explained variance (R²): ${(1 - squares((i) => predictions[i]) / squares(() => meanOf(known))).toFixed(2)}
`);
const width = Math.max(target.length, 9);
console.log(`  ${target.padStart(width)}  predicted`);
for (let i = 0; i < Math.min(5, known.length); i++) {
  console.log(`  ${String(known[i]).padStart(width)}  ${predictions[i].toFixed(2).padStart(9)}`);
}

await trained.saveModel("regression.ym");
