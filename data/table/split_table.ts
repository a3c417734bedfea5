/**
 * Splits of tables: which columns have the classes and groups of their rows.
 *
 * @module
 */

import { whole } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { flag, text } from "../../core/options/values.ts";
import type { SourceSet } from "../sample_source.ts";
import type { SplitOptions } from "../split.ts";
import type { Column } from "./column.ts";
import type { Table } from "./table.ts";

/** Options of `split` and `kFolds` for tables. */
export interface TableSplitOptions {
  /** The random seed: the same seed splits in the same way on every machine; default: 1. */
  readonly seed?: number;
  /** Shuffle the rows first; default: true. Time series keep their order with false. */
  readonly shuffle?: boolean;
  /** Give each part the same share of each value of this column. */
  readonly stratify?: string | undefined;
  /** Column of the group of each row; groups are not divided. A group is, for example, the patient of a measurement. */
  readonly groups?: string | undefined;
}

/** {@linkcode TableSplitOptions}, declared. */
export const tableSplitOptions = {
  seed: whole({ default: 1, help: "random seed" }),
  shuffle: flag({ default: true, help: "shuffle the rows first" }),
  stratify: text({ help: "give each part the same share of each value of this column" }),
  groups: text({ help: "column of the group of each row; groups are not divided" }),
} satisfies Declaration<TableSplitOptions>;

/** The rows of a table as examples that have nothing but a class, and how they are to be split. */
export function examplesOf(
  action: string,
  table: Table,
  given: TableSplitOptions | undefined,
): { readonly set: SourceSet; readonly options: SplitOptions } {
  const { stratify, groups, ...options } = readOptions(action, tableSplitOptions, given);
  const y = stratify === undefined ? new Int32Array(table.length) : valueNumbers(table.column(stratify));
  return {
    set: { x: { values: new Float32Array(0), shape: [table.length, 0] }, y },
    options: {
      ...options,
      stratify: stratify !== undefined,
      groups: groups === undefined ? undefined : valueNumbers(table.column(groups)),
    },
  };
}

/** A number for each different value of a column; missing values have one, too. */
function valueNumbers({ numbers }: Column): Int32Array {
  const known = new Map<number, number>();
  return Int32Array.from(numbers, (value) => {
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    return number;
  });
}
