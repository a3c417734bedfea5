/**
 * The steps of one column, fitted to the training set.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { readUntyped } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import type { Column, ColumnType } from "../table/column.ts";
import { suggestColumn } from "../table/name_messages.ts";
import { isPlainRecord } from "../table/column_types.ts";
import type { Table } from "../table/table.ts";
import { type Features, numbersOf, type Stage, titleOf } from "./features.ts";
import { type ColumnStep, type ColumnSteps, type StepName, steps } from "./registry.ts";

/** A fitted step: its name, and what was fitted, as plain data. */
export type FittedStep = readonly [name: StepName, fitted: Readonly<Record<string, unknown>>];

/** The fitted steps of a column, as plain data. */
export interface FittedColumn {
  /** The name of the column. */
  readonly column: string;
  /** The type of its values. */
  readonly type: ColumnType;
  /** The steps, in the order in which they are applied. */
  readonly steps: readonly FittedStep[];
}

/** The steps that suit the type of an input. */
function autoSteps({ type, missing }: Column): readonly ColumnStep[] {
  if (type === "number") return ["impute", "standardize"];
  if (type === "boolean") return [["impute", { with: "most frequent" }]];
  if (type === "date") return ["daysSince", "impute", "standardize"];
  return [["oneHot", { missing: missing > 0 ? "column" : "refuse" }]];
}

/** The steps that suit the type of a target. */
export function autoTarget({ type }: Column): readonly ColumnStep[] {
  return type === "number" ? ["standardize"] : ["classes"];
}

/** The name and the options of each of some steps. */
function listOf(column: Column, given: unknown): (readonly [string, unknown])[] {
  const isOne = typeof given === "string" || Array.isArray(given) && given.length === 2 && isPlainRecord(given[1]);
  const list: readonly unknown[] = isOne ? [given] : Array.isArray(given) ? given : [undefined];
  return list.map((one) => {
    const [name, options, ...others] = Array.isArray(one) ? one : [one, {}];
    if (typeof name === "string" && isPlainRecord(options) && others.length === 0) return [name, options];
    throw new TypeError(
      `Cannot preprocess ${titleOf(column)}: expected a step such as "standardize", a step with options such as ` +
        `["impute", { with: "median" }], or a list of them, got ${showValue(given)}`,
    );
  });
}

/** Whether a name is that of a step. */
export function isStep(name: string): name is StepName {
  return Object.hasOwn(steps, name);
}

/** The steps of a column fitted to it, and what they make of it. */
export function fitColumn(
  column: Column,
  given: ColumnSteps,
  auto: (column: Column) => readonly ColumnStep[] = autoSteps,
): FittedColumn {
  let stage: Stage = column;
  const fitted = listOf(column, given === "auto" ? auto(column) : given).map(([name, options]): FittedStep => {
    if (!isStep(name)) {
      throw new RangeError(
        `Cannot preprocess ${titleOf(column)} by ${showValue(name)}${suggestName(name, Object.keys(steps))}`,
      );
    }
    const action = `preprocess ${titleOf(column)} by ${name}`;
    const read = readUntyped(action, steps[name].options, options as Readonly<Record<string, unknown>>);
    const found = { ...steps[name].fit(stage, read) } as Readonly<Record<string, unknown>>;
    stage = steps[name].apply(stage, found);
    return [name, found];
  });
  return { column: column.name, type: column.type, steps: fitted };
}

/**
 * The features of a column of a table. A column of another type than in the training set is converted if that is
 * possible: a text may look like a number in a table of few rows.
 *
 * @throws {DataError} if the table lacks the column, or it has values that do not fit.
 */
export function applyColumn(fitted: FittedColumn, table: Table): Features {
  if (!table.columns.includes(fitted.column)) {
    throw new DataError(
      `Cannot preprocess the table: expected a column ${showValue(fitted.column)}, as in the training set${
        table.columns.length === 0
          ? ", got a table without columns"
          : suggestColumn(fitted.column, table.columns).replace(": expected one of", ", got")
      }`,
    );
  }
  const column = ofType(table.column(fitted.column), fitted.type);
  const last = fitted.steps.reduce((stage: Stage, [name, found]) => steps[name].apply(stage, found), column);
  return numbersOf("use", last);
}

function ofType(column: Column, type: ColumnType): Column {
  if (column.type === type || column.missing === column.length) return column.as(type);
  if (type === "text" && column.type !== "date") return column.as(type);
  const row = column.numbers.findIndex((one) => !Number.isNaN(one));
  throw new DataError(
    `Cannot preprocess ${titleOf(column)}: expected a ${type}, as in the training set, got ${
      showValue(String(column.at(row)))
    } in ${column.place(row)}; ${cureOf(column, type)}`,
  );
}

/** Values of each type in a row. */
const valuesByType: Readonly<Record<ColumnType, string>> = {
  number: "numbers",
  text: "texts",
  boolean: "true or false",
  date: "dates, such as new Date(0)",
};

/** How a column of another type becomes one of this type. Rows of JSON have no dates, for example. */
function cureOf({ name }: Column, type: ColumnType): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : showValue(name);
  return `pass ${valuesByType[type]}, or a table whose column is declared: columns: { ${key}: "${type}" }`;
}

/**
 * Refuses missing values among the features of a column, infinite ones, and those that would be infinite as singles.
 *
 * @throws {DataError} with the row.
 */
export function checkFeatures({ column, values }: Features): void {
  for (const one of values) {
    const row = one.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (row < 0) continue;
    const { expected, got } = refusal(one[row], column, row);
    throw new DataError(`Cannot use ${titleOf(column)}: expected ${expected} in ${column.place(row)}, got ${got}`);
  }
}

/**
 * Refuses missing values of a target, which no step should replace.
 *
 * @throws {DataError} with the row and the cure.
 */
export function checkTarget({ column, values }: Features): void {
  const row = Math.min(...values.map((one) => one.findIndex(Number.isNaN)).filter((row) => row >= 0));
  if (row === Infinity || column.at(row) !== null) return;
  const { name } = column;
  throw new DataError(
    `Cannot use target ${showValue(name)}: expected a value in ${
      column.place(row)
    }, got none; leave such rows out with ` +
      `withoutMissing(table, [${showValue(name)}]), or predict them`,
  );
}

function refusal(value: number, column: Column, row: number): { readonly expected: string; readonly got: string } {
  if (Number.isNaN(value)) return { expected: "a value", got: 'none; the step "impute" replaces missing values' };
  if (!Number.isFinite(value)) return { expected: "finite numbers", got: String(value) };
  const cell = String(column.at(row));
  const own = String(value);
  return {
    expected: "numbers up to 3.4e38, the largest single, after the steps of the column,",
    got: `${own === cell ? own : `${own} from ${cell}`}; correct it, or scale the numbers down`,
  };
}
