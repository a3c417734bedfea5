/**
 * What the steps of a preprocessing pass on.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import { DataError } from "../errors.ts";
import type { Column } from "../table/column.ts";

/** Numbers that were made of a column: some of them for each row. */
export interface Features {
  /** The column that they were made of, for messages. */
  readonly column: Column;
  /** The name of each feature, such as `city=Bern`. */
  readonly names: readonly string[];
  /** For each feature the numbers of all rows, NaN if a value is missing. */
  readonly values: readonly Float64Array[];
}

/** A column of a table, or numbers that were made of it. */
export type Stage = Column | Features;

/** Whether these are numbers, not a column. */
export function areFeatures(stage: Stage): stage is Features {
  return "names" in stage;
}

/** The column of a stage. */
export function columnOf(stage: Stage): Column {
  return areFeatures(stage) ? stage.column : stage;
}

/** The name of a column in messages. */
export function titleOf({ name }: Column): string {
  return `column ${showValue(name)}`;
}

/**
 * The numbers of a stage: those of its features, or of its column; true is 1.
 *
 * @param action what is tried, for the message: `standardize`
 * @throws {DataError} if it is a column of texts or dates; the message has the first of them.
 */
export function numbersOf(action: string, stage: Stage): Features {
  if (areFeatures(stage)) return stage;
  const { name, type, numbers } = stage;
  if (type === "number" || type === "boolean") return { column: stage, names: [name], values: [numbers] };
  // Of a column with few texts, one of these is likely to be the mistake.
  const row = type === "text" ? oddRow(stage) : numbers.findIndex((one) => !Number.isNaN(one));
  const cure = type === "date"
    ? 'make numbers of it before, such as with "daysSince" or "dateParts"'
    : 'correct it if the column has numbers, otherwise use "oneHot"';
  const got = row < 0 ? `${type}s` : `${showValue(String(stage.at(row)))} in ${stage.place(row)}`;
  throw new DataError(`Cannot ${action} ${titleOf(stage)}: expected numbers, got ${got}; ${cure}`);
}

/** The first row whose text is not a number, negative if there is none. */
function oddRow(column: Column): number {
  const isNumber = column.texts.map((text) => text !== "" && Number.isFinite(Number(text)));
  return column.numbers.findIndex((code) => !Number.isNaN(code) && !isNumber[code]);
}
