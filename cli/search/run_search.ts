/**
 * A search from the command line, from its options to its table.
 *
 * @module
 */

import { refuseUnused } from "../options/unused.ts";
import { suggestName } from "../../core/nearest.ts";
import { writeAtomically } from "../../model/files/atomic.ts";
import { takeLease } from "../../model/files/lease.ts";
import type { JsonRecord } from "../../model/files/json.ts";
import type { Hyperparameters, HyperparameterValues } from "../../model/hyperparameters.ts";
import { drawOptions, type SearchTraining } from "../../model/search/search_options.ts";
import type { Distribution } from "../../model/search/distribution.ts";
import { finish } from "../../model/search/finish.ts";
import { gridSearch } from "../../model/search/grid_search.ts";
import { mergeJournals } from "../../model/search/merge.ts";
import { randomSearch } from "../../model/search/random_search.ts";
import { refitBest } from "../../model/search/refit.ts";
import type { SearchResult } from "../../model/search/result.ts";
import { parseShard } from "../../model/search/shard.ts";
import { formatTable } from "../../model/search/table.ts";
import type { Build } from "../../model/search/trial.ts";
import { UnsavedError } from "../../model/training/unsaved_error.ts";
import { searchHtml } from "../../views/search/html_table.ts";
import { searchSvg } from "../../views/search/picture.ts";
import { type Ending, FailedSearch, UsageError } from "../errors.ts";
import { checkDistinct, checkTarget } from "../files/check_writable.ts";
import { refuseRunFile } from "../runs/folder.ts";
import { rescue } from "../training/rescue.ts";
import type { SearchSettings } from "./options.ts";
import type { SearchWatcher } from "./watch.ts";

/** The search to run. */
export interface SearchPlan<V extends HyperparameterValues> {
  readonly space: Hyperparameters<V>;
  /** The distributions from which a random search draws instead of ranges. */
  readonly distributions?: Readonly<Record<string, Distribution>>;
  readonly build: Build<V>;
  /** The URL of the module that exports `build`, for workers. */
  readonly module?: string;
  readonly train?: SearchTraining;
  /** Anything else on which the rows depend. */
  readonly about?: JsonRecord;
}

/** Where the search is reported, and the signal that stops it. */
export interface SearchContext {
  readonly watch: SearchWatcher;
  readonly signal: AbortSignal;
}

type Writer = (result: SearchResult) => string;

const writers: Readonly<Record<string, Writer>> = {
  csv: (result) => formatTable(result, "csv"),
  json: (result) => formatTable(result, "json"),
  md: (result) => formatTable(result, "markdown"),
  html: (result) => searchHtml(result),
  svg: searchSvg,
};

/** The writer of the table. It is chosen before the search starts, which may take days. */
function writerOf(path: string): Writer {
  const kind = path.slice(path.lastIndexOf(".") + 1);
  if (Object.hasOwn(writers, kind)) return writers[kind];
  throw new UsageError(`cannot write a table to ${path}${suggestName(kind, Object.keys(writers))}`);
}

/**
 * Checks what can be checked before anything is loaded or written.
 *
 * @throws {UsageError} if the options are invalid.
 * @throws {FileError} if a file cannot be written.
 */
export function checkSearch({ shard, journal, table, into, save, refit, retryFailed }: SearchSettings): void {
  if (journal === undefined) {
    refuseUnused({ retryFailed }, { retryFailed: "needs --journal: without one, no combination has failed before" });
  }
  if (save !== undefined && !refit) throw new UsageError("option --save needs --refit: a search keeps no weights");
  if (shard !== undefined) asUsage(() => parseShard(shard));
  if (table !== undefined) writerOf(table);
  const files = Object.entries({ journal, table, into, save });
  checkDistinct(files.map(([name, file]) => ({ by: `option --${name}`, file })));
  for (const [, file] of files) {
    if (file === undefined) continue;
    refuseRunFile(file);
    checkTarget(file);
  }
}

/** Turns an error about a value that the user chose into a usage error. */
export function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/**
 * Runs a search and prints the table.
 *
 * @throws {FailedSearch} if every combination failed.
 */
