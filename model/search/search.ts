/**
 * The search: known rows are taken from the journal, and the other combinations are tried.
 *
 * @module
 */

import type { OptionValues } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Combinations } from "./combinations.ts";
import { definitionOf } from "./definition.ts";
import { type GiveUp, giveUpOptions } from "./give_up.ts";
import { Journal } from "./journal.ts";
import { resultOf, type SearchResult } from "./result.ts";
import type { SearchRow } from "./row.ts";
import { type Runner, serialRunner } from "./runner.ts";
import { type SearchOptions, searchOptions, type SearchTraining } from "./search_options.ts";
import { isOfShard, parseShard } from "./shard.ts";
import type { Build, SearchEpochEvent, TrialJob } from "./trial.ts";
import { workerPool } from "./worker_pool.ts";

/** The search starts. */
export interface SearchStartEvent {
  /** Which event it is. */
  readonly event: "start";
  /** The number of combinations of the search, or of its shard. */
  readonly total: number;
  /** The number of them that are in the journal. */
  readonly known: number;
}

/** A row is known. */
export interface SearchRowEvent<V extends HyperparameterValues> {
  /** Which event it is. */
  readonly event: "row";
  /** The combination and its results. */
  readonly row: SearchRow<V>;
  /** Whether the row comes from the journal. */
  readonly resumed: boolean;
  /** The number of rows known so far. */
  readonly done: number;
  /** The total number of rows. */
  readonly total: number;
}

/** The search is over, or was stopped. */
export interface SearchEndEvent<V extends HyperparameterValues> {
  /** Which event it is. */
  readonly event: "end";
  /** The table of all known rows. */
  readonly result: SearchResult<V>;
}

/** What happens in a search. */
export type SearchEvent<V extends HyperparameterValues = HyperparameterValues> =
  | SearchStartEvent
  | SearchEpochEvent
  | SearchRowEvent<V>
  | SearchEndEvent<V>;

/** Searches: yields each row when it is known, and the complete table at the end. */
export async function* search<V extends HyperparameterValues>(
  combinations: Combinations<V>,
  build: Build<V>,
  options: SearchOptions,
): AsyncGenerator<SearchEvent<V>, SearchResult<V>> {
  const { train = {}, about = {}, retryFailed, ...read } = readOptions("search", searchOptions, options);
  const giveUp = read.giveUp ? readOptions("give up", giveUpOptions, read.giveUp) : null;
  const own = ownCombinations(combinations, options.shard);
  const definition = definitionOf(combinations, { train, giveUp, about, build });
  using journal = options.journal === undefined ? undefined : Journal.open(options.journal, definition);
  const rows = knownRows(journal, own, retryFailed);
  const total = own.size;
  yield { event: "start", total, known: rows.size };
  for (const [i, row] of [...rows.values()].entries()) yield { event: "row", row, resumed: true, done: i + 1, total };
  if (rows.size < total) {
    await using runner = await runnerOf(build, read, { train, giveUp });
    for await (const event of tryAll({ own, rows, giveUp }, runner, options.signal)) {
      if (event.event === "row") journal?.append(event.row);
      yield event;
    }
  }
  const result = resultOf(combinations.searched, rows.values(), combinations.size);
  yield { event: "end", result };
  return result;
}

/** A search in progress. */
interface Searching<V extends HyperparameterValues> {
  /** The combinations of the shard, by their number. */
  readonly own: ReadonlyMap<number, V>;
  /** The rows that are known, by the number of their combination. */
  readonly rows: Map<number, SearchRow<V>>;
  readonly giveUp: Required<GiveUp> | null;
}

/** Tries the combinations without a row, and adds their rows. */
async function* tryAll<V extends HyperparameterValues>(
  searching: Searching<V>,
  runner: Runner<V>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SearchEpochEvent | SearchRowEvent<V>, void> {
  const { own, rows } = searching;
  for (const jobs of waves(searching)) {
    for await (const progress of runner.run(jobs)) {
      if (progress.event === "epoch") {
        yield progress;
        continue;
      }
      const { number, trial } = progress;
      const row = Object.freeze({ number, hyperparameters: own.get(number)!, ...trial });
      rows.set(number, row);
      yield { event: "row", row, resumed: false, done: rows.size, total: own.size };
    }
    if (signal?.aborted) return;
  }
}

/** The combinations of the shard, by their number. */
function ownCombinations<V extends HyperparameterValues>(
  combinations: Combinations<V>,
  shard: string | undefined,
): Map<number, V> {
  const part = parseShard(shard ?? "0/1");
  const own = new Map<number, V>();
  let number = 0;
  for (const combination of combinations) {
    if (isOfShard(part, number)) own.set(number, combination);
    number++;
  }
  return own;
}

/** The rows in the journal; if a combination has several rows, the last one counts. */
function knownRows<V extends HyperparameterValues>(
  journal: Journal | undefined,
  own: ReadonlyMap<number, V>,
  retryFailed: boolean,
): Map<number, SearchRow<V>> {
  const rows = new Map<number, SearchRow<V>>();
  for (const row of journal?.rows ?? []) {
    const hyperparameters = own.get(row.number);
    if (hyperparameters) rows.set(row.number, Object.freeze({ ...row, hyperparameters }));
  }
  for (const { number, outcome } of rows.values()) {
    if (retryFailed && outcome === "failed") rows.delete(number);
  }
  return rows;
}

async function runnerOf<V extends HyperparameterValues>(
  build: Build<V>,
  { parallel, module, signal }: Pick<OptionValues<typeof searchOptions>, "parallel" | "module" | "signal">,
  options: { readonly train: SearchTraining; readonly giveUp: Required<GiveUp> | null },
): Promise<Runner<V>> {
  if (parallel === 1) return serialRunner(build, options, signal);
  if (module !== undefined) return await workerPool(build, { parallel, module, options, signal });
  throw new TypeError(
    `Cannot try ${parallel} combinations at a time: workers import the function that builds the models; export it, and ` +
      "pass module: import.meta.url",
  );
}

/**
 * The combinations that remain, in waves. A wave is made when it is needed, and compared with the rows that are known
 * then.
 */
function* waves<V extends HyperparameterValues>({ own, rows, giveUp }: Searching<V>): Generator<TrialJob<V>[]> {
  const numbers = [...own.keys()];
  const length = giveUp?.wave ?? numbers.length;
  for (let start = 0; start < numbers.length; start += length) {
    const judges = giveUp ? numbers.slice(0, start).flatMap((number) => rows.get(number) ?? []) : [];
    const rivals = judges.map(({ errors }) => errors);
    yield numbers.slice(start, start + length).filter((number) => !rows.has(number))
      .map((number) => ({ number, hyperparameters: own.get(number)!, rivals }));
  }
}
