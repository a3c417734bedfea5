/**
 * Fits the preprocessing of tables to a training set.
 *
 * @module
 */

import { textKind } from "../../core/options/kinds.ts";
import { custom, type Declaration } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { either, list } from "../../core/options/values.ts";
import { DataError } from "../errors.ts";
import { suggestColumn } from "../table/name_messages.ts";
import { isPlainRecord } from "../table/column_types.ts";
import { type Table, tableKind } from "../table/table.ts";
import { titleOf } from "./features.ts";
import { readPreprocessing } from "./configuration.ts";
import { applyColumn, autoTarget, fitColumn, type FittedColumn } from "./fitted_column.ts";
import { provideReader } from "./readers.ts";
import type { ColumnSteps } from "./registry.ts";
import { TablePreprocessing } from "./table_preprocessing.ts";

/** Which columns are inputs and targets, and the steps that make numbers of them. */
export interface ColumnOptions {
  /** The columns that are inputs, or the steps for each of them; default: all columns but the targets. */
  readonly inputs?: readonly string[] | Readonly<Record<string, ColumnSteps>> | undefined;
  /** The columns that are targets, or the steps for each of them. */
  readonly targets: string | readonly string[] | Readonly<Record<string, ColumnSteps>>;
}

const names = list(textKind, { items: "names of columns" });

const stepsKind = custom<Readonly<Record<string, ColumnSteps>>>({
  expected: 'a record of the steps for each column, such as { age: "standardize" }',
  accepts: (value): value is Readonly<Record<string, ColumnSteps>> => isPlainRecord(value),
});

/** {@linkcode ColumnOptions}, declared. */
export const columnOptions = {
  inputs: either([names, stepsKind], {
    help: "columns that are inputs, or the steps for each of them",
    otherwise: "all columns but the targets",
  }),
  targets: either([textKind, names, stepsKind], {
    required: true,
    help: "columns that are targets, or the steps for each of them",
  }),
} satisfies Declaration<ColumnOptions>;

/** Steps that can be reverted, so predictions have the units of the targets. */
const targetSteps: ReadonlySet<string> = new Set(["standardize", "normalize", "log", "classes"]);

/**
 * Fits a preprocessing to the training set: which columns are inputs and targets, and the steps that make numbers of
 * them. Means, ranges and categories are those of the training set alone, so that nothing of other sets is learned.
 *
 * Columns without steps of their own get those that suit their type. Numbers: `["impute", "standardize"]`; texts:
 * `"oneHot"`, with a feature for missing values if the training set has any, otherwise they are refused; true and false: 1
 * and 0, after `["impute", { with: "most frequent" }]`; dates: `["daysSince", "impute",
 * "standardize"]`. Targets that are numbers are standardized; predictions are scaled back. Other targets are classes.
 *
 * @throws {DataError} if a column has values that its steps do not take, with the row.
 * @throws {RangeError} if there is no such column or step; the message has the nearest name.
 *
 * @example
 * ```ts
 * import { fitPreprocessing, parseTable } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const training = parseTable("age,city,price\n30,Bern,100\n,Oslo,300\n50,Bern,200\n");
 * const fitted = fitPreprocessing(training, {
 *   inputs: { age: [["impute", { with: "median", indicator: true }], "normalize"], city: "oneHot" },
 *   targets: { price: "standardize" },
 * });
 * assertEquals(fitted.features, ["age", "age is missing", "city=Bern", "city=Oslo"]);
 * const { x } = fitted.apply(training);
 * assertEquals([...x.values.subarray(4, 8)], [0.5, 1, 0, 1]);
 *
 * const unseen = parseTable("age,city\n45,Oslo\n");
 * assertEquals([...fitted.inputs(unseen).values], [0.75, 0, 0, 1]);
 * ```
 */
