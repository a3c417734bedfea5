/**
 * The command line, from arguments to the exit code.
 *
 * @module
 */

import { isListOf } from "../core/options/items.ts";
import { showValue } from "../core/options/show.ts";
import { nearestName, suggestName } from "../core/nearest.ts";
import type { Command, Context, Program } from "./command.ts";
import { commands, trainCommand } from "./commands.ts";
import { describeFailure, type Ending, endingOf, exitCodes, UsageError } from "./errors.ts";
import { commandHelp, programHelp } from "./help.ts";
import { listen } from "./interruption.ts";
import { errorLine } from "./json_lines.ts";
import type { Output } from "./output.ts";

const CLEAR_LINE = "\r\x1b[K";
const RED = "\x1b[31m";
const RESET = "\x1b[0m";

/** Runs a command line and returns the exit code. */
export async function run(args: readonly string[], program: Program, output: Output): Promise<number> {
  const interruption = listen();
  const isText = isListOf(args, (word) => typeof word === "string");
  const context: Context = { program, args: isText ? args : [], output, signal: interruption.signal };
  try {
    if (!isText) {
      throw new UsageError(`expected the arguments as a list of strings, got ${showValue(args)}`);
    }
    return exitCodes[await dispatch(args, context)];
  } catch (thrown) {
    const ending = interruption.signal.aborted ? "interrupted" : endingOf(thrown);
    return exitCodes[fail(ending, thrown, context)];
  } finally {
    interruption.forget();
  }
}

async function dispatch(args: readonly string[], context: Context): Promise<Ending> {
  const [first, ...rest] = args;
  const { program, output } = context;
  const width = output.resultColumns?.();
  const asksForHelp = (words: readonly string[]): boolean => words.includes("--help") || words.includes("-h");
  if (first === "help") {
    if (rest.length > 1) throw new UsageError(`unexpected argument ${rest[1]} after ${rest[0]}: expected one command`);
    const text = rest.length === 0
      ? programHelp(commands, program, width)
      : commandHelp(find(rest[0]), program, { width });
    return show(output, text);
  }
  const named = commands.find(({ name }) => name === first);
  if (!named) refuseMisspelt(first, program);
  if (asksForHelp(args)) {
    const network = args.map((word) => word.replaceAll("-", "_")).find((word) => Object.hasOwn(program.examples, word));
    const command = named ?? (network === undefined ? undefined : trainCommand);
    const text = command ? commandHelp(command, program, { width, network }) : programHelp(commands, program, width);
    return show(output, text);
  }
  return await (named ?? trainCommand).run(named ? rest : args, context);
}

function find(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  throw new UsageError(`unknown command ${name}${suggestName(name, commands.map(({ name }) => name))}`);
}

/** Throws if the first word is close to the name of a command, and closer than to that of any network. */
function refuseMisspelt(first: string | undefined, { examples }: Program): void {
  const networks = Object.keys(examples);
  if (first === undefined || first.startsWith("-") || Object.hasOwn(examples, first.replaceAll("-", "_"))) return;
  const near = nearestName(first, [...networks, ...commands.map(({ name }) => name)]);
  if (near === undefined || networks.includes(near)) return;
  throw new UsageError(`unknown command ${first}: did you mean ${near}?`);
}

function show(output: Output, text: string): Ending {
  output.result(text);
  return "ok";
}

function fail(ending: Ending, thrown: unknown, { args, output, program: { call } }: Context): Ending {
  const message = ending === "interrupted" ? "Interrupted" : describeFailure(thrown);
  const isTerminal = output.columns() !== undefined;
  const hasColor = isTerminal && !Deno.noColor && !args.includes("--no-color");
  const shown = hasColor ? message.replace(/^error:/, `${RED}error:${RESET}`) : message;
  output.note(
    `${isTerminal ? CLEAR_LINE : ""}${shown}\n${ending === "usage" ? `See ${call} ${helpCall(args)}\n` : ""}`,
  );
  if (args.includes("--json")) {
    output.result(errorLine(ending, thrown instanceof Error ? thrown.message : String(thrown)));
  }
  return ending;
}

function helpCall([first]: readonly string[]): string {
  const named = commands.find(({ name }) => name === first);
  return named ? `${named.name} --help` : "--help";
}
