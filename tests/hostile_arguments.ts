/**
 * Replaces each part of the arguments of a valid call by values that it cannot take.
 *
 * @module
 */

import { ones, tensor } from "../core/mod.ts";

/** A valid call of a public function. */
export interface ValidCall {
  /** Calls the function. */
  call(...args: never[]): unknown;
  /** Valid arguments. */
  readonly args: readonly unknown[];
}

/** A call with one replaced part. */
export interface HostileCall {
  /** The replaced part: `[1].strides[0]`. */
  readonly path: string;
  /** The name of the value that replaces it. */
  readonly value: string;
  /** Whether it was accepted although its kind differs from that of the valid value, or it is NaN. */
  readonly isTaken: boolean;
  /** The error, if it was refused. */
  readonly error: unknown;
}

class Own {
  readonly field = 1;
}

function cyclic(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

function disposed(): unknown {
  const x = tensor([[1, 2], [3, 4]]);
  x.dispose();
  return x;
}

// deno-lint-ignore no-sparse-arrays
const withHole: unknown = [, 1];

/** Values that hardly any argument takes, by name; each is made anew. */
const hostile: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  "record without a prototype": () => Object.create(null),
  string: () => "x",
  "empty string": () => "",
  "number as a string": () => "2",
  true: () => true,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "-Infinity": () => -Infinity,
  "-1": () => -1,
  "2.5": () => 2.5,
  "0": () => 0,
  "-0": () => -0,
  "1e21": () => 1e21,
  "2 ** 31": () => 2 ** 31,
  bigint: () => 2n,
  symbol: () => Symbol("wrong"),
  function: () => () => undefined,
  "throwing function": () => () => {
    throw new TypeError("Cannot be called: this is a test");
  },
  "empty list": () => [],
  "list with a hole": () => withHole,
  "list of strings": () => ["a", "b"],
  "ragged list": () => [[1, 2], [3]],
  "nested list": () => [[[1]]],
  "list of NaN": () => [NaN, NaN],
  "list of fractions": () => [0.5, 1.5],
  "list of negatives": () => [-1, -2],
  "list of null": () => [null, null],
  "list of bigint": () => [2n, 2n],
  "long list": () => [1, 1, 1, 1, 1, 1, 1, 1, 1],
  "cyclic list": cyclic,
  "empty record": () => ({}),
  "unknown option": () => ({ unknwon: 1 }),
  "cyclic record": () => {
    const record: Record<string, unknown> = {};
    record.self = record;
    return record;
  },
  date: () => new Date(0),
  map: () => new Map([["a", 1]]),
  set: () => new Set([1]),
  regex: () => /x/,
  promise: () => Promise.resolve(1),
  "String object": () => new String("x"),
  "Number object": () => new Number(2),
  "instance of a class": () => new Own(),
  error: () => new Error("x"),
  Int8Array: () => Int8Array.of(1, 2),
  Float64Array: () => Float64Array.of(1, 2),
  BigInt64Array: () => BigInt64Array.of(1n, 2n),
  DataView: () => new DataView(new ArrayBuffer(8)),
  ArrayBuffer: () => new ArrayBuffer(8),
  "scalar tensor": () => tensor(1),
  "i32 tensor": () => tensor([1, 2, 3], [3], { dtype: "i32" }),
  "bool tensor": () => tensor([true, false, true]),
  "tensor of rank 5": () => ones([1, 2, 1, 1, 3]),
  "empty tensor": () => ones([0, 7]),
  "disposed tensor": disposed,
};

type Path = readonly (string | number)[];

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) &&
    !Object.values(value).some((one) => typeof one === "function");
}

/** The paths of the parts of arguments: arguments, and what arrays and plain records hold. */
function* pathsOf(value: unknown, depth: number, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (path.length > depth) return;
  if (Array.isArray(value)) {
    const shown = path.length === 0 ? value : value.slice(0, 2);
    for (const [i, one] of shown.entries()) yield* pathsOf(one, depth, [...path, i]);
  } else if (isPlain(value)) {
    for (const [name, one] of Object.entries(value)) yield* pathsOf(one, depth, [...path, name]);
  }
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((one, i) => i === first ? replaced(one, rest, by) : one);
  const record = value as Record<string, unknown>;
  return { ...record, [first]: replaced(record[first], rest, by) };
}

/** Text of a path: `[1].strides[0]`. */
function showPath(path: Path): string {
  return path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`).join("");
}

/** Returns the part of a value at a path. */
function partAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], value);
}

/** Waits for everything that a result promises: iterators are advanced once, tensors are read. */
async function settled(result: unknown): Promise<void> {
  const value = await result;
  if (typeof value !== "object" || value === null) return;
  if ("data" in value && "matmul" in value && typeof value.data === "function") await value.data();
  else if (Symbol.asyncIterator in value && "next" in value && typeof value.next === "function") await value.next();
  else if (Array.isArray(value)) { for (const one of value) await settled(one); }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value !== "object") return typeof value;
  if ("matmul" in value) return "tensor";
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? "record" : value.constructor.name;
}

/**
 * Makes all hostile calls of a function.
 *
 * @param depth the levels of lists and records within an argument that are replaced, too
 */
export async function* hostileCalls({ call, args }: ValidCall, depth = 3): AsyncGenerator<HostileCall> {
  for (const path of pathsOf(args, depth)) {
    const kind = kindOf(partAt(args, path));
    for (const [value, make] of Object.entries(hostile)) {
      const given = make();
      let error: unknown;
      try {
        await settled(call(...replaced(args, path, given) as never[]));
      } catch (caught) {
        error = caught ?? new Error("threw nothing");
      }
      const isOdd = kindOf(given) !== kind || Number.isNaN(given) || value === "list with a hole";
      yield { path: showPath(path), value, error, isTaken: error === undefined && isOdd };
    }
  }
}
