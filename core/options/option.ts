/**
 * Options and their declarations, from which checks, help, command lines and files are generated.
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

/** The reason why a value is refused. */
export interface Refusal {
  /** Of another kind, out of bounds, missing, or with an unknown name. */
  readonly problem: "kind" | "bounds" | "missing" | "unknown";
  /** The path from the option to the refused value: empty for the option itself, `.alpha`, `[1]`. */
  readonly path: string;
  /** What was expected, in words that follow "expected … to be"; the known names if a name is unknown. */
  readonly expected: string;
  /** The value as text for a message. */
  readonly got: string;
  /** The nearest known name, if there is one. */
  readonly nearest?: string | undefined;
}

/** The values that an option takes. */
export interface Kind<T> {
  /** In words that follow "expected … to be": `a whole number of at least 1`. */
  readonly expected: string;
  /** Whether a value is valid. Called with every value, so it must be cheap. */
  accepts(value: unknown): value is T;
  /** Whether a refused value is at least of the right kind, so it is out of bounds. */
  resembles(value: unknown): boolean;
  /** Returns why a value is refused; called only if `accepts` returns false. */
  refuse(value: unknown): Refusal;
  /**
   * Converts text of a command line to a value, which `accepts` then checks; `undefined` if the text stands for no
   * value.
   */
  parse(text: string): unknown;
  /** Returns the value as JSON, from which it can be read again if it is plain data. */
  toJson(value: T): Json;
  /** All values, if they are names. */
  readonly names: readonly string[] | undefined;
}

/** The parts of an option's declaration apart from its kind. */
export interface OptionSpec<T> {
  /** Its purpose in a few words: `examples per step`. */
  readonly help?: string;
  /** Its default. */ readonly default?: T;
  /** A default in words, if it depends on other things: `those of the input`. */
  readonly otherwise?: string;
  /** Whether it must be given. */
  readonly required?: boolean;
}

/** An option of any kind, for tables of options. */
export interface AnyOption extends Omit<Kind<unknown>, "accepts" | "toJson"> {
  /** Whether a value is valid. */ accepts(value: unknown): boolean;
  /** Returns the value as JSON; only for valid values. */
  toJson(value: unknown): Json;
  /** Its purpose. */
  readonly help: string;
  /** Its default. */ readonly default: unknown;
  /** A default in words. */
  readonly otherwise: string | undefined;
  /** Whether it must be given. */
  readonly required: boolean;
}

/** An option that may be left out. */
export interface Option<T> extends AnyOption {
  accepts(value: unknown): value is T;
  // A property, not a method, so a declaration must take exactly the values of its interface.
  readonly toJson: (value: T) => Json;
  readonly default: T | undefined;
}

/** An option with a default. */
export interface DefaultOption<T> extends Option<T> {
  readonly default: T;
}

/** An option that must be given. */
export interface RequiredOption<T> extends Option<T> {
  readonly required: true;
}

/** The type of the option that a specification declares. */
export type Declared<T, S> = S extends { readonly default: T } ? DefaultOption<T>
  : S extends { readonly required: true } ? RequiredOption<T>
  : Option<T>;

/** A specification with a default: for constructors whose type of values is written out, as in `callable<Schedule>(…)`. */
export type WithDefault<T> = { readonly default: T };

/** A specification of an option that must be given; see {@linkcode WithDefault}. */
export type MustBeGiven = { readonly required: true };

/**
 * Declares each option of an interface; those that must be given there must be required here. Write it as
 * `{ … } satisfies Declaration<XOptions>`, so that the types still know the defaults.
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

/** The parts of a kind that may differ from those of most kinds. */
export type KindParts<T> = Pick<Kind<T>, "expected" | "accepts"> & Partial<Kind<T>>;

/** The refusal of a value of another kind. */
export function kindRefusal(expected: string, value: unknown): Refusal {
  return { problem: "kind", path: "", expected, got: showValue(value) };
}

/** What an argument takes. Unlike an option, it is neither parsed nor written, and has no default or help text. */
export type ArgumentKind<T> = Pick<Kind<T>, "expected" | "accepts" | "refuse">;

/** Makes the kind of an argument that is no option: it needs a third of the code in a bundle. */
export function argumentKind<T>(expected: string, accepts: (value: unknown) => value is T): ArgumentKind<T> {
  return { expected, accepts, refuse: (value) => kindRefusal(expected, value) };
}

/** Makes a kind from its own parts, and standard parts for the rest. */
export function makeKind<T>(parts: KindParts<T>): Kind<T> {
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

/** The error for a declaration that is none. */
export function declarationError(expected: string, got: unknown): TypeError {
  return new TypeError(`Cannot declare an option: expected ${expected}, got ${showValue(got)}`);
}

/**
 * Refuses a part of an option that is not an option itself, such as the items of a list.
 *
 * @throws {TypeError} with the value.
 */
export function checkOption(given: unknown): void {
  if (typeof given === "object" && given !== null && "accepts" in given && "expected" in given) return;
  throw declarationError("an option such as option.count()", given);
}

/** Makes an option of a kind. */
export function optionOf<T, S extends OptionSpec<T>>(kind: Kind<T>, spec: S | undefined): Declared<T, S>;
export function optionOf<T>(kind: Kind<T>, spec: OptionSpec<T> = {}): Option<T> {
  if (typeof spec !== "object" || spec === null) {
    throw declarationError("a record with its help text and default", spec);
  }
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
 * An option of your own kind: a predicate decides which values it takes, and a text describes them.
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
  checkOption(parts);
  return optionOf<T, OptionSpec<T>>(makeKind(parts), spec);
}
