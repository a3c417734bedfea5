/**
 * What an option is: the one declaration of which checks, help, command lines and files are made.
 *
 * A declaration is a record of options, tied by its type to the interface that documents them:
 *
 *     const stepOptions = {
 *       rate: positive({ default: 0.1, help: "step size" }),
 *       steps: count({ required: true, help: "number of steps" }),
 *     } satisfies Declaration<StepOptions>;
 *
 * @module
 */

import { type Json, plainJson } from "../json.ts";
import { showValue } from "./show.ts";

/** Why a value cannot be used. */
export interface Refusal {
  /** Of another kind, out of bounds, missing, or of a name that nobody knows. */
  readonly problem: "kind" | "bounds" | "missing" | "unknown";
  /** The way from the option to the value at fault: empty for the option itself, `.alpha`, `[1]`. */
  readonly path: string;
  /** What was expected, in words that follow "expected … to be"; the known names where a name is unknown. */
  readonly expected: string;
  /** The value as a message shows it. */
  readonly got: string;
  /** The known name that is nearest, where there is one. */
  readonly nearest?: string | undefined;
}

/** What values an option takes. */
export interface Kind<T> {
  /** In words that follow "expected … to be": `a whole number of at least 1`. */
  readonly expected: string;
  /** Whether a value can be used. Called with every value, so it must be cheap. */
  accepts(value: unknown): value is T;
  /** Whether a value that cannot be used is at least of the right kind: then it is out of bounds. */
  resembles(value: unknown): boolean;
  /** Why a value cannot be used; called only where `accepts` says no. */
  refuse(value: unknown): Refusal;
  /** The value of a text of a command line, for `accepts` to judge; `undefined` where no text stands for a value. */
  parse(text: string): unknown;
  /** The value as JSON, from which it can be read again where it is plain. */
  toJson(value: T): Json;
  /** All values, where they are names. */
  readonly names: readonly string[] | undefined;
}

/** What a declaration says of an option besides its kind. */
export interface OptionSpec<T> {
  /** What it is for, in a few words: `examples per step`. */
  readonly help?: string;
  /** Its value where none is given. */
  readonly default?: T;
  /** In words, what holds where none is given and that depends on other things: `those of the input`. */
  readonly otherwise?: string;
  /** Whether it must be given. */
  readonly required?: boolean;
}

/** An option of any kind, for tables of options. */
export interface AnyOption extends Omit<Kind<unknown>, "accepts" | "toJson"> {
  /** Whether a value can be used. */
  accepts(value: unknown): boolean;
  /** The value as JSON; only for values that can be used. */
  toJson(value: unknown): Json;
  /** What it is for. */
  readonly help: string;
  /** Its value where none is given. */
  readonly default: unknown;
  /** In words, what holds where none is given. */
  readonly otherwise: string | undefined;
  /** Whether it must be given. */
  readonly required: boolean;
}

/** An option that may be left out. */
export interface Option<T> extends AnyOption {
  accepts(value: unknown): value is T;
  // A property, not a method: a declaration may not take less than its interface says, nor more.
  readonly toJson: (value: T) => Json;
  readonly default: T | undefined;
}

/** An option with a value where none is given. */
export interface DefaultOption<T> extends Option<T> {
  readonly default: T;
}

/** An option that must be given. */
export interface RequiredOption<T> extends Option<T> {
  readonly required: true;
}

/** The option that a specification makes. */
export type Declared<T, S> = S extends { readonly default: T } ? DefaultOption<T>
  : S extends { readonly required: true } ? RequiredOption<T>
  : Option<T>;

/** A specification with a default: for constructors whose type of values is written out, as in `callable<Schedule>(…)`. */
export type WithDefault<T> = { readonly default: T };

/** A specification of an option that must be given; see {@linkcode WithDefault}. */
export type MustBeGiven = { readonly required: true };

/**
 * The options of an interface, each declared: one that must be given there must be required here. Write it as `{ … }
 * satisfies Declaration<XOptions>`, so that defaults stay known to the types.
 */
export type Declaration<O> = {
  readonly [K in keyof O]-?: undefined extends O[K] ? Option<Exclude<O[K], undefined>> : RequiredOption<O[K]>;
};

/** Options by name, of any interface. */
export type AnyDeclaration = Readonly<Record<string, AnyOption>>;

/** The type of an option's values. */
export type ValueIn<P> = P extends Option<infer T> ? T : never;

/** The values of declared options: those with a default, or required, are never undefined. */
export type OptionValues<D> = { readonly [K in keyof D]: OptionValue<D[K]> };

type OptionValue<P> = P extends DefaultOption<infer T> | RequiredOption<infer T> ? T
  : P extends Option<infer T> ? T | undefined
  : never;

/** The parts of a kind that differ from what most kinds have. */
export type KindParts<T> = Pick<Kind<T>, "expected" | "accepts"> & Partial<Kind<T>>;

/** A kind from the parts that are its own. */
export function kindOf<T>(parts: KindParts<T>): Kind<T> {
  const kind: Kind<T> = {
    resembles: () => false,
    refuse: (value) => ({
      problem: kind.resembles(value) ? "bounds" : "kind",
      path: "",
      expected: kind.expected,
      got: showValue(value),
    }),
    parse: () => undefined,
    toJson: plainJson,
    names: undefined,
    ...parts,
  };
  return kind;
}

/** An option of a kind. */
export function optionOf<T, S extends OptionSpec<T>>(kind: Kind<T>, spec: S | undefined): Declared<T, S>;
export function optionOf<T>(kind: Kind<T>, spec: OptionSpec<T> = {}): Option<T> {
  return {
    expected: kind.expected,
    accepts: kind.accepts,
    resembles: kind.resembles,
    refuse: kind.refuse,
    parse: kind.parse,
    toJson: kind.toJson,
    names: kind.names,
    help: spec.help ?? "",
    default: spec.default,
    otherwise: spec.otherwise,
    required: spec.required ?? false,
  };
}

/**
 * An option of a kind of your own: what it takes is said by a predicate and in words.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const even = option.custom<number>({
 *   expected: "an even number",
 *   accepts: (value): value is number => typeof value === "number" && value % 2 === 0,
 * }, { default: 2 });
 * assertEquals([even.accepts(4), even.accepts(3), even.default], [true, false, 2]);
 * ```
 */
export function custom<T>(parts: KindParts<T>, spec: OptionSpec<T> & WithDefault<T>): DefaultOption<T>;
export function custom<T>(parts: KindParts<T>, spec: OptionSpec<T> & MustBeGiven): RequiredOption<T>;
export function custom<T>(parts: KindParts<T>, spec?: OptionSpec<T>): Option<T>;
export function custom<T>(parts: KindParts<T>, spec?: OptionSpec<T>): Option<T> {
  return optionOf<T, OptionSpec<T>>(kindOf(parts), spec);
}
