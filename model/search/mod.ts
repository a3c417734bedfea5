/**
 * Searching for hyperparameters: grid search, random search, journals, shards, tables.
 *
 * @module
 */

export type { TableOptions } from "./columns.ts";
export { between, type Distribution, type DistributionName, logBetween, wholeBetween } from "./distribution.ts";
export { finish } from "./finish.ts";
export type { GiveUp } from "./give_up.ts";
export { gridSearch } from "./grid_search.ts";
export { mergeJournals, type MergeOptions } from "./merge.ts";
export { randomSearch } from "./random_search.ts";
export { refitBest } from "./refit.ts";
export type { SearchResult } from "./result.ts";
export type { Outcome, SearchRow, Trial } from "./row.ts";
export type { SearchEndEvent, SearchEvent, SearchRowEvent, SearchStartEvent } from "./search.ts";
export type { Draws, RandomSearchOptions, SearchOptions, SearchTraining } from "./search_options.ts";
export { parseShard, type Shard } from "./shard.ts";
export { formatTable, type TableFormat } from "./table.ts";
export type { Build, SearchEpochEvent } from "./trial.ts";
