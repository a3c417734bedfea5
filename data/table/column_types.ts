/**
 * The option that declares the types of columns.
 *
 * @module
 */

import { custom } from "../../core/options/option.ts";
import { type ColumnType, columnType } from "./column.ts";

/** Whether a value is a record that is no object of a class, such as a date or a map. */
export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

const expected = `a record of the types of columns (${columnType.expected}), such as { age: "number" }`;

/** The types of columns by their names. */
export const columnTypes = custom<Readonly<Record<string, ColumnType>>>({
  expected,
  accepts: (value): value is Readonly<Record<string, ColumnType>> =>
    isPlainRecord(value) && Object.values(value).every((one) => columnType.accepts(one)),
  refuse: (value) => {
    const [name, type] = isPlainRecord(value)
      ? Object.entries(value).find(([, one]) => !columnType.accepts(one)) ?? []
      : [undefined, undefined];
    if (name !== undefined) return { ...columnType.refuse(type), path: `.${name}` };
    return { ...columnType.refuse(value), problem: "kind", expected };
  },
}, { help: "types of columns", otherwise: "those of all of their values" });
