/**
 * Circular and hyperbolic functions and their inverses.
 *
 * @module
 */

import { expm1, log1p, type Tensor, where } from "../../../core/mod.ts";
import type { Operators } from "../operator.ts";
import { unary } from "./arithmetic.ts";

/** Coefficients of x³, x⁵, … of atan x for |x| ≤ tan π/8. Source: Stephen Moshier, Cephes, `atanf`. */
const arctangentSeries = [-3.33329491539e-1, 1.99777106478e-1, -1.38776856032e-1, 8.05374449538e-2];

/** atan x, by the angle to the nearest of 0, π/4 and π/2. */
function arctangent(x: Tensor): Tensor {
  const size = x.abs();
  const steep = size.greater(Math.tan(3 * Math.PI / 8));
  const middle = size.greater(Math.tan(Math.PI / 8));
  const rest = where(steep, size.reciprocal().neg(), where(middle, size.sub(1).div(size.add(1)), size));
  const square = rest.square();
  const series = arctangentSeries.reduceRight(
    (sum, coefficient) => sum.mul(square).add(coefficient),
    square.zerosLike(),
  );
  const base = where(steep, Math.PI / 2, where(middle, Math.PI / 4, 0));
  return x.sign().mul(base.add(rest.mul(square).mul(series).add(rest)));
}

/** The leg of the right triangle with hypotenuse 1 and the other leg x. */
const leg = (x: Tensor): Tensor => x.neg().add(1).mul(x.add(1)).sqrt();

/** sinh |x| = m / 2 · (1 + 1 / (m + 1)) with m = e^|x| − 1, which loses nothing near 0. */
function hyperbolicSine(x: Tensor): Tensor {
  const most = expm1(x.abs());
  return x.sign().mul(most.mul(0.5)).mul(most.add(1).reciprocal().add(1));
}

/** log(1 + x), without loss of digits for small x ≥ 0. */
const logarithmOfMore = (x: Tensor): Tensor =>
  where(x.greaterEqual(0).and(x.less(1)), log1p(x.maximum(0).minimum(1)), x.add(1).log());

/** asinh |x| = log(1 + |x| + x² / (1 + √(x² + 1))), which loses nothing near 0. */
function inverseHyperbolicSine(x: Tensor): Tensor {
  const size = x.abs();
  const more = size.add(x.square().div(x.square().add(1).sqrt().add(1)));
  return x.sign().mul(logarithmOfMore(more));
}

/** atanh |x| = log(1 + 2 |x| / (1 − |x|)) / 2, which loses nothing near 0. */
function inverseHyperbolicTangent(x: Tensor): Tensor {
  const size = x.abs();
  return x.sign().mul(logarithmOfMore(size.mul(2).div(size.neg().add(1)))).mul(0.5);
}

/** Operators by name. */
export const trigonometry: Operators = {
  Sin: unary((x) => x.sin()),
  Cos: unary((x) => x.cos()),
  Tan: unary((x) => x.sin().div(x.cos())),
  Asin: unary((x) => arctangent(x.div(leg(x)))),
  Acos: unary((x) => arctangent(x.neg().add(1).div(x.add(1)).sqrt()).mul(2)),
  Atan: unary(arctangent),
  Sinh: unary(hyperbolicSine),
  Cosh: unary((x) => x.exp().add(x.neg().exp()).mul(0.5)),
  Asinh: unary(inverseHyperbolicSine),
  Acosh: unary((x) => x.add(x.sub(1).sqrt().mul(x.add(1).sqrt())).log()),
  Atanh: unary(inverseHyperbolicTangent),
};
