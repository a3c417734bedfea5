/**
 * Commands: what each needs to be found, explained and run.
 *
 * @module
 */

import type { Ending } from "./errors.ts";
import type { Examples } from "./example.ts";
import type { OptionTable } from "./options/option.ts";
import { parse, type Parsed } from "./options/parse.ts";
import type { Output } from "./output.ts";

/** A program: how it is called, and the networks it knows. */
export interface Program {
  /** As in `deno run -A examples/mnist.ts`. */
  readonly call: string;
  /** By name. */
  readonly examples: Examples;
}

/** What surrounds a command that runs. */
export interface Context {
  readonly program: Program;
  /** All arguments of the program, for messages that tell what to call next. */
  readonly args: readonly string[];
  readonly output: Output;
  /** Fires at the first interruption. */
  readonly signal: AbortSignal;
}

/** What a command is made of. */
interface CommandParts<O extends OptionTable> {
  readonly name: string;
  /** What it does, in a few words that begin with a verb. */
  readonly summary: string;
  /** What comes after its name, such as `NETWORK [options]`. */
  readonly usage: string;
  /** Calls that people begin with, without the program: `train mlp --epochs 5`. */
  readonly examples: readonly string[];
  readonly options: O;
  /** What the help adds at its end. */
  readonly details?: (program: Program, width: number) => string;
}

/** A command. */
export interface Command extends CommandParts<OptionTable> {
  /** Reads its arguments, and does what they say. */
  run(args: readonly string[], context: Context): Promise<Ending>;
}

/** A command, whose arguments are read by its own options. */
export function command<O extends OptionTable>(
  { run, ...parts }: CommandParts<O> & {
    readonly run: (parsed: Parsed<O>, context: Context) => Ending | Promise<Ending>;
  },
): Command {
  return { ...parts, run: async (args, context) => await run(parse(args, parts.options), context) };
}
