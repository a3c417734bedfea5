/**
 * Scalar expressions: what one point of a loop nest computes.
 *
 * Indices and values are the same language. Whole-number index arithmetic is kept in one normal form, `affine`
 * (Σ coefficient · term + constant), so that strides can be read off and equal indices are recognised; see `affine.ts`.
 *
 * @module
 */

import type { DType } from "../dtype.ts";

/** A loop counter: takes the values 0, 1, … extent − 1. */
export interface Variable {
  readonly kind: "variable";
  readonly dtype: "i32";
  readonly name: string;
  readonly extent: number;
}

/** A known number. */
export interface Literal {
  readonly kind: "literal";
  readonly dtype: DType;
  readonly value: number;
}

/** `constant + Σ coefficient · term`, in 32-bit integers; terms are distinct and their coefficients not 0. */
export interface Affine {
  readonly kind: "affine";
  readonly dtype: "i32";
  readonly terms: readonly (readonly [Expression, number])[];
  readonly constant: number;
}

/**
 * The element at `index` of the nest's buffer number `slot`. Where `guard` is given and false, the value is 0 (false)
 * and memory is not touched at `index`, which may then lie outside of the buffer.
 */
export interface Load {
  readonly kind: "load";
  readonly dtype: DType;
  readonly slot: number;
  readonly index: Expression;
  readonly guard?: Expression;
}

/** A scalar operation on values of the point. */
export interface Apply {
  readonly kind: "apply";
  readonly dtype: DType;
  readonly op: ScalarOp;
  readonly args: readonly Expression[];
}

/** The result of the nest's reduction number `reduction`, known once its phase is done. */
export interface Result {
  readonly kind: "result";
  readonly dtype: DType;
  readonly reduction: number;
}

/** An expression. Equal expressions made by one {@linkcode expressionTable} are the same object. */
export type Expression = Variable | Literal | Affine | Load | Apply | Result;

/**
 * The scalar operations, with the element types they work on. `compare` operations give bool. Integer `div` and `mod`
 * truncate towards zero; `shr` shifts in zeros for u32 and the sign for i32; shift counts are taken modulo 32.
 *
 * - `cast` converts the value (f32 to integers truncates, to the nearest one there is; anything to bool is `≠ 0`), `bitcast`
 *   keeps the bits.
 * - `threefry(key0, key1, counter0, counter1)` on u32 gives the exclusive or of the two words of Threefry-2x32 with 20 rounds.
 * - `pow` is exp(b · log a), with a = 0 and whole exponents of negative bases as in IEEE 754's pow.
 * - `max` and `min` give NaN where either is NaN, where the device can.
 */
export const scalarOps = {
  neg: 1,
  abs: 1,
  sign: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  sin: 1,
  cos: 1,
  tanh: 1,
  sigmoid: 1,
  erf: 1,
  floor: 1,
  not: 1,
  cast: 1,
  bitcast: 1,
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  mod: 2,
  max: 2,
  min: 2,
  pow: 2,
  lt: 2,
  le: 2,
  eq: 2,
  ne: 2,
  and: 2,
  or: 2,
  xor: 2,
  shl: 2,
  shr: 2,
  where: 3,
  threefry: 4,
} as const; // deno-fmt-ignore

/** The name of a scalar operation. */
export type ScalarOp = keyof typeof scalarOps;

/** All expressions directly inside of `expression`. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "affine":
      return expression.terms.map(([term]) => term);
    case "load":
      return expression.guard ? [expression.index, expression.guard] : [expression.index];
    case "apply":
      return expression.args;
    default:
      return [];
  }
}

/** Calls `visit` once for each distinct expression inside of `roots`, children first. */
export function walk(roots: Iterable<Expression>, visit: (expression: Expression) => void): void {
  const seen = new Set<Expression>();
  const go = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    children(expression).forEach(go);
    visit(expression);
  };
  for (const root of roots) go(root);
}
