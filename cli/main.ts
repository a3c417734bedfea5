/**
 * The command line, from arguments to the exit code.
 *
 * @module
 */

import { version } from "../model/mod.ts";
import { describeFailure, type Ending, endingOf, exitCodes } from "./errors.ts";
import type { Examples } from "./example.ts";
import { helpText, networkList } from "./help.ts";
import { writeJsonError } from "./json_lines.ts";
import { type Command, parseCommand } from "./options.ts";
import { type Output, standardOutput } from "./output.ts";
import { trainCommand } from "./train_command.ts";

/** A program: how it is called, and the networks it knows. */
export interface Program {
  /** As in `deno run -A examples/mnist.ts`. */
  readonly call: string;
  readonly examples: Examples;
}

/** Runs a command line and gives the exit code. */
export async function main(args: readonly string[], program: Program, output = standardOutput): Promise<number> {
  const controller = new AbortController();
  const interruption = listen(controller);
  try {
    const command = parseCommand(args, program.examples);
    return exitCodes[await actions[command.action](command, program, output, controller.signal)];
  } catch (thrown) {
    const ending = controller.signal.aborted ? "interrupted" : endingOf(thrown);
    return exitCodes[fail(ending, thrown, args, program, output)];
  } finally {
    interruption.forget();
  }
}

type Action = (command: Command, program: Program, output: Output, signal: AbortSignal) => Ending | Promise<Ending>;

const actions: Readonly<Record<Command["action"], Action>> = {
  help: (_command, { call, examples }, output) => show(output, helpText(call, examples)),
  list: (_command, { examples }, output) => show(output, networkList(examples)),
  version: (_command, _program, output) => show(output, version),
  train: (command, { examples }, output, signal) => trainCommand(command, examples[command.network], output, signal),
};

function show(output: Output, text: string): Ending {
  output.result(text);
  return "ok";
}

function fail(ending: Ending, thrown: unknown, args: readonly string[], { call }: Program, output: Output): Ending {
  const message = ending === "interrupted" ? "Interrupted before training began" : describeFailure(thrown);
  const column = output.columns() === undefined ? "" : "\r\x1b[K";
  output.note(`${column}${message}\n${ending === "usage" ? `See ${call} --help\n` : ""}`);
  if (args.includes("--json")) {
    writeJsonError(output, ending, thrown instanceof Error ? thrown.message : String(thrown));
  }
  return ending;
}

/** Stops what is done at the first interruption, the whole program at the second. */
function listen(controller: AbortController): { forget(): void } {
  const interrupt = (): void => {
    if (controller.signal.aborted) Deno.exit(exitCodes.interrupted);
    controller.abort();
  };
  // Windows knows no SIGTERM.
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  return { forget: () => signals.forEach((signal) => Deno.removeSignalListener(signal, interrupt)) };
}
