/**
 * Options of whatever searches for hyperparameters.
 *
 * @module
 */

import { flag, section, valued, type ValuesOf } from "../options/option.ts";
import { count, text } from "../options/readers.ts";

/** What is tried, where rows are kept, and what is written at the end. */
export const searchOptions = section("Search", {
  random: valued("N", count, "try N combinations at random in place of all"),
  journal: valued("FILE", text, "keep rows in FILE, and go on with what it has"),
  shard: valued("I/N", text, "try the I-th of N parts, counted from 0"),
  parallel: valued("N", count, "try N combinations at the same time"),
  giveUp: valued("N", count, "after N epochs, give up combinations that do worse than half of the others"),
  retryFailed: flag("try combinations again that failed before"),
  refit: flag("train the best combination once more, and test it"),
  save: valued("FILE", text, "with refit: save the model that was trained once more, by convention .ym"),
  table: valued("FILE", text, "write the table to FILE: .csv, .json, .md, .html, or the picture, .svg"),
  into: valued("FILE", text, "with merge: write the journal of the whole to FILE"),
});

/** What a command line says about a search. */
export type SearchSettings = ValuesOf<typeof searchOptions>;
