/**
 * Options whose values are flags, names, strings, functions and lists.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import { isListOf } from "./items.ts";
import {
  type AnyOption,
  checkOption,
  declarationError,
  type Declared,
  type DefaultOption,
  type Kind,
  kindRefusal,
  makeKind,
  type MustBeGiven,
  type Option,
  optionOf,
  type OptionSpec,
  type RequiredOption,
  type ValueIn,
  type WithDefault,
} from "./option.ts";
import { showValue } from "./show.ts";

/**
 * True or false.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.flag().accepts(true), option.flag().accepts(1)], [true, false]);
 * ```
 */
export function flag<S extends OptionSpec<boolean>>(spec?: S): Declared<boolean, S> {
  const kind = makeKind({
    expected: "true or false",
    accepts: (value): value is boolean => typeof value === "boolean",
    parse: (text) => text === "true" ? true : text === "false" ? false : undefined,
  });
  return optionOf(kind, spec);
}

/**
 * Any nonempty string.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.text().accepts("mlp"), option.text().accepts("")], [true, false]);
 * ```
 */
export function text<S extends OptionSpec<string>>(spec?: S): Declared<string, S> {
  const kind = makeKind({
    expected: "a nonempty string",
    accepts: (value): value is string => typeof value === "string" && value !== "",
    resembles: (value) => typeof value === "string",
    parse: (given) => given,
  });
  return optionOf(kind, spec);
}

/** Returns a name without case, hyphens and underscores, which do not matter on a command line. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}

/**
 * One of some names.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(option.oneOf(["same", "valid"]).expected, "one of same, valid");
 * ```
 */
export function oneOf<const T extends string, S extends OptionSpec<NoInfer<T>> = OptionSpec<T>>(
  names: readonly T[],
  spec?: S,
): Declared<T, S> {
  if (!Array.isArray(names)) {
    throw declarationError("a list of names", names);
  }
  const known: ReadonlySet<unknown> = new Set<unknown>(names);
  const kind: Kind<T> = makeKind({
    expected: names.length === 1 ? JSON.stringify(names[0]) : `one of ${names.join(", ")}`,
    accepts: (value): value is T => known.has(value),
    resembles: (value) => typeof value === "string",
    refuse: (value) => ({
      problem: typeof value === "string" ? "bounds" : "kind",
      path: "",
      expected: kind.expected,
      got: showValue(value),
      nearest: typeof value === "string" ? nearestName(value, names) : undefined,
    }),
    parse: (given) => names.find((name) => plain(name) === plain(given)),
    names,
  });
  return optionOf(kind, spec);
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * A function. Only its type says what it takes and returns: `callable<Schedule>()`.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.callable().accepts(Math.abs), option.callable().accepts("abs")], [true, false]);
 * ```
 */
export function callable<T extends AnyFunction>(spec: OptionSpec<T> & WithDefault<T>): DefaultOption<T>;
export function callable<T extends AnyFunction>(spec: OptionSpec<T> & MustBeGiven): RequiredOption<T>;
export function callable<T extends AnyFunction>(spec?: OptionSpec<T>): Option<T>;
export function callable<T extends AnyFunction>(spec?: OptionSpec<T>): Option<T> {
  const kind = makeKind<T>({
    expected: "a function",
    accepts: (value): value is T => typeof value === "function",
  });
  return optionOf<T, OptionSpec<T>>(kind, spec);
}

/** The specification of a list. */
export interface ListSpec<T> extends OptionSpec<readonly T[]> {
  /** The number of items, if it is fixed. */
  readonly length?: number;
  /** The items in words, instead of those of the item's option: `whole numbers of at least 1`. */
  readonly items?: string;
}

/**
 * A list whose items are all of one kind.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = option.list(option.count(), { length: 2 });
 * assertEquals([sizes.accepts([3, 4]), sizes.accepts([3]), sizes.accepts([3, 0])], [true, false, false]);
 * ```
 */
