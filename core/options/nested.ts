/**
 * Options whose values have their own options: records, and choices by name such as activations.
 *
 * @module
 */

import { type Json, plainJson } from "../json.ts";
import { nearestName, suggestName } from "../nearest.ts";
import {
  type AnyDeclaration,
  type Declaration,
  declarationError,
  type DefaultOption,
  type Kind,
  kindRefusal,
  makeKind,
  type MustBeGiven,
  type Option,
  optionOf,
  type OptionSpec,
  type Refusal,
  type RequiredOption,
  type WithDefault,
} from "./option.ts";
import { refusalOf } from "./read.ts";
import { showValue } from "./show.ts";

/** An entry of a registry: a function, and the options that it takes. */
export interface Named<F> {
  /** The function. */
  readonly make: F;
  /** Its options. */
  readonly options: AnyDeclaration;
}

/** Functions by name. */
export type Registry<F> = Readonly<Record<string, Named<F>>>;

/**
 * Returns the entry of a registry with a name.
 *
 * @param what the kind of thing that is named, such as `update rule`
 * @throws {RangeError} for an unknown name; the message has the nearest known one.
 */
export function findNamed<F>(registry: Readonly<Record<string, F>>, name: string, what: string): F {
  if (typeof name === "string" && Object.hasOwn(registry, name)) return registry[name];
  const shown = showValue(name);
  const near = typeof name === "string" ? name : shown;
  throw new RangeError(`Cannot find ${what} ${shown}${suggestName(near, Object.keys(registry))}`);
}

/** Returns the name of a function in a registry; `undefined` if it is not there. */
export function nameIn<F>(registry: Registry<F>, make: unknown): string | undefined {
  for (const name in registry) if (registry[name].make === make) return name;
  return undefined;
}

/**
 * A record with its own options.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const size = option.record<{ width?: number }>({ width: option.count() });
 * assertEquals([size.accepts({ width: 3 }), size.accepts({ widht: 3 })], [true, false]);
 * ```
 */
export function record<O extends object>(
  declaration: Declaration<O>,
  spec: OptionSpec<O> & WithDefault<O>,
): DefaultOption<O>;
export function record<O extends object>(
  declaration: Declaration<O>,
  spec: OptionSpec<O> & MustBeGiven,
): RequiredOption<O>;
export function record<O extends object>(declaration: Declaration<O>, spec?: OptionSpec<O>): Option<O>;
export function record<O extends object>(declaration: AnyDeclaration, spec?: OptionSpec<O>): Option<O> {
  if (typeof declaration !== "object" || declaration === null) {
    throw declarationError("a record of options", declaration);
  }
  const kind: Kind<O> = makeKind({
    expected: "a record of options",
    accepts: (value): value is O => refusalOf(declaration, value) === undefined,
    resembles: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    refuse: (value) => refusalOf(declaration, value) ?? kindRefusal(kind.expected, value),
    toJson: (value) => describeOptions(declaration, value),
  });
  return optionOf<O, OptionSpec<O>>(kind, spec);
}

/** A record with options of its own, in words that say what it is: `a record with the name of the data`. */
export function describedRecord<O extends object>(
  expected: string,
  declaration: Declaration<O>,
  spec?: OptionSpec<O> & MustBeGiven,
): RequiredOption<O> {
  const { accepts, resembles, refuse, toJson } = record<O>(declaration);
  const kind = makeKind<O>({
    ...{ expected, accepts, resembles, toJson },
    refuse: (value) => resembles(value) ? refuse(value) : kindRefusal(expected, value),
  });
  return optionOf<O, OptionSpec<O> & MustBeGiven>(kind, { ...spec, required: true });
}

/**
 * Returns options as JSON; those that are not given are left out.
 *
 * @param values options that have been read, so they are valid
 */
export function describeOptions(declaration: AnyDeclaration, values: object): { readonly [name: string]: Json } {
  const given = Object.entries<unknown>({ ...values }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, declaration[name]?.toJson(value) ?? plainJson(value)]));
}

/** The specification of a nested option. */
export interface NestedSpec<T> extends OptionSpec<T> {
  /** The kind of thing that is named, for messages and help, such as `activation`. */
  readonly what: string;
}

/**
 * A choice among named functions that have their own options: a name, a function (of the registry, or one of the user),
 * or `[either, options]`.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const names = { sine: { make: Math.sin, options: {} }, power: { make: Math.pow, options: { exponent: option.finite() } } };
 * const choice = option.nested<unknown>(names, { what: "function" });
 * assertEquals([choice.accepts("sine"), choice.accepts(["power", { exponent: 2 }]), choice.accepts("cosine")], [true, true, false]);
 * ```
 */
export function nested<T>(registry: Registry<unknown>, spec: NestedSpec<T> & WithDefault<T>): DefaultOption<T>;
export function nested<T>(registry: Registry<unknown>, spec: NestedSpec<T> & MustBeGiven): RequiredOption<T>;
export function nested<T>(registry: Registry<unknown>, spec: NestedSpec<T>): Option<T>;
export function nested<T>(registry: Registry<unknown>, spec: NestedSpec<T>): Option<T> {
  if (typeof registry !== "object" || registry === null || typeof spec?.what !== "string") {
    throw declarationError("a record of functions and { what }", [registry, spec]);
  }
  const { what } = spec;
  const expected = inWords(what);
  const refuse = (value: unknown): Refusal | undefined => refusalOfChoice(registry, what, value);
  const kind: Kind<T> = makeKind<T>({
    expected,
    accepts: (value): value is T => refuse(value) === undefined,
    resembles: (value) => typeof value === "string" || Array.isArray(value),
    refuse: (value) => refuse(value) ?? kindRefusal(kind.expected, value),
    parse: (text) => text,
    toJson: (value) => describeChoice(registry, value),
    names: Object.keys(registry),
  });
  return optionOf<T, OptionSpec<T>>(kind, spec);
}

function inWords(what: string): string {
  return `${/^[aeiou]/.test(what) ? "an" : "a"} ${what} (a name, a function, or [either, options])`;
}

function refusalOfChoice(registry: Registry<unknown>, what: string, value: unknown): Refusal | undefined {
  if (typeof value === "function") return undefined;
  if (typeof value === "string") return Object.hasOwn(registry, value) ? undefined : unknownName(registry, value);
  if (!Array.isArray(value) || value.length !== 2 || Array.isArray(value[0])) {
    return kindRefusal(inWords(what), value);
  }
  const [base, options] = value;
  const refusal = refusalOfChoice(registry, what, base);
  if (refusal) return { ...refusal, path: `[0]${refusal.path}` };
  const name = typeof base === "string" ? base : nameIn(registry, base);
  if (name === undefined) return undefined;
  const inside = refusalOf(registry[name].options, options);
  return inside && { ...inside, path: `[1]${inside.path}` };
}

function unknownName(registry: Registry<unknown>, name: string): Refusal {
  const names = Object.keys(registry);
  return {
    problem: "bounds",
    path: "",
    expected: `one of ${names.join(", ")}`,
    got: showValue(name),
    nearest: nearestName(name, names),
  };
}

/**
 * Returns a choice as JSON: its name, or its name and options. A function that is not in the registry is only named.
 */
export function describeChoice(registry: Registry<unknown>, value: unknown): Json {
  const [base, options] = Array.isArray(value) ? value : [value, undefined];
  const name = typeof base === "string" ? base : nameIn(registry, base);
  if (name === undefined) return plainJson(base);
  return options === undefined ? name : [name, describeOptions(registry[name].options, options)];
}
