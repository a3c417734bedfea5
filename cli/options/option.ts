/**
 * Options of a command: what they are called, what they take, and what they are for. Parsing, checks and help are all made
 * of the same table.
 *
 * @module
 */

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

/**
 * Makes a value of the text of an option.
 *
 * @throws {UsageError} if the text cannot be one; `option` is what the message calls it.
 */
export type Reader<T> = (text: string, option: string) => T;

/** An option with a value. */
export interface Valued<T> extends Described {
  readonly kind: "valued";
  /** What the value is called in the help. */
  readonly value: string;
  readonly read: Reader<T>;
  /** What stands for the value where only the option is there; without it the value must be there. */
  readonly bare?: T;
}

/** An option with a value that may come several times. */
export interface Repeated<T> extends Described {
  readonly kind: "repeated";
  readonly value: string;
  readonly read: Reader<T>;
}

/** Any option. */
export type Option = Switch | Valued<unknown> | Repeated<unknown>;

/** Options by name, in camel case: `batchSize` is `--batch-size` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What a command line has for an option. */
export type ValueOf<O> = O extends Switch ? boolean
  : O extends Repeated<infer T> ? readonly T[]
  : O extends Valued<infer T> ? T | undefined
  : never;

/** What a command line has for the options of a table. */
export type ValuesOf<O extends OptionTable> = { readonly [N in keyof O]: ValueOf<O[N]> };

type Extras = Pick<Described, "letter">;

/** A switch. */
export function flag(help: string, extras: Extras = {}): Switch {
  return { kind: "switch", help, ...extras };
}

/** An option with a value. */
export function valued<T>(value: string, read: Reader<T>, help: string): Valued<T> {
  return { kind: "valued", value, read, help };
}

/** An option with a value that may be left out; then it is `bare`. */
export function optional<T>(value: string, read: Reader<T>, bare: T, help: string): Valued<T> {
  return { kind: "valued", value, read, bare, help };
}

/** An option that may come several times. */
export function repeated<T>(value: string, read: Reader<T>, help: string): Repeated<T> {
  return { kind: "repeated", value, read, help };
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
