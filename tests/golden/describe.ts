/**
 * Values as text, for recorded texts: numbers are rounded, so that devices and processors agree.
 *
 * @module
 */

import { Tensor } from "../../core/tensor.ts";

/** How many numbers are shown; of longer lists, more is in their means. */
const SHOWN = 12;

/** Deeper parts are left out. */
const DEEPEST = 5;

/** A number with few digits; what is tiny beside `largest` is nothing but rounding. */
function rounded(value: number, largest: number): string {
  if (Number.isInteger(value)) return `${value === 0 ? 0 : value}`;
  if (Math.abs(value) < 1e-5 * largest) return "0";
  return `${Number(value.toPrecision(4))}`;
}

/** Numbers: the first of them, and two means in which each counts. */
function numbersAsText(values: readonly number[]): string {
  const largest = values.reduce((most, value) => Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most, 0);
  const shown = values.slice(0, SHOWN).map((value) => rounded(value, largest)).join(" ");
  if (values.length <= SHOWN) return shown;
  const mean = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  const weights = (values.length + 1) / 2;
  const late = values.reduce((sum, value, i) => sum + Math.abs(value) * (i + 1) / weights, 0) / values.length;
  return `${shown} …; means ${rounded(mean, largest)} ${rounded(late, largest)}`;
}

function isTypedArray(value: object): value is ArrayLike<number | bigint> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A value as text, over several lines if it is a record. */
export async function describe(value: unknown, depth = 0): Promise<string> {
  if (value instanceof Tensor) {
    return `${value.dtype}[${value.shape.join()}] ${numbersAsText(Array.from(await value.data(), Number))}`;
  }
  if (typeof value === "number") return rounded(value, 0);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > DEEPEST) return "…";
  if (isTypedArray(value)) {
    const numbers = Array.from(value, Number);
    return `${value.constructor.name}[${numbers.length}] ${numbersAsText(numbers)}`;
  }
  if (Array.isArray(value) && value.every((one) => typeof one === "number")) return `[${numbersAsText(value)}]`;
  const isPlain = (one: unknown): boolean => one === null || ["string", "number", "boolean"].includes(typeof one);
  if (Array.isArray(value) && value.every(isPlain)) return JSON.stringify(value);
  return await membersAsText(value, depth);
}

/** The public properties of an object, getters as well. */
function membersOf(value: object): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([name, member]) => [String(name), member]);
  const prototype: object | null = Object.getPrototypeOf(value);
  const getters = prototype === null || prototype === Object.prototype || Array.isArray(value)
    ? []
    : Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { get }]) => get).map(([name]) => name);
  return [...Object.keys(value), ...getters].map((name) => [name, Reflect.get(value, name)]);
}

async function membersAsText(value: object, depth: number): Promise<string> {
  const indent = "  ".repeat(depth + 1);
  const lines: string[] = [];
  for (const [name, member] of membersOf(value)) {
    if (typeof member === "function") continue;
    lines.push(`\n${indent}${name}: ${await describe(member, depth + 1)}`);
  }
  const kind = value.constructor?.name ?? "Object";
  const head = kind === "Object" || kind === "Array" ? "" : kind;
  const text = lines.join("");
  return text === "" ? `${head}{}` : head === "" && depth === 0 ? text.slice(1) : `${head}${text}`;
}
