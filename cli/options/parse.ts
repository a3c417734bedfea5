/**
 * Parsing the arguments of a command with its table of options.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { nearestName } from "../../core/nearest.ts";
import { UsageError } from "../errors.ts";
import { savedFileOf } from "../files/saved_model.ts";
import { isRunFolder } from "../runs/read.ts";
import { readOptionText } from "./read_text.ts";
import { type CommandOption, dashed, type GivenValues, type OptionTable, signature } from "./option.ts";

/** The parsed arguments of a command. */
export interface Parsed<O extends OptionTable> {
  /** The arguments that are not options. */
  readonly words: readonly string[];
  readonly options: GivenValues<O>;
}

/** How arguments are parsed. */
export interface ParseRules {
  /**
   * Whether the last value of an option counts if it has several, as in the arguments of runs that earlier versions
   * saved.
   */
  readonly isLenient?: boolean;
}

/**
 * Parses arguments.
 *
 * @throws {UsageError} if an option is unknown (the message has the nearest known name), lacks its value, has an invalid
 * one, or has several although it takes one.
 */
export function parse<O extends OptionTable>(
  args: readonly string[],
  table: O,
  { isLenient = false }: ParseRules = {},
): Parsed<O> {
  const names = Object.keys(table);
  const flags = names.map(flagOf);
  const of = (...kinds: CommandOption["kind"][]): string[] =>
    names.filter((name) => kinds.includes(table[name].kind)).map(flagOf);
  const found: Record<string, unknown> = parseArgs(prepared(args, table), {
    boolean: of("switch"),
    string: of("valued", "repeated"),
    // All values are collected, so that those of an option that takes only one can be refused.
    collect: flags,
    alias: Object.fromEntries(names.flatMap((name) => {
      const { letter } = table[name];
      return letter ? [[flagOf(name), letter]] : [];
    })),
    unknown: (arg, key) => key === undefined || refuse(arg, key, flags),
  });
  const values = names.map((name) => {
    const all = found[flagOf(name)];
    const given: readonly unknown[] = Array.isArray(all) ? all : [];
    if (!isLenient) checkOnce(name, table[name], given);
    return [name, valueOf(name, table[name], given)] as const;
  });
  const words = Array.isArray(found._) ? found._.map(String) : [];
  return { words, options: Object.fromEntries(values) as GivenValues<O> };
}

/** `batch-size` for `batchSize`. */
function flagOf(name: string): string {
  return dashed(name).slice(2);
}

/**
 * Arguments in the form that the parser expects: `--batch_size` becomes `--batch-size`, and a negative number after an
 * option becomes its value. If the value of an option may be omitted, the next argument is its value only if it looks
 * like a path.
 */
function prepared(args: readonly string[], table: OptionTable): string[] {
  const taking = new Map(
    Object.entries(table).filter(([, { kind }]) => kind !== "switch").map(([name, option]) => [dashed(name), option]),
  );
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--") return [...result, ...args.slice(i)];
    const arg = args[i].replace(/^--[^=]+/, (name) => name.replaceAll("_", "-"));
    checkSwitch(arg, table);
    const [option, next] = [taking.get(arg), args[i + 1]];
    const isBare = option?.kind === "valued" && "bare" in option;
    const takes = isBare ? isPathLike(next) : next !== undefined && /^-[\d.]/.test(next);
    if (option && takes) i++;
    result.push(!option || !takes && !isBare ? arg : `${arg}=${takes ? next : ""}`);
  }
  return result;
}

/** Refuses a value after a switch, such as `--quiet=no`; only true and false are values of switches. */
function checkSwitch(arg: string, table: OptionTable): void {
  const { name, value } = /^(?<name>--[^=]+)=(?<value>.*)$/s.exec(arg)?.groups ?? {};
  if (value === undefined || value === "true" || value === "false") return;
  if (!Object.entries(table).some(([key, { kind }]) => kind === "switch" && dashed(key) === name)) return;
  throw new UsageError(`option ${name} takes no value, got ${value}`);
}

/** Whether an argument is a path: it looks like one, or is a run folder or another saved model. */
export function isPathLike(word: string | undefined): boolean {
  if (word === undefined || word.startsWith("-")) return false;
  return /[\\/]|\.ym$/.test(word) || isSaved(word);
}

/** Whether there is a run or a model of this name. Without permission to read, only the look of a word counts. */
function isSaved(word: string): boolean {
  if (Deno.permissions.querySync({ name: "read", path: "." }).state !== "granted") return false;
  return savedFileOf(word) !== undefined || isRunFolder(word);
}

function refuse(arg: string, key: string, known: readonly string[]): never {
  const near = nearestName(key, known);
  const given = arg.replace(/=.*/s, "");
  throw new UsageError(`unknown option ${given}: ${near ? `did you mean --${near}?` : "see --help for all options"}`);
}

/** Throws if an option that takes one value has several, or if a switch is turned both on and off. */
function checkOnce(name: string, { kind }: CommandOption, given: readonly unknown[]): void {
  const values = kind === "switch" ? [...new Set(given)] : given;
  if (kind === "repeated" || values.length < 2) return;
  const calls = values.map((value) => value === "" ? dashed(name) : `${dashed(name)}=${value}`);
  throw new UsageError(`option ${dashed(name)} takes one value, got ${calls.join(" and ")}: give it once`);
}

function valueOf(name: string, option: CommandOption, given: readonly unknown[]): unknown {
  if (option.kind === "switch") return given.at(-1) === true;
  const read = (text: unknown): unknown => {
    if (text !== "") return readOptionText(option.option, String(text), `option ${dashed(name)}`);
    if (option.kind === "valued" && "bare" in option) return option.bare;
    throw new UsageError(`option ${dashed(name)} needs a value: ${signature(name, option)}`);
  };
  if (option.kind === "repeated") return given.map(read);
  return given.length === 0 ? undefined : read(given.at(-1));
}
