/**
 * The output of `--help` and `--network_list`.
 *
 * @module
 */

import { ruleHyperparameters } from "../model/known_hyperparameters.ts";
import { updateRules } from "../optim/registry.ts";
import type { Command, Program } from "./command.ts";
import { type Ending, exitCodes } from "./errors.ts";
import type { Examples } from "./example.ts";
import { settingOption } from "./network_settings.ts";
import { type CommandOption, type OptionTable, signature } from "./options/option.ts";

/** The width if the width of the terminal is not known. */
const WIDTH = 100;

/** The widest first column that still has the second one beside it. */
const WIDEST = 34;

type Rows = readonly (readonly [left: string, right: string])[];

/** The indentation of the second column, which starts after the widest entry of the first one. */
function indentOf(rows: Rows): number {
  return Math.min(WIDEST, Math.max(...rows.map(([left]) => left.length))) + 4;
}

/** Two columns, the first as wide as necessary; the second is below the first if the space is too narrow. */
export function columns(rows: Rows, width: number, indent = indentOf(rows)): string {
  const isNarrow = width < indent + 24;
  const margin = " ".repeat(isNarrow ? 6 : indent);
  return rows.map(([left, right]) => {
    const text = wrap(right, width - margin.length).map((line) => `${margin}${line}`).join("\n");
    const isBeside = !isNarrow && left.length + 4 <= indent;
    return isBeside ? `  ${left.padEnd(indent - 2)}${text.slice(indent)}` : `  ${left}\n${text}`;
  }).join("\n");
}

/** Text wrapped to a width. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The networks, with their descriptions. */
export function networkList(examples: Examples, width = Infinity): string {
  return columns(Object.entries(examples).map(([name, { title }]) => [name, title] as const), width);
}

function optionsOf(options: OptionTable, width: number): string {
  const entries = Object.entries(options).map(([name, option]) => ({ option, left: left(name, option) }));
  const indent = indentOf(entries.map(({ left }) => [left, ""] as const));
  const sections = Map.groupBy(entries, ({ option: { section = "Options" } }) => section);
  return [...sections].map(([title, members]) => {
    const rows = members.map(({ left, option: { help } }) => [left, help] as const);
    return `${title}:\n${columns(rows, width, indent)}`;
  }).join("\n\n");
}

function left(name: string, option: CommandOption): string {
  const { letter } = option;
  return `${letter ? `-${letter}, ` : ""}${signature(name, option)}`;
}

function ending(width: number): string {
  const codes = Object.entries(endings).map(([name, meaning]) => `${exitCodes[name as Ending]} ${meaning}`).join("; ");
  const text = `Results go to standard output, everything else to standard error. Exit codes: ${codes}.`;
  return wrap(text, width).join("\n");
}

const endings: Readonly<Record<Ending, string>> = {
  ok: "success",
  bug: "bug in this program",
  usage: "invalid command line",
  data: "problem with data, network, permissions or files",
  device: "problem with the device",
  diverged: "training diverged",
  failedSearch: "every combination of a search failed",
  failedOverfit: "the examples of --overfit were not learned",
  interrupted: "interrupted",
};

function calls({ call }: Program, examples: readonly string[]): string {
  return ["Examples:", ...examples.map((one) => `  ${call} ${one}`)].join("\n");
}

/** The hyperparameters of a network with their defaults, and those of update rules. */
function hyperparametersOf(network: string, { examples }: Program, width: number): string {
  const { hyperparameters, update = "momentum", short } = examples[network];
  const reduced = new Map(Object.entries(short ?? {}));
  const rows = Object.entries(hyperparameters).map(([name, value]) => {
    const { help } = settingOption(name, hyperparameters);
    const facts = [help, reduced.has(name) ? `${reduced.get(name)} without --full` : ""].filter((fact) => fact !== "");
    return [name, facts.length === 0 ? String(value) : `${value} (${facts.join("; ")})`] as const;
  });
  const ofRules = [...ruleHyperparameters].map(([name, { option: { help }, rules }]) =>
    [name, rules.length === Object.keys(updateRules).length ? help : `${help} (${rules.join(", ")})`] as const
  );
  return [
    ...wrap(`Hyperparameters of ${network}, for --set:`, width),
    columns([...rows, ["update", update]], width),
    "",
    ...wrap("Options of update rules, for --set with a rule that takes them:", width),
    columns(ofRules, width),
  ].join("\n");
}

/** How a help text is shown. */
export interface HelpOptions {
  /** The width in columns (default: 100). */
  readonly width?: number | undefined;
  /** A network whose hyperparameters are listed too. */
  readonly network?: string | undefined;
}

/** The help of one command, examples first. */
export function commandHelp(command: Command, program: Program, { width = WIDTH, network }: HelpOptions = {}): string {
  const { name, summary, usage, examples, options, details } = command;
  return [
    wrap(`${summary}.`, width).join("\n"),
    calls(program, examples),
    `Usage: ${program.call} ${name} ${usage}`,
    ...(network === undefined || !("set" in options) ? [] : [hyperparametersOf(network, program, width)]),
    ...(details ? [details(program, width)] : []),
    optionsOf(options, width),
    ending(width),
  ].join("\n\n");
}

/** The help of the whole program, examples first. */
export function programHelp(commands: readonly Command[], program: Program, width = WIDTH): string {
  const train = commands[0];
  const rows = commands.map(({ name, summary }) => [name, lowered(summary)] as const);
  return [
    wrap("Trains networks on handwritten digits, and evaluates, compares and exports the trained models.", width).join(
      "\n",
    ),
    calls(program, commands.flatMap(({ examples }, i) => examples.slice(0, i === 0 ? 2 : 1))),
    `Usage: ${program.call} [COMMAND] NETWORK|FILE… [options]`,
    `Commands:\n${columns(rows, width)}`,
    wrap(
      `The default command is ${train.name}. COMMAND --help lists the options of a command, NETWORK --help the ` +
        "hyperparameters of a network.",
      width,
    ).join("\n"),
    `Networks:\n${networkList(program.examples, width)}`,
    `Options of ${train.name}\n\n${optionsOf(train.options, width)}`,
    ending(width),
  ].join("\n\n");
}

function lowered(sentence: string): string {
  return sentence[0].toLowerCase() + sentence.slice(1);
}
