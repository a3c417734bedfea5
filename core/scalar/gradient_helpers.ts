/**
 * Gradient rules of scalar operations that take more than one line.
 *
 * @module
 */

import type { Differentiable, Gradient } from "./facts.ts";

/** Passes the cotangent to the chosen operand; equal operands get half each. */
export const toChosen =
  (first: <T extends Differentiable<T>>(a: T, b: T) => T): Gradient =>
  <T extends Differentiable<T>>(g: T, [a, b]: readonly T[]): T[] => {
    const half = g.mul(0.5);
    const tie = a.equal(b);
    const wins = first(a, b);
    const zero = g.zerosLike();
    return [tie.where(half, wins.where(g, zero)), tie.where(half, wins.where(zero, g))];
  };

/** aᵇ has the derivatives b · aᵇ⁻¹ with respect to a (0 if b = 0) and aᵇ · log a with respect to b (0 unless a > 0). */
export const ofPower: Gradient = (g, [a, b], y) => {
  const zero = g.zerosLike();
  const logarithm = a.greater(zero).where(a, a.onesLike()).log();
  return [g.mul(b.equal(zero).where(zero, b.mul(a.pow(b.sub(1))))), g.mul(y).mul(logarithm)];
};

/** Passes the cotangent to the operand that the condition chose. */
export const ofChoice: Gradient = (g, [condition]) => {
  const zero = g.zerosLike();
  return [null, condition.where(g, zero), condition.where(zero, g)];
};
