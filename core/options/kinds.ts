/**
 * Kinds of positional arguments, for `checkArgument` and `checkArguments`. Kinds with limits, such as counts, are those
 * of the other files.
 *
 * @module
 */

import { type DType, dtypes, elementLimits, holds } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { fileName, isHandle, isWebFile, type WebFile, type WritableFile } from "../web_file.ts";
import {
  type ArgumentKind,
  argumentKind,
  custom,
  type Declared,
  type Kind,
  kindRefusal,
  makeKind,
  type Option,
  optionOf,
  type OptionSpec,
} from "./option.ts";
import { hasHoles } from "./items.ts";
import { checkArgument } from "./read.ts";
import { showValue } from "./show.ts";
import { callable, list, oneOf } from "./values.ts";

/** Any number, also NaN and infinite ones. */
export const numberKind = argumentKind("a number", (value): value is number => typeof value === "number");

/** A list of any numbers. */
export const numbersKind = list(custom(numberKind), { items: "numbers" });

/** An option whose value is any string, also the empty one. */
export function anyText<S extends OptionSpec<string>>(spec?: S): Declared<string, S> {
  const kind = makeKind({
    expected: "a string",
    accepts: (value): value is string => typeof value === "string",
    parse: (text) => text,
  });
  return optionOf(kind, spec);
}

/** Any string, also the empty one. */
export const textKind = anyText();

/** Whether every object has a member of this name. `__proto__` is one, although Deno removes it. */
function isInherited(name: string): boolean {
  return name in Object.prototype || name === "__proto__";
}

/**
 * An option whose value is the name of an entry of records, such as that of a layer. `constructor` and other members of
 * every object are refused, because a record without such an entry has it nevertheless.
 */
export function nameOption<S extends OptionSpec<string>>(spec?: S): Declared<string, S> {
  const kind: Kind<string> = makeKind({
    expected: "a nonempty string",
    accepts: (value): value is string => typeof value === "string" && value !== "" && !isInherited(value),
    resembles: (value) => typeof value === "string",
    refuse: (value) => ({
      problem: typeof value === "string" ? "bounds" : "kind",
      path: "",
      expected: typeof value === "string" && value !== "" ? "a name that not every object has" : kind.expected,
      got: showValue(value),
    }),
    parse: (text) => text,
  });
  return optionOf(kind, spec);
}

/** The name of an entry of records. */
export const nameKind = nameOption();

/** A function. */
export const functionKind = callable();

/** The path of a file, or its URL. */
export const pathKind = custom<string | URL>({
  expected: "a path or a URL",
  accepts: (value): value is string | URL => value instanceof URL || typeof value === "string" && value !== "",
  resembles: (value) => typeof value === "string",
  parse: (text) => text,
  toJson: String,
});

/** A file to load: a path or its URL, or a file of the web. */
export const loadedFileKind = custom<string | URL | WebFile>({
  expected: "a path, a URL, a response, a Blob or a file handle",
  accepts: (value): value is string | URL | WebFile => pathKind.accepts(value) || isWebFile(value),
  resembles: (value) => typeof value === "string",
  parse: (text) => text,
  toJson: fileName,
});

/** A file to write: a path or its URL, or a file of the browser's file system. */
export const writableFileKind = custom<WritableFile>({
  expected: "a path, a URL or a file handle",
  accepts: (value): value is WritableFile => pathKind.accepts(value) || isHandle(value),
  resembles: (value) => typeof value === "string",
  parse: (text) => text,
  toJson: fileName,
});

/** A signal that stops a long operation. */
export const signalKind = custom<AbortSignal>({
  expected: "an AbortSignal",
  accepts: (value): value is AbortSignal => isObject(value) && "aborted" in value,
});

/** Bytes. */
export const bytesKind = custom<Uint8Array>({
  expected: "bytes, as a Uint8Array",
  accepts: (value): value is Uint8Array => value instanceof Uint8Array,
});

const dtypeKind = oneOf(dtypes);

/** Returns the name of an element type, which must be a known one. */
export function checkDtype(action: string, dtype: DType): DType {
  return checkArgument(action, dtype, dtypeKind);
}