export async function runSearch<V extends HyperparameterValues>(
  plan: SearchPlan<V>,
  settings: SearchSettings,
  { watch, signal }: SearchContext,
): Promise<Ending> {
  const result = await searched(plan, settings, { watch, signal });
  writeTable(result, settings, watch);
  if (signal.aborted) {
    const hint = settings.journal === undefined
      ? "; with --journal FILE, a search can be resumed"
      : ": run the same command again to resume";
    watch.note(`Interrupted${hint}`);
    return "interrupted";
  }
  checkSuccess(result);
  return settings.refit ? await refit(result, plan, { settings, watch, signal }) : "ok";
}

/**
 * Searches while no training may write to the file in which the best combination is to be saved.
 *
 * @throws {HeldError} before the search, if one does so already.
 */
async function searched<V extends HyperparameterValues>(
  plan: SearchPlan<V>,
  settings: SearchSettings,
  { watch, signal }: SearchContext,
): Promise<SearchResult<V>> {
  using _reserved = settings.save === undefined ? undefined : takeLease(settings.save);
  return await finish(searchOf(plan, settings, signal), watch.tell);
}

/**
 * Throws if no combination has a result.
 *
 * @throws {FailedSearch} with the first failure.
 */
function checkSuccess({ rows: [first, ...others] }: SearchResult): void {
  if (!first?.failure || others.some(({ outcome }) => outcome !== "failed")) return;
  const all = others.length === 0 ? "the only combination" : `all ${others.length + 1} combinations`;
  throw new FailedSearch(
    `Cannot find the best hyperparameters: ${all} failed; number ${first.number}: ${first.failure.message}`,
  );
}

/** What training the best combination again needs in addition to the search. */
interface RefitContext extends SearchContext {
  readonly settings: SearchSettings;
}

/** Trains the best combination again. */
async function refit<V extends HyperparameterValues>(
  result: SearchResult<V>,
  { build, train }: SearchPlan<V>,
  { settings: { save: file }, watch, signal }: RefitContext,
): Promise<Ending> {
  const options = {
    ...train,
    signal,
    progress: watch.training,
    ...(file !== undefined && { file, saveMode: "end" as const }),
  };
  try {
    const { report } = await refitBest(result, build, options);
    watch.refitted(report);
    return report.stop === "aborted" ? "interrupted" : "ok";
  } catch (error) {
    if (error instanceof UnsavedError) {
      watch.refitted(error.result.report);
      await rescue(error, error.result.report.network, (text) => watch.note(text.trimEnd()));
    }
    throw error;
  }
}

function searchOf<V extends HyperparameterValues>(
  { space, build, module, distributions, train = {}, about = {} }: SearchPlan<V>,
  { random, journal, shard, parallel = 1, giveUp, retryFailed }: SearchSettings,
  signal: AbortSignal,
) {
  const options = {
    ...{ parallel, retryFailed, train, about, signal },
    ...(module !== undefined && { module }),
    ...(journal !== undefined && { journal }),
    ...(shard !== undefined && { shard }),
    ...(giveUp !== undefined && { giveUp: { epochs: giveUp } }),
  };
  return asUsage(() => {
    if (random === undefined) return gridSearch(space, build, options);
    const { seed = drawOptions.seed.default } = train;
    return randomSearch(space, build, { ...options, count: random, seed, ...(distributions && { distributions }) });
  });
}

/**
 * Merges the journals of shards and prints the complete table.
 *
 * @throws {FailedSearch} if every combination failed.
 */
export function runMerge(files: readonly string[], settings: SearchSettings, watch: SearchWatcher): Ending {
  const { into, table } = settings;
  checkDistinct([{ by: "option --table", file: table }], files.map((file) => ({ by: "a journal", file })));
  const result = asUsage(() => mergeJournals(files, into === undefined ? {} : { into }));
  writeTable(result, settings, watch);
  checkSuccess(result);
  return "ok";
}

function writeTable(result: SearchResult, { table }: SearchSettings, watch: SearchWatcher): void {
  watch.table(result);
  if (table === undefined) return;
  writeAtomically(table, [new TextEncoder().encode(writerOf(table)(result))]);
}
