/**
 * Transcendental functions of four singles at once: argument reduction and polynomials.
 *
 * Coefficients: Cephes (S. L. Moshier, single precision) for exp, log and tanh; erf after N. Juffa.
 *
 * @module
 */

import type { Local, Scope } from "./scope.ts";

/** `a · b + c`, rounded once where the machine can. */
export function madd(m: Scope, a: Local, b: Local, c: Local): Local {
  return m.op("f32x4.relaxed_madd", [a, b, c]);
}

/** Horner's rule; coefficients from the highest power down. */
export function polynomial(m: Scope, x: Local, [first, ...rest]: readonly number[]): Local {
  return rest.reduce((sum, coefficient) => madd(m, sum, x, m.f32(coefficient)), m.f32(first));
}

/** `mask ? a : b` in each lane. */
export function choose(m: Scope, mask: Local, a: Local, b: Local): Local {
  return m.op("v128.bitselect", [a, b, mask]);
}

function copySign(m: Scope, magnitude: Local, sign: Local): Local {
  return m.op("v128.bitselect", [sign, magnitude, m.i32x4(-0x80000000)]);
}

/** 2ⁿ for whole n from −126 to 127. */
function powerOfTwo(m: Scope, n: Local): Local {
  const biased = m.op("i32x4.add", [n, m.i32x4(127)]);
  return m.op("i32x4.shl", [biased, m.i32(23)]);
}

/** eˣ. */
export function exp(m: Scope, x: Local): Local {
  const clamped = m.op("f32x4.pmax", [m.op("f32x4.pmin", [x, m.f32(89)]), m.f32(-104)]);
  const n = m.op("f32x4.nearest", [m.op("f32x4.mul", [clamped, m.f32(Math.LOG2E)])]);
  const high = madd(m, n, m.f32(-0.693359375), clamped);
  const r = madd(m, n, m.f32(2.12194440e-4), high);
  const p = polynomial(m, r, [
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
  ]);
  const square = m.op("f32x4.mul", [r, r]);
  const y = m.op("f32x4.add", [madd(m, p, square, r), m.f32(1)]);
  // In two steps, as 2ⁿ alone overflows at n = 128 and is not normal below −126.
  const whole = m.op("i32x4.trunc_sat_f32x4_s", [n]);
  const half = m.op("i32x4.shr_s", [whole, m.i32(1)]);
  const scaled = m.op("f32x4.mul", [y, powerOfTwo(m, half)]);
  return m.op("f32x4.mul", [scaled, powerOfTwo(m, m.op("i32x4.sub", [whole, half]))]);
}

/** The natural logarithm. */
export function log(m: Scope, x: Local): Local {
  const tiny = m.op("f32x4.lt", [x, m.f32(2 ** -126)]);
  const normal = choose(m, tiny, m.op("f32x4.mul", [x, m.f32(2 ** 23)]), x);
  const shifted = m.op("i32x4.sub", [normal, m.i32x4(0x3f3504f3)]);
  const exponent = m.op("i32x4.shr_s", [shifted, m.i32(23)]);
  const mantissa = m.op("i32x4.sub", [normal, m.op("i32x4.shl", [exponent, m.i32(23)])]);
  const adjusted = m.op("i32x4.sub", [exponent, m.op("v128.and", [tiny, m.i32x4(23)])]);
  const e = m.op("f32x4.convert_i32x4_s", [adjusted]);
  const z = m.op("f32x4.sub", [mantissa, m.f32(1)]);
  const square = m.op("f32x4.mul", [z, z]);
  const p = polynomial(m, z, [
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  ]);
  const cubic = m.op("f32x4.mul", [m.op("f32x4.mul", [z, square]), p]);
  const low = madd(m, square, m.f32(-0.5), madd(m, e, m.f32(-2.12194440e-4), cubic));
  const finite = madd(m, e, m.f32(0.693359375), m.op("f32x4.add", [z, low]));
  const infinite = choose(m, m.op("f32x4.eq", [x, m.f32(Infinity)]), m.f32(Infinity), finite);
  const zero = choose(m, m.op("f32x4.eq", [x, m.f32(0)]), m.f32(-Infinity), infinite);
  return choose(m, m.op("f32x4.ge", [x, m.f32(0)]), zero, m.f32(NaN));
}

/** The hyperbolic tangent. */
export function tanh(m: Scope, x: Local): Local {
  const size = m.op("f32x4.abs", [x]);
  const grown = m.op("f32x4.add", [exp(m, m.op("f32x4.add", [size, size])), m.f32(1)]);
  const far = m.op("f32x4.sub", [m.f32(1), m.op("f32x4.div", [m.f32(2), grown])]);
  const square = m.op("f32x4.mul", [x, x]);
  const p = polynomial(m, square, [
    -5.70498872745e-3,
    2.06390887954e-2,
    -5.37397155531e-2,
    1.33314422036e-1,
    -3.33332819422e-1,
  ]);
  const near = madd(m, m.op("f32x4.mul", [p, square]), size, size);
  return copySign(m, choose(m, m.op("f32x4.lt", [size, m.f32(0.625)]), near, far), x);
}

/** 1 / (1 + e⁻ˣ), by the exponential of −|x| so that nothing overflows. */
export function sigmoid(m: Scope, x: Local): Local {
  const e = exp(m, m.op("f32x4.neg", [m.op("f32x4.abs", [x])]));
  const negative = m.op("f32x4.lt", [x, m.f32(0)]);
  const one = m.f32(1);
  const sum = m.op("f32x4.add", [e, one]);
  const quotient = m.op("f32x4.div", [choose(m, negative, e, one), sum]);
  // What rounding took from 1 + e, divided by it: without this the error would be above 2 units of the last place.
  const lost = m.op("f32x4.sub", [e, m.op("f32x4.sub", [sum, one])]);
  const inverse = choose(m, negative, m.op("f32x4.sub", [one, quotient]), quotient);
  return m.op("f32x4.relaxed_nmadd", [quotient, m.op("f32x4.mul", [lost, inverse]), quotient]);
}

/** The error function. */
export function erf(m: Scope, x: Local): Local {
  const t = m.op("f32x4.abs", [x]);
  const square = m.op("f32x4.mul", [x, x]);
  const high = polynomial(m, t, [-1.72853470e-5, 3.83197126e-4]);
  const middle = polynomial(m, t, [-3.88396438e-3, 2.42546219e-2]);
  const start = madd(m, high, square, middle);
  const rest = [-1.06777877e-1, -6.34846687e-1, -1.28717512e-1]
    .reduce((sum, coefficient) => madd(m, sum, t, m.f32(coefficient)), start);
  const exponent = m.op("f32x4.sub", [m.op("f32x4.mul", [rest, t]), t]);
  const far = m.op("f32x4.sub", [m.f32(1), exp(m, exponent)]);
  const p = polynomial(m, square, [
    -5.96761703e-4,
    4.99119423e-3,
    -2.67681349e-2,
    1.12819925e-1,
    -3.76125336e-1,
    1.28379166e-1,
  ]);
  const near = madd(m, p, t, t);
  // Beyond 4 the result is 1 in single precision, and the polynomial no longer holds.
  const one = choose(m, m.op("f32x4.ge", [t, m.f32(4)]), m.f32(1), far);
  return copySign(m, choose(m, m.op("f32x4.gt", [t, m.f32(0.927734375)]), one, near), x);
}