/** A number that an element of this type can be; for f32 any number. Those that would become others are refused. */
export function elementKind(dtype: DType): ArgumentKind<number> {
  const [least, greatest] = elementLimits[dtype];
  return numberFor(dtype, {
    numbers: dtype === "bool" ? "0 or 1" : `a whole number from ${least} to ${greatest}`,
    accepts: (value) => holds(dtype, value),
  });
}

/**
 * A number that can be converted to this element type: any number for f32 and bool; without its fraction, it is within
 * the limits of i32 or u32.
 */
export function convertibleKind(dtype: DType): ArgumentKind<number> {
  const [least, greatest] = elementLimits[dtype];
  return numberFor(dtype, {
    numbers: `a number from ${least} to ${greatest}`,
    accepts: (value) => dtype === "bool" || holds(dtype, Math.trunc(value)),
  });
}

function numberFor(
  dtype: DType,
  { numbers, accepts }: { readonly numbers: string; readonly accepts: (value: number) => boolean },
): ArgumentKind<number> {
  if (dtype === "f32") return numberKind;
  const expected = `${numbers} for ${dtype} (choose f32, or cast to it, for other numbers)`;
  return {
    expected,
    accepts: (value): value is number => typeof value === "number" && accepts(value),
    refuse: (value) => {
      if (typeof value !== "number") return numberKind.refuse(value);
      return { ...kindRefusal(expected, value), problem: "bounds" };
    },
  };
}

// By its members, because the class itself checks arguments.
function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "node" in value && "matmul" in value;
}

/** An option whose value is a tensor. A configuration holds only its shape, not its values. */
export function tensorOption<S extends OptionSpec<Tensor>>(spec?: S): Declared<Tensor, S> {
  const kind = makeKind({ expected: "a tensor", accepts: isTensor, toJson: ({ shape }) => ({ given: shape }) });
  return optionOf(kind, spec);
}

/** A tensor. */
export const tensorKind = tensorOption();

/** A list of tensors. */
export const tensorsKind = list(tensorKind, { items: "tensors" });

/** A tensor, or any number. */
export const operandKind = custom<Tensor | number>({
  expected: "a tensor or a number",
  accepts: (value): value is Tensor | number => typeof value === "number" || isTensor(value),
});

/** A tensor with this number of axes; `what` names them: `[batch, inputs]`. */
export function rankedKind(rank: number, what: string): Option<Tensor> {
  return custom<Tensor>({
    expected: `a tensor of ${what}`,
    accepts: (value): value is Tensor => isTensor(value) && value.shape.length === rank,
    refuse: (value) => ({
      ...kindRefusal(`a tensor of ${what}`, value),
      ...(isTensor(value) && { got: `${value.dtype}[${value.shape.join(", ")}]` }),
    }),
  });
}

/**
 * A record of parameters that has the named tensors. Those whose names end with a question mark may be missing. Its
 * other entries may be anything.
 */
export function parametersKind(...names: readonly string[]): Option<object> {
  const required = names.filter((name) => !name.endsWith("?"));
  const optional = names.filter((name) => name.endsWith("?")).map((name) => name.slice(0, -1));
  const expected = `a record with ${required.join(", ")}`;
  const wrongIn = (value: object): string | undefined =>
    required.find((name) => !isTensor(entry(value, name))) ??
      optional.find((name) => entry(value, name) !== undefined && !isTensor(entry(value, name)));
  return custom<object>({
    expected,
    accepts: (value): value is object => isObject(value) && wrongIn(value) === undefined,
    refuse: (value) => {
      const name = isObject(value) ? wrongIn(value) : undefined;
      if (name === undefined) return kindRefusal(expected, value);
      return { ...tensorKind.refuse(entry(value, name)), path: `.${name}` };
    },
  });
}

/** An object that has the named members, its own or inherited; `expected` describes it: `a model`. */
export function objectKind<T extends object>(expected: string, ...members: readonly string[]): Option<T> {
  return custom<T>({
    expected,
    accepts: (value): value is T => isObject(value) && members.every((name) => name in value),
  });
}

/** A list of anything, without holes; `what` says of what. */
export function listKind<T extends readonly unknown[]>(what: string): Option<T> {
  return custom<T>({
    expected: `a list of ${what}`,
    accepts: (value): value is T => Array.isArray(value) && !hasHoles(value),
  });
}

function entry(value: unknown, name: string): unknown {
  return isObject(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
