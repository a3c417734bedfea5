/**
 * Options of a command: their names and values. Parsing, checks and help are generated from the same table. The values
 * of an option and its help text come from its declaration.
 *
 * @module
 */

import type { AnyOption, Option as DeclaredOption } from "../../core/options/option.ts";
import { describeOption } from "../../core/options/text.ts";

/** The help text of an option. */
interface Described {
  readonly help: string;
  /** Its abbreviation, one letter. */
  readonly letter?: string;
  /** The heading under which the help shows it. */
  readonly section?: string;
}

/** An option without a value. */
export interface Switch extends Described {
  readonly kind: "switch";
}

/** An option with a value of any kind. */
export interface AnyValued extends Described {
  readonly kind: "valued";
  /** The name of the value in the help. */
  readonly value: string;
  /** The declaration of the value. */
  readonly option: AnyOption;
  /** The value if the option has none on the command line; without it, the value is required. */
  readonly bare?: unknown;
}

/** An option with a value. */
export interface Valued<T> extends AnyValued {
  readonly option: DeclaredOption<T>;
}

/** An option whose value may be omitted. */
export interface Optional<T, B> extends Valued<T> {
  readonly bare: B;
}

/** An option with a value of any kind that may be repeated. */
export interface AnyRepeated extends Described {
  readonly kind: "repeated";
  readonly value: string;
  readonly option: AnyOption;
}

/** An option with a value that may be repeated. */
export interface Repeated<T> extends AnyRepeated {
  readonly option: DeclaredOption<T>;
}

/** Any option. */
export type CommandOption = Switch | AnyValued | AnyRepeated;

/** Options by name, in camel case: `batchSize` is `--batch-size` on the command line. */
export type OptionTable = Readonly<Record<string, CommandOption>>;

/** The type of an option's value. */
export type GivenValue<O> = O extends Switch ? boolean
  : O extends Repeated<infer T> ? readonly T[]
  : O extends Optional<infer T, infer B> ? T | B | undefined
  : O extends Valued<infer T> ? T | undefined
  : never;

/** The types of the values of all options of a table. */
export type GivenValues<O extends OptionTable> = { readonly [N in keyof O]: GivenValue<O[N]> };

type Extras = Pick<Described, "letter">;

/** A switch. */
export function switchOption(help: string, extras: Extras = {}): Switch {
  return { kind: "switch", help, ...extras };
}

/** An option with a value. */
export function valued<T>(value: string, option: DeclaredOption<T>): Valued<T> {
  return { kind: "valued", value, option, help: describeOption(option) };
}

/** An option whose value may be omitted; then it is `bare`. */
export function optional<T, const B>(value: string, option: DeclaredOption<T>, bare: B): Optional<T, B> {
  return { kind: "valued", value, option, help: describeOption(option), bare };
}

/** An option that may be repeated. */
export function repeated<T>(value: string, option: DeclaredOption<T>): Repeated<T> {
  return { kind: "repeated", value, option, help: describeOption(option) };
}

/** Options that the help shows under a heading. */
export function section<O extends OptionTable>(title: string, options: O): O {
  const entries = Object.entries(options).map(([name, option]) => [name, { ...option, section: title }] as const);
  return Object.fromEntries(entries) as O;
}

/** `--batch-size` for `batchSize`. */
export function dashed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An option with its value, as shown in the help: `--batch-size N`, `--resume [FILE]`. */
export function signature(name: string, option: CommandOption): string {
  if (option.kind === "switch") return dashed(name);
  const isOptional = option.kind === "valued" && "bare" in option;
  return `${dashed(name)} ${isOptional ? `[${option.value}]` : option.value}`;
}