export function list<T, S extends ListSpec<T> = ListSpec<T>>(
  item: Option<T>,
  spec?: S,
): Declared<readonly T[], S> {
  checkOption(item);
  const { length, items } = spec ?? {};
  const fits = (value: readonly unknown[]): boolean => length === undefined || value.length === length;
  const number = length === undefined ? "a list" : `a list of ${length}`;
  const kind: Kind<readonly T[]> = makeKind({
    expected: items === undefined ? `${number} (each ${item.expected})` : `${number}${length ? "" : " of"} ${items}`,
    accepts: (value): value is readonly T[] => isListOf(value, item.accepts) && fits(value),
    refuse: (value) => {
      const at = Array.isArray(value) && fits(value) ? value.findIndex((one) => !item.accepts(one)) : -1;
      if (!Array.isArray(value) || at < 0) {
        return kindRefusal(kind.expected, value);
      }
      const refusal = item.refuse(value[at]);
      return { ...refusal, path: `[${at}]${refusal.path}` };
    },
    // It may be in brackets, as in code.
    parse: (given) => given.replace(/^\[(.*)\]$/, "$1").split(",").map((one) => item.parse(one.trim())),
    toJson: (value) => value.map(item.toJson),
  });
  return optionOf(kind, spec);
}

/**
 * A value of a kind, or null.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([option.nullable(option.count()).accepts(null), option.count().accepts(null)], [true, false]);
 * ```
 */
export function nullable<T, S extends OptionSpec<T | null> = OptionSpec<T | null>>(
  item: Option<T>,
  spec?: S,
): Declared<T | null, S> {
  checkOption(item);
  const kind: Kind<T | null> = makeKind<T | null>({
    expected: `${item.expected}, or null`,
    accepts: (value): value is T | null => value === null || item.accepts(value),
    resembles: item.resembles,
    refuse: (value) => {
      const refusal = item.refuse(value);
      return refusal.path === "" ? { ...refusal, expected: kind.expected } : refusal;
    },
    parse: (given) => given === "null" ? null : item.parse(given),
    toJson: (value) => value === null ? null : item.toJson(value),
    names: item.names,
  });
  return optionOf(kind, spec);
}

/**
 * A value of any of several kinds: `either([positive(), callable<Schedule>()])`.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const mode = option.either([option.oneOf(["full"]), option.count()]);
 * assertEquals([mode.accepts("full"), mode.accepts(2), mode.accepts("half")], [true, true, false]);
 * ```
 */
export function either<
  const K extends readonly AnyOption[],
  S extends OptionSpec<ValueIn<K[number]>> = OptionSpec<ValueIn<K[number]>>,
>(kinds: K, spec?: S): Declared<ValueIn<K[number]>, S> {
  type T = ValueIn<K[number]>;
  if (!Array.isArray(kinds)) {
    throw declarationError("a list of options", kinds);
  }
  kinds.forEach(checkOption);
  const kind: Kind<T> = makeKind<T>({
    expected: kinds.map(({ expected }) => expected).join(", or "),
    accepts: (value): value is T => kinds.some((one) => one.accepts(value)),
    resembles: (value) => kinds.some((one) => one.resembles(value)),
    refuse: (value) => {
      // If only one of them can have been meant, it says what is wrong.
      const [near, ...others] = kinds.filter((one) => one.resembles(value));
      if (near && others.length === 0) return near.refuse(value);
      return { problem: near ? "bounds" : "kind", path: "", expected: kind.expected, got: showValue(value) };
    },
    parse: (given) => {
      for (const one of kinds) {
        const value = one.parse(given);
        if (one.accepts(value)) return value;
      }
      return undefined;
    },
    toJson: (value) => (kinds.find((one) => one.accepts(value)) ?? kinds[0]).toJson(value),
  });
  return optionOf(kind, spec);
}
