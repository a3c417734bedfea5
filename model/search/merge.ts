/**
 * Merges the journals of shards.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { listKind, pathKind } from "../../core/options/kinds.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import { FileFormatError } from "../files/errors.ts";
import { differences } from "../files/differences.ts";
import type { Definition } from "./definition.ts";
import { readJournal, replaceJournal } from "./journal.ts";
import { resultOf, type SearchResult } from "./result.ts";
import type { SearchRow } from "./row.ts";

const filesKind = listKind("files");

/** Options of {@linkcode mergeJournals}. */
export interface MergeOptions {
  /** Where to write the merged journal. A search with this journal tries the combinations that are missing. */
  readonly into?: string | URL;
}

const mergeOptions = { into: { ...pathKind, help: "where to write the merged journal" } } satisfies Declaration<
  MergeOptions
>;

/** A row, and the journal that it came from. */
interface Found {
  readonly row: SearchRow;
  readonly file: string;
}

/**
 * Merges the journals of the shards of a search, and returns the complete table. Functions among the hyperparameters
 * are replaced by their names.
 *
 * @throws {RangeError} if no file is given.
 * @throws {FileError} if a journal cannot be read, or the new one cannot be written or is used by a search.
 * @throws {FileFormatError} if a file is not a journal, is damaged, or belongs to another search than the first one, or
 * if two journals have different figures for the same combination.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters, mergeJournals } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const hps = hyperparameters({ nUnits: [5, [5, 10, 20]] });
 * const build = () => Promise.reject(new RangeError("Cannot build it"));
 * for (const shard of ["0/2", "1/2"]) {
 *   await finish(gridSearch(hps, build, { shard, journal: `${folder}/${shard[0]}.jsonl` }));
 * }
 * const { rows, missing } = mergeJournals([`${folder}/0.jsonl`, `${folder}/1.jsonl`]);
 * assertEquals(rows.map(({ number }) => number), [0, 1, 2]);
 * assertEquals(missing, []);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function mergeJournals(files: readonly (string | URL)[], options: MergeOptions = {}): SearchResult {
  refuseSurplus("mergeJournals", arguments, 2);
  checkArgument("merge journals", files, filesKind);
  const { into } = readOptions("merge journals", mergeOptions, options);
  if (files.length === 0) throw new RangeError("Cannot merge journals: expected at least one, got none");
  const [first, ...others] = files.map((file) => ({ ...readJournal(file), file: pathOf(file) }));
  for (const { file, definition } of others) checkSame(first, { file, definition });
  const found = new Map<number, Found>();
  for (const { file, rows } of [first, ...others]) {
    for (const [number, row] of new Map(rows.map((row) => [row.number, row]))) {
      found.set(number, chosen(found.get(number), { row, file }));
    }
  }
  const rows = [...found.values()].map(({ row }) => row).sort((a, b) => a.number - b.number);
  if (into !== undefined) {
    replaceJournal(into, { definition: first.definition, rows });
  }
  return resultOf(first.definition.searched, rows, first.definition.size);
}

interface Named {
  readonly file: string;
  readonly definition: Definition;
}

function checkSame(first: Named, other: Named): void {
  const different = differences(first.definition, other.definition);
  if (different.length === 0) return;
  const lines = different.map((line) => `  ${line}`).join("\n");
  throw new FileFormatError(other.file, `the search of ${first.file}`, `the journal of another search:\n${lines}`);
}

/** One of two rows of the same combination. If it failed in one journal, it may have been retried in another. */
function chosen(known: Found | undefined, next: Found): Found {
  if (known === undefined || known.row.outcome === "failed") return next;
  if (next.row.outcome === "failed") return known;
  const different = differences(figures(known.row), figures(next.row));
  if (different.length === 0) return known;
  throw new FileFormatError(
    next.file,
    `the figures that ${known.file} has for combination ${next.row.number}`,
    `others:\n${different.map((line) => `  ${line}`).join("\n")}`,
  );
}

/** The figures that do not depend on the machine. */
function figures({ seconds: _seconds, device: _device, ...figures }: SearchRow): Record<string, unknown> {
  return figures;
}
