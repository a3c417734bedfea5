/**
 * A search whose code is loaded when it begins, because few programs search.
 *
 * @module
 */

import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Combinations } from "./combinations.ts";
import type { SearchResult } from "./result.ts";
import type { SearchEvent } from "./search.ts";
import type { SearchOptions } from "./search_options.ts";
import type { Build } from "./trial.ts";

/** Searches: yields each row when it is known, and returns the complete table at the end. */
export async function* searchLater<V extends HyperparameterValues>(
  combinations: Combinations<V>,
  build: Build<V>,
  options: SearchOptions,
): AsyncGenerator<SearchEvent<V>, SearchResult<V>> {
  const { search } = await import("./search.ts");
  return yield* search(combinations, build, options);
}
