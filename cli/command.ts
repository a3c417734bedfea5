/**
 * Commands: their names, help texts, options and functions.
 *
 * @module
 */

import type { Ending } from "./errors.ts";
import type { Examples } from "./example.ts";
import type { OptionTable } from "./options/option.ts";
import { parse, type Parsed } from "./options/parse.ts";
import type { Output } from "./output.ts";

/** A program: the call that starts it, and its networks. */
export interface Program {
  /** As in `deno run -A examples/mnist.ts`. */
  readonly call: string;
  /** By name. */
  readonly examples: Examples;
}

/** The context in which a command runs. */
export interface Context {
  readonly program: Program;
  /** All arguments of the program, for messages that print the next call. */
  readonly args: readonly string[];
  readonly output: Output;
  /** Fires at the first interruption. */
  readonly signal: AbortSignal;
}

/** The parts of a command. */
interface CommandParts<O extends OptionTable> {
  readonly name: string;
  /** What the command does, in a few words that begin with a verb. */
  readonly summary: string;
  /** The arguments after its name, such as `NETWORK [options]`. */
  readonly usage: string;
  /** Typical calls, without the program: `train mlp --epochs 5`. */
  readonly examples: readonly string[];
  readonly options: O;
  /** Additional text for the help. */
  readonly details?: (program: Program, width: number) => string;
}

/** A command. */
export interface Command extends CommandParts<OptionTable> {
  /** Parses its arguments and runs it. */
  run(args: readonly string[], context: Context): Promise<Ending>;
}

/** A command whose arguments are parsed with its own options. */
export function command<O extends OptionTable>(
  { run, ...parts }: CommandParts<O> & {
    readonly run: (parsed: Parsed<O>, context: Context) => Ending | Promise<Ending>;
  },
): Command {
  return { ...parts, run: async (args, context) => await run(parse(args, parts.options), context) };
}