export function fitPreprocessing(training: Table, columns: ColumnOptions): TablePreprocessing {
  refuseSurplus("fitPreprocessing", arguments, 2);
  checkArgument("fit a preprocessing", training, tableKind);
  const { inputs, targets } = readOptions("fit a preprocessing", columnOptions, columns);
  // Whoever fits a preprocessing may read one from a configuration, too.
  provideReader("table", readPreprocessing);
  if (training.length === 0) throw new DataError("Cannot fit a preprocessing: expected a table with rows, got none");
  const ofTargets = stepsOf(training, targets);
  const targetNames = new Set(Object.keys(ofTargets));
  const rest = training.columns.filter((name) => !targetNames.has(name));
  const ofInputs = stepsOf(training, inputs ?? rest);
  const both = Object.keys(ofInputs).find((name) => targetNames.has(name));
  if (both !== undefined) {
    throw new DataError(
      `Cannot fit a preprocessing: expected other inputs than targets, got ${showValue(both)} as both`,
    );
  }
  if (Object.keys(ofInputs).length === 0) {
    throw new DataError("Cannot fit a preprocessing: expected at least one input, got none");
  }
  const fitted = Object.entries(ofTargets).map(([name, given]) => fitTarget(training, name, given));
  checkTargets(fitted);
  const configuration = {
    kind: "table",
    inputs: Object.entries(ofInputs).map(([name, given]) => fitInput(training, name, given)),
    targets: fitted,
  } as const;
  const features = configuration.inputs.flatMap((one) => applyColumn(one, training).names);
  return new TablePreprocessing(configuration, features);
}

/** The steps of each column, from its names or from a record. */
function stepsOf(
  training: Table,
  given: string | readonly string[] | Readonly<Record<string, ColumnSteps>>,
): Readonly<Record<string, ColumnSteps>> {
  const list = typeof given === "string" ? [given] : given;
  const named = Array.isArray(list)
    ? Object.fromEntries(list.map((name: string) => [name, "auto"] as const))
    : list as Readonly<Record<string, ColumnSteps>>;
  for (const name of Object.keys(named)) {
    if (training.columns.includes(name)) continue;
    throw new RangeError(
      `Cannot fit a preprocessing: there is no column ${showValue(name)}${suggestColumn(name, training.columns)}`,
    );
  }
  return named;
}

function fitInput(training: Table, name: string, given: ColumnSteps): FittedColumn {
  const column = training.column(name);
  const fitted = fitColumn(column, given);
  if (!fitted.steps.some(([step]) => step === "classes")) return fitted;
  throw new DataError(`Cannot preprocess ${titleOf(column)} by classes: it is an input; use "oneHot"`);
}

function fitTarget(training: Table, name: string, given: ColumnSteps): FittedColumn {
  const column = training.column(name);
  const row = column.numbers.findIndex(Number.isNaN);
  if (row >= 0) {
    throw new DataError(
      `Cannot use ${titleOf(column)} as a target: expected a value in ${
        column.place(row)
      }, got none; remove such rows, ` +
        `as by withoutMissing(table, [${showValue(name)}])`,
    );
  }
  const fitted = fitColumn(column, given, autoTarget);
  const odd = fitted.steps.find(([step]) => !targetSteps.has(step));
  if (odd === undefined) return fitted;
  throw new DataError(
    `Cannot preprocess ${titleOf(column)} by ${odd[0]}: expected steps that predictions can revert (${
      [...targetSteps].join(", ")
    }), because it is a target`,
  );
}

/** There is one target of classes, or some of numbers. */
function checkTargets(targets: readonly FittedColumn[]): void {
  if (targets.length === 0) throw new DataError("Cannot fit a preprocessing: expected at least one target, got none");
  const classes = targets.filter(({ steps }) => steps.some(([name]) => name === "classes"));
  if (classes.length === 0 || targets.length === 1) return;
  throw new DataError(
    `Cannot fit a preprocessing: expected one target of classes, or some of numbers, got ${
      targets.map(({ column }) => showValue(column)).slice(0, 5).join(" and ")
    }`,
  );
}
