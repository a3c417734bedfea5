/**
 * One value, or several by the names of the inputs or outputs of a network to which they belong.
 *
 * @module
 */

import { isPlainRecord } from "./table/column_types.ts";

/** One value, or several by the names of inputs or outputs. */
export type OneOrNamed<T> = T | { readonly [name: string]: T };

/** A value, and the name of its input or output; `undefined` if it is the only one and has no name. */
export interface NamedPart<T> {
  readonly name: string | undefined;
  readonly value: T;
}

/** Whether there is one value without a name. */
export type IsOne<T> = (given: OneOrNamed<T>) => given is T;

/** The values with their names, in order. */
export function partsIn<T>(given: OneOrNamed<T>, isOne: IsOne<T>): NamedPart<T>[] {
  if (isOne(given)) return [{ name: undefined, value: given }];
  return Object.entries(given).map(([name, value]) => ({ name, value }));
}

/** The same names with other values. */
export function mapParts<A, B>(
  given: OneOrNamed<A>,
  isOne: IsOne<A>,
  change: (value: A, name: string | undefined) => B,
): OneOrNamed<B> {
  if (isOne(given)) return change(given, undefined);
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(value, name)]));
}

/** The values with these names; one without a name has all of them. */
export function partNamed<T>(given: OneOrNamed<T>, isOne: IsOne<T>, name: string): T {
  return isOne(given) ? given : given[name];
}

/** The names of values; `undefined` if there is one without a name. */
export function namesIn<T>(given: OneOrNamed<T>, isOne: IsOne<T>): readonly string[] | undefined {
  return isOne(given) ? undefined : Object.keys(given);
}

/** Whether something is a record of values by name, and not samples or a source of them, which are records, too. */
export function isNamed<T extends object>(given: OneOrNamed<T>): given is { readonly [name: string]: T };
export function isNamed(given: unknown): boolean {
  if (!isPlainRecord(given) || Object.keys(given).length === 0) return false;
  const { shape, values, read } = given;
  if (Array.isArray(shape) || Array.isArray(values) || ArrayBuffer.isView(values) || typeof read === "function") {
    return false;
  }
  return Object.values(given).every((one) => typeof one === "object" && one !== null);
}

/** The part of a set in messages: `x`, or `x.image`. */
export function labelOf(part: string, name: string | undefined): string {
  return name === undefined ? part : `${part}.${name}`;
}
