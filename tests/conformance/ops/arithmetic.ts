/**
 * Elementwise arithmetic, comparisons and booleans.
 *
 * @module
 */

import { type Tensor, where } from "../../../core/mod.ts";
import { isFloat } from "../../../core/dtype.ts";
import { broadcastShapes } from "../../../core/shape.ts";
import type { Operator, Operators } from "../operator.ts";

/** An operator of one input. */
export const unary = (fn: (x: Tensor) => Tensor): Operator => (inputs) => [fn(inputs.tensor(0))];

/** An operator of two inputs. */
export const binary = (fn: (a: Tensor, b: Tensor) => Tensor): Operator => (inputs) => [
  fn(inputs.tensor(0), inputs.tensor(1)),
];

const variadic = (fn: (a: Tensor, b: Tensor) => Tensor): Operator => (inputs) => [inputs.tensors().reduce(fn)];

/** Both tensors broadcast to one shape. */
function together(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(a.shape, b.shape, "combine");
  return [a.broadcastTo(shape), b.broadcastTo(shape)];
}

/** The quotient; of integers, without its fraction. */
function divide(a: Tensor, b: Tensor): Tensor {
  if (isFloat(a.dtype)) return a.div(b);
  const [left, right] = together(a, b);
  return left.apply("div", [right], {});
}

/** The whole number nearest to x, the even one of two. */
export function round(x: Tensor): Tensor {
  const below = x.floor();
  const rest = x.sub(below);
  const odd = below.mod(2).notEqual(0);
  const up = rest.greater(0.5).or(rest.equal(0.5).and(odd));
  return up.where(below.add(1), below);
}

/** xʸ with the element type of x. */
function power(x: Tensor, y: Tensor): Tensor {
  const result = x.cast("f32").pow(y.cast("f32"));
  return isFloat(x.dtype) ? result : round(result).cast(x.dtype);
}

/** The remainder with the sign of the divisor, or with that of the dividend if `fmod` is set. */
const remainder: Operator = (inputs, attributes) => {
  const [a, b] = together(inputs.tensor(0), inputs.tensor(1));
  const rest = a.mod(b);
  if (attributes.flag("fmod") || a.dtype === "u32") return [rest];
  const opposite = rest.notEqual(0).and(rest.less(0).notEqual(b.less(0)));
  return [opposite.where(rest.add(b), rest)];
};

const clip: Operator = (inputs, attributes) => {
  const low = inputs.optional(1) ?? attributes.number("min", undefined);
  const high = inputs.optional(2) ?? attributes.number("max", undefined);
  const x = inputs.tensor(0);
  const raised = low === undefined ? x : x.maximum(low);
  return [high === undefined ? raised : raised.minimum(high)];
};

const isInfinite: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const [positive, negative] = [x.equal(Infinity), x.equal(-Infinity)];
  const wanted = [
    ...attributes.flag("detect_positive", true) ? [positive] : [],
    ...attributes.flag("detect_negative", true) ? [negative] : [],
  ];
  return [wanted.length === 0 ? positive.and(negative) : wanted.reduce((a, b) => a.or(b))];
};

const shift: Operator = (inputs, attributes) => {
  const [a, b] = together(inputs.tensor(0), inputs.tensor(1));
  return [a.apply(attributes.text("direction", "") === "LEFT" ? "shl" : "shr", [b], {})];
};

const mean: Operator = (inputs) => [inputs.tensors().reduce((a, b) => a.add(b)).div(inputs.count)];

/** Operators by name. */
export const arithmetic: Operators = {
  Add: binary((a, b) => a.add(b)),
  Sub: binary((a, b) => a.sub(b)),
  Mul: binary((a, b) => a.mul(b)),
  Div: binary(divide),
  Pow: binary(power),
  Mod: remainder,
  BitShift: shift,
  Sum: variadic((a, b) => a.add(b)),
  Max: variadic((a, b) => a.maximum(b)),
  Min: variadic((a, b) => a.minimum(b)),
  Mean: mean,
  Neg: unary((x) => x.neg()),
  Abs: unary((x) => x.dtype === "u32" ? x : x.abs()),
  Sign: unary((x) => x.sign()),
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Sqrt: unary((x) => x.sqrt()),
  Reciprocal: unary((x) => x.reciprocal()),
  Erf: unary((x) => x.erf()),
  Floor: unary((x) => x.floor()),
  Ceil: unary((x) => x.neg().floor().neg()),
  Round: unary(round),
  Equal: binary((a, b) => a.equal(b)),
  Less: binary((a, b) => a.less(b)),
  LessOrEqual: binary((a, b) => a.lessEqual(b)),
  Greater: binary((a, b) => a.greater(b)),
  GreaterOrEqual: binary((a, b) => a.greaterEqual(b)),
  And: binary((a, b) => a.and(b)),
  Or: binary((a, b) => a.or(b)),
  Xor: binary((a, b) => a.binary("xor", b)),
  Not: unary((x) => x.logicalNot()),
  Where: (inputs) => [where(inputs.tensor(0), inputs.tensor(1), inputs.tensor(2))],
  Clip: clip,
  IsNaN: unary((x) => x.notEqual(x)),
  IsInf: isInfinite,
};
