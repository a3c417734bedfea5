/**
 * Readers of plain data: each checks a value from a file and gives it its type. The kinds of options check single
 * values; these readers check the structure of files.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { numberKind, textKind } from "../../core/options/kinds.ts";
import { count as wholeCount } from "../../core/options/numbers.ts";
import type { ArgumentKind } from "../../core/options/option.ts";
import * as kinds from "../../core/options/values.ts";
import { FileFormatError } from "./errors.ts";
import { isPlainRecord, type Json, type JsonRecord, showJson } from "./json.ts";

/** The position of a value, for messages: `network.layers[2].name`. */
export interface JsonPlace {
  /** The name of the file in messages. */
  readonly file: string;
  /** The path to the value from the top level of the file, where it is empty. */
  readonly path: string;
}

/** Checks a value and gives it its type; throws a `FileFormatError` if it is of another. */
export type JsonReader<T> = (value: unknown, place: JsonPlace) => T;

/** Readers of the fields of `T`. */
type Fields<T> = { readonly [K in keyof T]-?: JsonReader<T[K]> };

/** The error of a value that is not what was expected. */
export function unexpected(expected: string, value: unknown, { file, path }: JsonPlace): FileFormatError {
  return new FileFormatError(file, `${expected} ${path === "" ? "at the top level" : `as ${path}`}`, showJson(value));
}

/** The position of a value that may come from a file. */
type MaybePlace = { readonly [K in keyof JsonPlace]: JsonPlace[K] | undefined };

/** An error that the caller can mend, by passing a function that files cannot contain. */
export class MissingFunction extends TypeError {}

/** Makes a part of a model out of the content of a file. What its options refuse is an error of the file, if there is one. */
export function makeFrom<T>({ file, path }: MaybePlace, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const isRefusal = cause instanceof TypeError || cause instanceof RangeError;
    if (file === undefined || !isRefusal || cause instanceof MissingFunction) throw cause;
    throw new FileFormatError(file, `a valid configuration as ${path}`, `an error: ${cause.message}`, { cause });
  }
}

function below({ file, path }: JsonPlace, key: string): JsonPlace {
  return { file, path: path === "" ? key : `${path}.${key}` };
}

/** Reads a value that an option accepts, with the check of its kind. */
export function reader<T>(kind: ArgumentKind<T>): JsonReader<T> {
  return (value, { file, path }) => {
    if (kind.accepts(value)) return value;
    const refusal = kind.refuse(value);
    throw unexpected(refusal.expected, value, { file, path: `${path}${refusal.path}` });
  };
}

/** Reads a string that is not empty. */
export const readText: JsonReader<string> = reader(kinds.text());

/** Reads a string, which may be empty. */
export const readAnyText: JsonReader<string> = reader(textKind);

/** Reads any number, including infinities and NaN. */
export const readNumber: JsonReader<number> = reader(numberKind);

/** Reads a whole number of at least 0. */
export const readCount: JsonReader<number> = reader(wholeCount({ least: 0 }));

/** Reads true or false. */
export const readFlag: JsonReader<boolean> = reader(kinds.flag());

/** Reads null, or what another reader accepts. */
export function nullOr<T>(read: JsonReader<T>): JsonReader<T | null> {
  return (value, place) => value === null ? null : read(value, place);
}

/** Reads one of several strings. */
export function oneNameOf<const T extends string>(...known: readonly T[]): JsonReader<T> {
  return reader<T>(kinds.oneOf(known));
}

/** Reads a record of any JSON values. */
export const anyRecord: JsonReader<JsonRecord> = (value, place) => {
  if (isPlainRecord(value)) return value as Record<string, Json>;
  throw unexpected("a record", value, place);
};

/** Reads a list. */
export function listOf<T>(item: JsonReader<T>): JsonReader<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw unexpected("a list", value, place);
    return value.map((one, i) => item(one, { ...place, path: `${place.path}[${i}]` }));
  };
}

/** Reads a record of any names, all of whose values are read alike. */
export function recordOfAll<T>(item: JsonReader<T>): JsonReader<Readonly<Record<string, T>>> {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(anyRecord(value, place)).map(([key, one]) => [key, item(one, below(place, key))] as const),
    );
}

/** Reads a record with these fields and no others; an unknown name is refused with the nearest one. */
export function recordOf<R extends object, O extends object>(
  required: Fields<R>,
  optional: Fields<O>,
): JsonReader<R & Partial<O>> {
  const readers = new Map<string, JsonReader<unknown>>([
    ...Object.entries<JsonReader<unknown>>(required),
    ...Object.entries<JsonReader<unknown>>(optional),
  ]);
  return (value, place) => {
    if (!isPlainRecord(value)) throw unexpected("a record", value, place);
    const missing = Object.keys(required).find((key) => !Object.hasOwn(value, key));
    if (missing !== undefined) throw unexpected(`the field "${missing}"`, Object.keys(value), place);
    const fields = Object.entries(value).map(([key, item]) => {
      const read = readers.get(key);
      if (read === undefined) {
        const known = [...readers.keys()];
        throw new FileFormatError(
          place.file,
          `known fields ${place.path === "" ? "at the top level" : `in ${place.path}`}`,
          `${showJson(key)}${suggestName(key, known)}`,
        );
      }
      return [key, read(item, below(place, key))] as const;
    });
    return Object.fromEntries(fields) as R & Partial<O>;
  };
}
