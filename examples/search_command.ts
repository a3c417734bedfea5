/**
 * The command line of a program that searches for hyperparameters.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { describeFailure, endingOf, exitCodes, UsageError } from "../cli/errors.ts";
import { suggestName } from "../core/nearest.ts";
import {
  type Build,
  finish,
  formatTable,
  gridSearch,
  type Hyperparameters,
  mergeJournals,
  randomSearch,
  refitBest,
  type SearchEvent,
  type SearchResult,
  searchSvg,
  summaryLines,
} from "../model/mod.ts";
import type { Combination } from "./hp_grid_search.ts";

type Space = Hyperparameters<Combination>;

/** A program that searches. */
export interface SearchProgram {
  /** How it is called. */
  readonly call: string;
  /** The hyperparameters with `--full`. */
  readonly full: Space;
  /** The hyperparameters without it. */
  readonly small: Space;
  readonly build: Build<Combination>;
  /** The address of the module that exports `build`. */
  readonly module: string;
}

const help = `[merge FILES…]

  --full            all 1536 combinations of the documentation, on MNIST
  --random N        N combinations at random
  --data NAME       digits, mnist
  --epochs N        train for at most N epochs
  --journal FILE    keep rows in FILE, and go on with what it has
  --shard I/N       the I-th of N parts, counted from 0
  --parallel N      try N combinations at the same time
  --table FILE      write the table to FILE: .csv, .json, .md, .html, or the picture, .svg
  --refit           train the best combination once more, and test it
  --into FILE       with merge: write the journal of the whole to FILE
  --help            show this`;

const text = ["random", "data", "epochs", "journal", "shard", "parallel", "table", "into"] as const;
const switches = ["full", "refit", "help"] as const;

/** What the command line asks for. */
interface Command {
  readonly _: readonly (string | number)[];
  readonly full: boolean;
  readonly refit: boolean;
  readonly help: boolean;
  readonly random?: string;
  readonly data?: string;
  readonly epochs?: string;
  readonly journal?: string;
  readonly shard?: string;
  readonly parallel?: string;
  readonly table?: string;
  readonly into?: string;
}

function commandOf(args: readonly string[]): Command {
  const known: readonly string[] = [...text, ...switches];
  return parseArgs([...args], {
    string: [...text],
    boolean: [...switches],
    unknown: (argument, key) => {
      if (key === undefined) return true;
      throw new UsageError(`Cannot use option ${argument}${suggestName(key, known)}`);
    },
  });
}

function wholeNumber(name: string, given: string): number {
  if (/^[1-9]\d*$/.test(given)) return Number(given);
  throw new UsageError(`Cannot use --${name} ${given}: expected a whole number of at least 1`);
}

/** The hyperparameters that the command line asks for. */
function spaceOf({ full: all, epochs, data: name }: Command, { full, small }: SearchProgram): Space {
  const space = all ? full : small;
  if (name !== undefined && name !== "digits" && name !== "mnist") {
    throw new UsageError(`Cannot search on ${name}${suggestName(name, ["digits", "mnist"])}`);
  }
  return space
    .with("nEpochs", epochs === undefined ? space.values.nEpochs : wholeNumber("epochs", epochs))
    .with("data", name ?? space.values.data);
}

const writers: Readonly<Record<string, (result: SearchResult) => string>> = {
  csv: (result) => formatTable(result, "csv"),
  json: (result) => formatTable(result, "json"),
  md: (result) => formatTable(result, "markdown"),
  html: (result) => formatTable(result, "html"),
  svg: searchSvg,
};

/** What writes the table; known before the search begins, which may take days. */
function writerOf(path: string): (result: SearchResult) => string {
  const kind = path.slice(path.lastIndexOf(".") + 1);
  if (Object.hasOwn(writers, kind)) return writers[kind];
  throw new UsageError(`Cannot write a table to ${path}${suggestName(kind, Object.keys(writers))}`);
}

/** Where lines go: the table, and what is said meanwhile. */
export interface Lines {
  readonly result: (line: string) => void;
  readonly note: (line: string) => void;
}

function report(event: SearchEvent, note: Lines["note"]): void {
  if (event.event === "start" && event.known > 0) note(`${event.known} of ${event.total} are in the journal`);
  if (event.event !== "row" || event.resumed) return;
  const { done, total, row: { number, outcome, validationError, failure } } = event;
  const found = failure ? failure.message : `validation error ${validationError?.toFixed(3)} %`;
  note(`${done}/${total}, combination ${number}: ${outcome}, ${found}`);
}

async function searchFor(
  command: Command,
  program: SearchProgram,
  { note }: Lines,
  signal: AbortSignal,
): Promise<SearchResult<Combination>> {
  const { journal, shard, random, parallel = "1" } = command;
  const options = {
    parallel: wholeNumber("parallel", parallel),
    module: program.module,
    signal,
    ...journal !== undefined && { journal },
    ...shard !== undefined && { shard },
  };
  const space = spaceOf(command, program);
  const search = random === undefined
    ? gridSearch(space, program.build, options)
    : randomSearch(space, program.build, { ...options, count: wholeNumber("random", random) });
  return await finish(search, (event) => report(event, note));
}

/** Does what the command line asks for, and gives the exit code. */
export async function runSearch(
  args: readonly string[],
  program: SearchProgram,
  lines: Lines,
  signal: AbortSignal,
): Promise<number> {
  const command = commandOf(args);
  if (command.help) {
    lines.result(`Usage: ${program.call} ${help}`);
    return exitCodes.ok;
  }
  const [verb, ...files] = command._.map(String);
  if (verb !== undefined && verb !== "merge") throw new UsageError(`Cannot do ${verb}${suggestName(verb, ["merge"])}`);
  const write = command.table === undefined ? undefined : writerOf(command.table);
  const found = verb === "merge" ? undefined : await searchFor(command, program, lines, signal);
  const result = found ?? mergeJournals(files, command.into === undefined ? {} : { into: command.into });
  lines.result(formatTable(result, "markdown").trimEnd());
  if (command.table !== undefined && write) await Deno.writeTextFile(command.table, write(result));
  if (signal.aborted) {
    lines.note(command.journal === undefined ? "Interrupted" : "Interrupted: the same command goes on from here");
    return exitCodes.interrupted;
  }
  if (command.refit && found) await refit(found, program, lines);
  return exitCodes.ok;
}

async function refit(found: SearchResult<Combination>, { build }: SearchProgram, { result }: Lines): Promise<void> {
  const { report } = await refitBest(found, build);
  for (const line of summaryLines(report)) result(line);
}

/** Runs a program from its arguments to its exit code. The first interruption ends the search, the second the program. */
export async function searchMain(args: readonly string[], program: SearchProgram): Promise<number> {
  const { signal, abort } = interruption();
  Deno.addSignalListener("SIGINT", abort);
  try {
    return await runSearch(args, program, { result: console.log, note: console.error }, signal);
  } catch (error) {
    console.error(describeFailure(error));
    return exitCodes[endingOf(error)];
  } finally {
    Deno.removeSignalListener("SIGINT", abort);
  }
}

function interruption(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  return { signal, abort: () => signal.aborted ? Deno.exit(exitCodes.interrupted) : controller.abort() };
}
