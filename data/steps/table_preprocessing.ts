/**
 * Preprocessing of tables: steps for each column, fitted to the training set and applied to all others.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkArgument } from "../../core/options/read.ts";
import { type AnySamples, type Samples, samplesKind } from "../samples.ts";
import type { ColumnType } from "../table/column.ts";
import { register } from "../recognized.ts";
import { type Table, tableKind } from "../table/table.ts";
import { type GivenRow, tableOf } from "../table/table_of.ts";
import type { Features } from "./features.ts";
import { applyColumn, checkFeatures, checkTarget, type FittedColumn } from "./fitted_column.ts";
import { predictionTable } from "./prediction_table.ts";

/** A preprocessing of tables as plain data. */
export interface TablePreprocessingConfiguration {
  /** The kind of preprocessing. */
  readonly kind: "table";
  /** The fitted steps of the inputs. */
  readonly inputs: readonly FittedColumn[];
  /** The fitted steps of the targets. */
  readonly targets: readonly FittedColumn[];
}

/**
 * A preprocessing that was fitted to a training set by {@linkcode fitPreprocessing}: what it does depends on nothing
 * else. Models keep it, so that files of them contain it, and apply it to tables that they predict.
 */
export class TablePreprocessing {
  /** The names of the features of an input, such as `city=Bern`. */
  readonly features: readonly string[];

  /** Made by {@linkcode fitPreprocessing} and {@linkcode preprocessingFromConf}. */
  constructor(readonly configuration: TablePreprocessingConfiguration, features: readonly string[]) {
    register("preprocessing of tables", this);
    this.features = features;
  }

  /** The types of the columns of the training set, for {@linkcode readTable}. */
  get types(): Readonly<Record<string, ColumnType>> {
    return typesOf([...this.configuration.inputs, ...this.configuration.targets]);
  }

  /** The types of the columns of the inputs. */
  get inputTypes(): Readonly<Record<string, ColumnType>> {
    return typesOf(this.configuration.inputs);
  }

  /** The names of the columns of the targets. */
  get targets(): readonly string[] {
    return this.configuration.targets.map(({ column }) => column);
  }

  /** The names of the classes, by their numbers; `undefined` if the target is not a class. */
  get classes(): readonly string[] | undefined {
    const [first] = this.configuration.targets;
    const last = first?.steps.at(-1);
    return last?.[0] === "classes" ? last[1].categories as readonly string[] : undefined;
  }

  /**
   * The inputs of a table, or of rows such as `[{ age: 31, city: "Bern" }]`, `[row, feature]`.
   *
   * @throws {DataError} if it lacks a column, or has a value that does not fit, with its row.
   */
  inputs(given: Table | readonly GivenRow[]): Samples {
    refuseSurplus("preprocessing.inputs", arguments, 1);
    const table = Array.isArray(given) ? tableOf(given) : checkArgument("preprocess a table", given, tableKind);
    return samplesOf(this.configuration.inputs.map((one) => applyColumn(one, table)), table.length);
  }

  /**
   * The inputs and targets of a table, as a set of examples: class numbers, or numbers, `[row, target]`.
   *
   * @throws {DataError} if it lacks a column, or has a value that does not fit, with its row.
   */
  apply(table: Table): { readonly x: Samples; readonly y: Int32Array | Samples } {
    refuseSurplus("preprocessing.apply", arguments, 1);
    const x = this.inputs(table);
    const targets = this.configuration.targets.map((one) => applyColumn(one, table));
    targets.forEach(checkTarget);
    const y = samplesOf(targets, table.length);
    return { x, y: this.classes === undefined ? y : Int32Array.from(y.values) };
  }

  /**
   * The table of predictions: targets in their own units, `[row, target]`, or the predicted classes, `[row]`, in the type of the target.
   *
   * @throws {TypeError} if the outputs do not have the shape of the targets.
   */
  predictions(outputs: AnySamples): Table {
    refuseSurplus("preprocessing.predictions", arguments, 1);
    checkArgument("make a table of predictions", outputs, samplesKind);
    return predictionTable(outputs, this.configuration.targets);
  }
}

function typesOf(columns: readonly FittedColumn[]): Readonly<Record<string, ColumnType>> {
  return Object.fromEntries(columns.map(({ column, type }) => [column, type]));
}

/** The features of all columns as singles, `[row, feature]`. */
function samplesOf(all: readonly Features[], rows: number): Samples {
  all.forEach(checkFeatures);
  const columns = all.flatMap(({ values }) => values);
  const width = columns.length;
  const values = new Float32Array(rows * width);
  columns.forEach((column, i) => {
    for (let row = 0; row < rows; row++) values[row * width + i] = column[row];
  });
  return { values, shape: [rows, width] };
}
