/**
 * Runs a search to its end.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { functionKind, objectKind } from "../../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../../core/options/read.ts";
import { followEvents } from "../follow_events.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { SearchResult } from "./result.ts";
import type { SearchEvent } from "./search.ts";

const searchKind = objectKind("a search", "next");

/**
 * Runs a search to its end, and returns its table.
 *
 * @param onEvent Called with each event.
 * @throws an error that ends the search, such as a journal that cannot be written.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const search = gridSearch(hyperparameters({ nUnits: [5, [5, 10]] }), () => {
 *   throw new RangeError("Cannot build it");
 * });
 * const messages: string[] = [];
 * const { best } = await finish(search, (event) => {
 *   if (event.event === "row") messages.push(`${event.done}/${event.total}: ${event.row.failure?.message}`);
 * });
 * assertEquals(messages, ["1/2: Cannot build it", "2/2: Cannot build it"]);
 * assertEquals(best, undefined);
 * ```
 */
export async function finish<V extends HyperparameterValues>(
  search: AsyncGenerator<SearchEvent<V>, SearchResult<V>>,
  onEvent?: (event: SearchEvent<V>) => void,
): Promise<SearchResult<V>> {
  refuseSurplus("finish", arguments, 2);
  if (onEvent !== undefined) checkArguments("finish a search", { onEvent }, functionKind);
  checkArgument("finish a search", search, searchKind);
  return await followEvents(search, (event) => onEvent?.(event));
}
