/**
 * Constants, shapes, and changes of element type.
 *
 * @module
 */

import { arange, full, tensor, zeros } from "../../../core/mod.ts";
import type { DType } from "../../../core/dtype.ts";
import { normalizeAxis, sizeOf } from "../../../core/shape.ts";
import { integers, type Operator, type Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";

/** The element types for those of ONNX, which are numbers. */
const elementTypes: Readonly<Record<number, DType>> = {
  1: "f32",
  2: "u32",
  3: "i32",
  4: "u32",
  5: "i32",
  6: "i32",
  7: "i32",
  9: "bool",
  10: "f32",
  11: "f32",
  12: "u32",
  13: "i32",
  16: "f32",
};

function elementType(code: number): DType {
  if (!Object.hasOwn(elementTypes, code)) throw new Unsupported(`element type ${code}`);
  return elementTypes[code];
}

/** The half-precision types, to which numbers are not rounded here. */
const cast: Operator = (inputs, attributes) => [inputs.tensor(0).cast(elementType(attributes.number("to", 1)))];

/** The extents from `start` up to `end`. */
const shape: Operator = (inputs, attributes) => {
  const all = inputs.tensor(0).shape;
  return [integers(all.slice(attributes.number("start", 0), attributes.number("end", undefined)))];
};

const constant: Operator = (_, attributes, facts) => {
  const [float, int] = [attributes.number("value_float", undefined), attributes.number("value_int", undefined)];
  const [floats, ints] = [attributes.numbers("value_floats"), attributes.numbers("value_ints")];
  const found = facts.attributeTensor("value") ?? (float === undefined ? undefined : tensor(float)) ??
    (floats && tensor(floats)) ?? (int === undefined ? undefined : integers([int], [])) ?? (ints && integers(ints));
  if (!found) throw new Unsupported("Constant of another kind than numbers");
  return [found];
};

const constantOfShape: Operator = (inputs, _, facts) => {
  const wanted = inputs.values(0) ?? [];
  const value = facts.attributeTensor("value");
  return [value ? value.reshape([]).broadcastTo(wanted) : zeros(wanted)];
};

/** `start`, `start + delta`, … before `limit`. */
const range: Operator = (inputs) => {
  const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((position) => inputs.value(position));
  const { dtype = "f32" } = inputs.type(0) ?? {};
  return [arange(start, limit, delta, { dtype })];
};

const eyeLike: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const code = attributes.number("dtype", undefined);
  const diagonal = x.indexAlong(1).sub(x.indexAlong(0)).equal(attributes.number("k", 0));
  return [diagonal.cast(code === undefined ? x.dtype : elementType(code))];
};

/** The positions of the nonzero elements of a tensor that is known in advance, with one axis per row. */
const nonZero: Operator = (inputs) => {
  const { shape } = inputs.tensor(0);
  const places = (inputs.values(0) ?? []).flatMap((value, i) => value === 0 ? [] : [i]);
  const rows = shape.map((extent, axis) => {
    const stride = sizeOf(shape.slice(normalizeAxis(axis, shape.length, "find non-zeros") + 1));
    return places.map((place) => Math.floor(place / stride) % extent);
  });
  return [integers(rows.flat(), [shape.length, places.length])];
};

/** Operators by name. */
export const creations: Operators = {
  Cast: cast,
  CastLike: (inputs) => [inputs.tensor(0).cast(inputs.tensor(1).dtype)],
  Shape: shape,
  Size: (inputs) => [full([], sizeOf(inputs.tensor(0).shape), { dtype: "i32" })],
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  EyeLike: eyeLike,
  NonZero: nonZero,
};
