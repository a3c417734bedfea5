/**
 * Gradient rules of scalar operations that take more than one line.
 *
 * @module
 */

import type { Differentiable, Gradient } from "./facts.ts";

/**
 * Passes the cotangent to the chosen operand; equal operands get half each. If an operand is NaN, so is the result, and
 * both operands get the whole cotangent, as in PyTorch.
 */
export const toChosen =
  (isChosen: <T extends Differentiable<T>>(a: T, b: T) => T): Gradient =>
  <T extends Differentiable<T>>(g: T, [a, b]: readonly T[]): T[] => {
    const half = g.mul(0.5);
    const tie = a.equal(b);
    const zero = g.zerosLike();
    return [tie.where(half, isChosen(b, a).where(zero, g)), tie.where(half, isChosen(a, b).where(zero, g))];
  };

/** The smallest number whose reciprocal is finite in single precision, rounded up to a power of 2. */
const SMALLEST = 2 ** -126;

/**
 * aᵇ has the derivatives b · aᵇ⁻¹ with respect to a, which is 0 if b is 0, and aᵇ · log a with respect to b, which is 0
 * if a is 0 and b is not negative. The latter is NaN if a is negative, because then aᵇ is a number only for whole b.
 */
export const ofPower: Gradient = (g, [a, b], y) => {
  const [zero, one] = [a.zerosLike(), a.onesLike()];
  // The reciprocal and the logarithm of 0 would be infinite there, and their products with 0 would be NaN.
  const invertible = a.less(-SMALLEST).where(a, a.greater(SMALLEST).where(a, one));
  const base = b.equal(zero).where(invertible, a);
  const argument = a.equal(zero).where(b.less(zero).where(a, one), a);
  return [g.mul(b.mul(base.pow(b.sub(1)))), g.mul(y).mul(argument.log())];
};

/**
 * The remainder y = a − n · b has the derivatives 1 and −n. The whole number n is computed from y, because the rounded
 * quotient a / b may be a whole number although the exact one is below it.
 */
export const ofRemainder: Gradient = (g, [a, b], y) => {
  const quotient = a.sub(y).div(b);
  const whole = quotient.add(quotient.sign().mul(0.5)).trunc();
  return [g, g.mul(whole).neg()];
};

/** Passes the cotangent to the operand that the condition chose. */
export const ofChoice: Gradient = (g, [condition]) => {
  const zero = g.zerosLike();
  return [null, condition.where(g, zero), condition.where(zero, g)];
};
