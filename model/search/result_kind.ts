/**
 * Results of searches as arguments.
 *
 * @module
 */

import { isListOf } from "../../core/options/items.ts";
import { custom } from "../../core/options/option.ts";
import { isPlainRecord } from "../files/json.ts";
import type { SearchResult } from "./result.ts";

/** The result of a search. */
export const resultKind = custom<SearchResult>({
  expected: "the result of a search, with the names that were searched and a list of rows",
  accepts: (value): value is SearchResult =>
    typeof value === "object" && value !== null && "searched" in value && "rows" in value &&
    isListOf(value.searched, (name) => typeof name === "string") &&
    isListOf(value.rows, (row) => isPlainRecord(row) && isPlainRecord(row.hyperparameters)),
});
