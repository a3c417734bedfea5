/**
 * The result of a search.
 *
 * @module
 */

import type { HyperparameterValues } from "../hyperparameters.ts";
import { compareRows, scoreOf, type SearchRow } from "./row.ts";

/** The result of a search: a table of rows. */
export interface SearchResult<V extends HyperparameterValues = HyperparameterValues> {
  /** The names of the hyperparameters that differ among the rows. */
  readonly searched: readonly string[];
  /** All rows: the best validation error first, failed rows last. */
  readonly rows: readonly SearchRow<V>[];
  /** The row with the best validation error, or loss without a metric; undefined if no row has one. */
  readonly best: SearchRow<V> | undefined;
  /** The numbers of combinations without a row, because the search was stopped, or another shard has them. */
  readonly missing: readonly number[];
}

/** The result of these rows, of a search of `size` combinations. */
export function resultOf<V extends HyperparameterValues>(
  searched: readonly string[],
  rows: Iterable<SearchRow<V>>,
  size: number,
): SearchResult<V> {
  const sorted = [...rows].sort(compareRows);
  const known = new Set(sorted.map(({ number }) => number));
  const missing = Array.from({ length: size }, (_, number) => number).filter((number) => !known.has(number));
  return { searched, rows: sorted, best: sorted.find((row) => scoreOf(row) !== null), missing };
}
