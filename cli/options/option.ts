/**
 * Options of a command: what they are called and what they take. Parsing, checks and help are all made of the same table;
 * what values an option takes, and its words for the help, come from its declaration.
 *
 * @module
 */

import type { AnyOption, Option as DeclaredOption } from "../../core/options/option.ts";
import { describeOption } from "../../core/options/text.ts";

/** What people see of every option. */
interface Described {
  readonly help: string;
  /** One letter that stands for it. */
  readonly letter?: string;
  /** The heading that the help shows it under. */
  readonly section?: string;
}

/** An option that is there or not. */
export interface Switch extends Described {
  readonly kind: "switch";
}

/** An option with a value of any kind. */
export interface AnyValued extends Described {
  readonly kind: "valued";
  /** What the value is called in the help. */
  readonly value: string;
  /** What values there are. */
  readonly option: AnyOption;
  /** What stands for the value where only the option is there; without it the value must be there. */
  readonly bare?: unknown;
}

/** An option with a value. */
export interface Valued<T> extends AnyValued {
  readonly option: DeclaredOption<T>;
}

/** An option whose value may be left out. */
export interface Optional<T, B> extends Valued<T> {
  readonly bare: B;
}

/** An option with a value of any kind that may come several times. */
export interface AnyRepeated extends Described {
  readonly kind: "repeated";
  readonly value: string;
  readonly option: AnyOption;
}

/** An option with a value that may come several times. */
export interface Repeated<T> extends AnyRepeated {
  readonly option: DeclaredOption<T>;
}

/** Any option. */
export type Option = Switch | AnyValued | AnyRepeated;

/** Options by name, in camel case: `batchSize` is `--batch-size` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What a command line has for an option. */
export type GivenValue<O> = O extends Switch ? boolean
  : O extends Repeated<infer T> ? readonly T[]
  : O extends Optional<infer T, infer B> ? T | B | undefined
  : O extends Valued<infer T> ? T | undefined
  : never;

/** What a command line has for the options of a table. */
export type GivenValues<O extends OptionTable> = { readonly [N in keyof O]: GivenValue<O[N]> };

type Extras = Pick<Described, "letter">;

/** A switch. */
export function flag(help: string, extras: Extras = {}): Switch {
  return { kind: "switch", help, ...extras };
}

/** An option with a value. */
export function valued<T>(value: string, option: DeclaredOption<T>): Valued<T> {
  return { kind: "valued", value, option, help: describeOption(option) };
}

/** An option with a value that may be left out; then it is `bare`. */
export function optional<T, const B>(value: string, option: DeclaredOption<T>, bare: B): Optional<T, B> {
  return { kind: "valued", value, option, help: describeOption(option), bare };
}

/** An option that may come several times. */
export function repeated<T>(value: string, option: DeclaredOption<T>): Repeated<T> {
  return { kind: "repeated", value, option, help: describeOption(option) };
}

/** Options under a heading of the help. */
export function section<O extends OptionTable>(title: string, options: O): O {
  const entries = Object.entries(options).map(([name, option]) => [name, { ...option, section: title }] as const);
  return Object.fromEntries(entries) as O;
}

/** `--batch-size` for `batchSize`. */
export function dashed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An option with its value as the help shows it: `--batch-size N`, `--resume [FILE]`. */
export function signature(name: string, option: Option): string {
  if (option.kind === "switch") return dashed(name);
  const isOptional = option.kind === "valued" && "bare" in option;
  return `${dashed(name)} ${isOptional ? `[${option.value}]` : option.value}`;
}
