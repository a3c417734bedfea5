/**
 * The command line of a hyperparameter search.
 *
 * @module
 */

import { describeFailure, endingOf, exitCodes, UsageError } from "../cli/errors.ts";
import { commandHelp } from "../cli/help.ts";
import { listen } from "../cli/interruption.ts";
import { type GivenValues, section, switchOption, valued } from "../cli/options/option.ts";
import { parse } from "../cli/options/parse.ts";
import { type Output, processOutput } from "../cli/output.ts";
import { searchCommandOptions } from "../cli/search/options.ts";
import { checkSearch, runMerge, runSearch } from "../cli/search/run_search.ts";
import { watchSearch } from "../cli/search/watch.ts";
import { suggestName } from "../core/nearest.ts";
import { oneOf } from "../core/options/values.ts";
import type { Build, Hyperparameters } from "../model/mod.ts";
import { settingsOptions } from "../model/known_hyperparameters.ts";
import type { Combination } from "./hp_grid_search.ts";

type Space = Hyperparameters<Combination>;

/** A program that searches. */
export interface SearchProgram {
  /** The command that starts it, for help texts and messages. */
  readonly call: string;
  /** The hyperparameters with `--full`. */
  readonly full: Space;
  /** The hyperparameters without `--full`. */
  readonly small: Space;
  readonly build: Build<Combination>;
  /** The address of the module that exports `build`. */
  readonly module: string;
}

const options = {
  ...section("Search", {
    full: switchOption("try all 1536 combinations of the original documentation, on MNIST"),
    data: valued("NAME", oneOf(["digits", "mnist"], { help: "digits, mnist" })),
    epochs: valued("N", { ...settingsOptions.nEpochs, otherwise: "that of the search" }),
  }),
  ...searchCommandOptions,
  help: switchOption("show this help", { letter: "h" }),
};

/** The search space that the command line selects. */
function spaceOf({ full: isFull, epochs, data }: GivenValues<typeof options>, { full, small }: SearchProgram): Space {
  const space = isFull ? full : small;
  return space.with("nEpochs", epochs ?? space.values.nEpochs).with("data", data ?? space.values.data);
}

/** Runs a command line and returns the exit code. */
export async function runProgram(
  args: readonly string[],
  program: SearchProgram,
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<number> {
  const { words: [verb, ...files], options: given } = parse(args, options);
  if (given.help) {
    output.result(helpOf(program));
    return exitCodes.ok;
  }
  if (verb !== undefined && verb !== "merge") throw new UsageError(`cannot do ${verb}${suggestName(verb, ["merge"])}`);
  checkSearch(given);
  const watch = watchSearch(output);
  if (verb === "merge") return exitCodes[runMerge(files, given, watch)];
  const { build, module } = program;
  return exitCodes[await runSearch({ space: spaceOf(given, program), build, module }, given, { watch, signal })];
}

function helpOf({ call }: SearchProgram): string {
  const name = call.split(" ").at(-1) ?? "";
  return commandHelp(
    {
      name,
      summary: "Searches for the hyperparameters of a network of two dense layers",
      usage: "[merge JOURNAL…] [options]",
      examples: [name, `${name} --journal rows.jsonl --table table.html`, `${name} --full --shard 0/16 --parallel 2`],
      options,
      run: () => Promise.resolve("ok"),
    },
    { call: call.slice(0, -name.length).trim(), examples: {} },
  );
}

/** Runs a program and returns its exit code. The first interruption ends the search, the second ends the program. */
export async function searchMain(args: readonly string[], program: SearchProgram): Promise<number> {
  const interruption = listen();
  const output = processOutput();
  try {
    const code = await runProgram(args, program, { output, signal: interruption.signal });
    return code === exitCodes.ok && output.failure ? exitCodes.data : code;
  } catch (error) {
    output.note(`${describeFailure(error)}\n`);
    return exitCodes[endingOf(error)];
  } finally {
    interruption.forget();
  }
}
