/**
 * Elementwise arithmetic of operands that may differ in shape and element type.
 *
 * @module
 */

import { type DType, isFloat, promote, roundTo } from "../dtype.ts";
import { converted } from "./converted.ts";
import { broadcastTo } from "./movement.ts";
import { operandKind } from "../options/kinds.ts";
import { checkArgument, checkArguments } from "../options/read.ts";
import { oneOf } from "../options/values.ts";
import { isComputedNow } from "../runtime.ts";
import { type BinaryOp, binaryOps } from "../scalar/operations.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor, TensorLike } from "../tensor.ts";

const binaryName = oneOf(binaryOps);

const floats = new Set<BinaryOp>(["div", "pow"]);

function dtypeWith(dtype: DType, value: number): DType {
  const number = dtype === "bool" ? "i32" : dtype;
  return roundTo(number, value) === value ? number : "f32";
}

/**
 * Returns both operands with one element type and one shape. A number takes the tensor's element type if that can hold
 * it.
 */
function matched(op: BinaryOp, a: Tensor, b: TensorLike): [Tensor, Tensor] {
  let dtype = typeof b === "number" ? dtypeWith(a.dtype, b) : promote(a.dtype, b.dtype);
  if (floats.has(op)) dtype = "f32";
  // A number in the other operand's shape needs no view, but compiled functions keep it a scalar.
  const other = typeof b === "number" ? (isComputedNow(a.node) ? a.fullLike(b, dtype) : a.scalar(b, dtype)) : b;
  const shape = broadcastShapes(a.shape, other.shape, op);
  return [broadcastTo(converted(a, dtype), shape), broadcastTo(converted(other, dtype), shape)];
}

/** Refuses a name that is not a binary operation. */
export function checkBinary(op: BinaryOp): BinaryOp {
  return checkArgument("apply an operation to two operands", op, binaryName);
}

/** `op(a, b)` with broadcasting and promotion. */
export function binary(op: BinaryOp, a: Tensor, b: TensorLike): Tensor {
  checkArguments(op, { x: a, y: b }, operandKind);
  const [left, right] = matched(op, a, b);
  return left.apply(op, [right], {});
}

/** `op(b, a)`: x > y is y < x, also if either is NaN. */
export function reversed(op: BinaryOp, a: Tensor, b: TensorLike): Tensor {
  checkArguments(op, { x: a, y: b }, operandKind);
  const [left, right] = matched(op, a, b);
  return right.apply(op, [left], {});
}

/** Whether a whole number is raised to a natural number, so that the power is a whole number too. */
function isWhole(a: Tensor, b: TensorLike): b is number {
  return typeof b === "number" && Number.isInteger(b) && b > 0 && (a.dtype === "i32" || a.dtype === "u32");
}

/** A power with a positive whole exponent, by repeated squaring. */
function product(base: Tensor, exponent: number): Tensor {
  if (exponent === 1) return base;
  const half = product(base, Math.floor(exponent / 2));
  const even = half.mul(half);
  return exponent % 2 === 1 ? even.mul(base) : even;
}

/**
 * `a` to the power of `b`, computed by multiplications if `b` is a small whole number. Natural powers of whole numbers
 * keep their element type, and wrap around.
 */
export function power(a: Tensor, b: TensorLike): Tensor {
  checkArguments("take a power", { exponent: b }, operandKind);
  switch (b) {
    case 0:
      return a.onesLike();
    case 1:
      return a;
    case 2:
      return a.mul(a);
    case 3:
      return a.mul(a).mul(a);
    case 0.5:
      return a.sqrt();
    case -1:
      return a.reciprocal();
    default:
      return isWhole(a, b) ? product(a, b) : binary("pow", a, b);
  }
}

/** Rounds toward zero: floor for positive numbers, ceiling for negative ones. */
export function truncate(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x.sign().mul(x.abs().floor()) : x;
}

/** Elements of `a` where the condition holds, of `b` elsewhere. */
export function choose(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  checkArguments("choose elements", { yes: a, no: b }, operandKind);
  const tensors = [a, b].filter((x): x is Tensor => typeof x !== "number");
  const numbers = [a, b].filter((x): x is number => typeof x === "number");
  let dtype = tensors.map((x) => x.dtype).reduce(promote, "bool");
  for (const value of numbers) dtype = tensors.length ? dtypeWith(dtype, value) : "f32";
  const [left, right] = [a, b].map((x) => typeof x === "number" ? condition.scalar(x, dtype) : converted(x, dtype));
  const shape = [left, right].reduce((all, x) => broadcastShapes(all, x.shape, "choose between"), condition.shape);
  const [chosen, yes, no] = [converted(condition, "bool"), left, right].map((x) => broadcastTo(x, shape));
  return chosen.apply("where", [yes, no], {});
}
