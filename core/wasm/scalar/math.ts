/**
 * Transcendental functions of four singles at once: argument reduction and polynomials.
 *
 * Coefficients: minimax for exp and tanh, with the first ones exact; Cephes (S. L. Moshier, single precision) for log; erf
 * after N. Juffa.
 *
 * @module
 */

import type { CodeScope, Local } from "./code_scope.ts";

/** `a · b + c`, rounded once where the machine can. */
export function madd(m: CodeScope, factorsAndTerm: readonly [a: Local, b: Local, c: Local]): Local {
  return m.op("f32x4.relaxed_madd", factorsAndTerm);
}

/** Horner's rule; coefficients from the highest power down. */
export function polynomial(m: CodeScope, x: Local, coefficients: readonly number[]): Local {
  return coefficients.map((one) => m.f32(one)).reduce((sum, coefficient) => madd(m, [sum, x, coefficient]));
}

/** `mask ? a : b` in each lane; all bits of a lane's mask are the same. */
export function selectLanes(m: CodeScope, mask: Local, [a, b]: readonly [Local, Local]): Local {
  return m.op("i32x4.relaxed_laneselect", [a, b, mask]);
}

function copySign(m: CodeScope, magnitude: Local, sign: Local): Local {
  return m.op("v128.bitselect", [sign, magnitude, m.i32x4(-0x80000000)]);
}

/** 3/2 · 2²³: a single of this size has no fraction, so adding it rounds, and the whole number lies in the lowest bits. */
const ROUNDING = 1.5 * 2 ** 23;
const EXPONENT_BITS = 23;
const EXPONENT_BIAS = 127;
/** ln 2 in two parts, of which the first times a small whole number is exact. */
const LN2 = [0.693359375, -2.12194440e-4] as const;

/** A whole number in the exponent's place, and the rest. */
interface Reduced {
  /** `rounded + bias` in the lowest bits. */
  readonly bits: Local;
  readonly rest: Local;
}

/** `x = n · ln 2 / scale + rest` with a whole number n. */
function reduce(m: CodeScope, x: Local, { scale, bias }: { readonly scale: number; readonly bias: number }): Reduced {
  const magic = m.f32(ROUNDING + bias);
  const bits = madd(m, [x, m.f32(scale * Math.LOG2E), magic]);
  const n = m.op("f32x4.sub", [bits, magic]);
  const rest = LN2.reduce((rest, part) => madd(m, [n, m.f32(-part / scale), rest]), x);
  return { bits, rest };
}

/**
 * A polynomial of degree 4, its coefficients from the lowest power up; the terms are paired, so that fewer operations
 * wait for each other than with Horner's rule.
 */
function quartic(m: CodeScope, [x, square]: readonly [Local, Local], coefficients: readonly number[]): Local {
  const [c0, c1, c2, c3, c4] = coefficients;
  const low = madd(m, [x, m.f32(c1), m.f32(c0)]);
  const high = madd(m, [square, m.f32(c4), madd(m, [x, m.f32(c3), m.f32(c2)])]);
  return madd(m, [high, square, low]);
}

/** eʳ for |r| ≤ ln 2 / 2; the polynomial's relative error is 3e-9. */
function expOfRest(m: CodeScope, r: Local): Local {
  const coefficients = [4.9999994040e-1, 1.6666521132e-1, 4.1668388993e-2, 8.3687249571e-3, 1.3814580161e-3];
  const p = quartic(m, [r, m.op("f32x4.mul", [r, r])], coefficients);
  const one = m.f32(1);
  return madd(m, [madd(m, [p, r, one]), r, one]);
}

const toExponent = (m: CodeScope, bits: Local): Local => m.op("i32x4.shl", [bits, m.i32(EXPONENT_BITS)]);

/** eˣ. */
export function writeExp(m: CodeScope, x: Local): Local {
  const clamped = m.op("f32x4.pmax", [m.op("f32x4.pmin", [x, m.f32(89)]), m.f32(-104)]);
  // In two steps, as 2ⁿ alone overflows at n = 128 and is not normal below −126; each has half of the bias.
  const { bits, rest } = reduce(m, clamped, { scale: 1, bias: 2 * EXPONENT_BIAS });
  const half = toExponent(m, m.op("i32x4.shr_s", [bits, m.i32(1)]));
  const other = m.op("i32x4.sub", [toExponent(m, bits), half]);
  return m.op("f32x4.mul", [m.op("f32x4.mul", [expOfRest(m, rest), half]), other]);
}

/** By how many bits the exponential of a negative number is kept larger while it might be too small to be normal. */
const LIFT = 24;

/** eˣ of numbers that are not positive. */
function expOfNegative(m: CodeScope, x: Local): Local {
  const { bits, rest } = reduce(m, m.op("f32x4.pmax", [x, m.f32(-104)]), { scale: 1, bias: EXPONENT_BIAS + LIFT });
  const lifted = m.op("f32x4.mul", [expOfRest(m, rest), toExponent(m, bits)]);
  return m.op("f32x4.mul", [lifted, m.f32(2 ** -LIFT)]);
}

/** The natural logarithm. */
export function writeLog(m: CodeScope, x: Local): Local {
  const tiny = m.op("f32x4.lt", [x, m.f32(2 ** -126)]);
  const normal = selectLanes(m, tiny, [m.op("f32x4.mul", [x, m.f32(2 ** 23)]), x]);
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
  const low = madd(m, [square, m.f32(-0.5), madd(m, [e, m.f32(-2.12194440e-4), cubic])]);
  const finite = madd(m, [e, m.f32(0.693359375), m.op("f32x4.add", [z, low])]);
  const infinite = selectLanes(m, m.op("f32x4.eq", [x, m.f32(Infinity)]), [m.f32(Infinity), finite]);
  const zero = selectLanes(m, m.op("f32x4.eq", [x, m.f32(0)]), [m.f32(-Infinity), infinite]);
  return selectLanes(m, m.op("f32x4.ge", [x, m.f32(0)]), [zero, m.f32(NaN)]);
}

/**
 * The hyperbolic tangent: (1 − e) / (1 + e) with e = exp(−2|x|).
 *
 * With 2|x| = −n · ln 2 + 2r and s = 2ⁿ, q = 1 − exp(−2r) gives both 1 − e = s · q + (1 − s) and e = s − s · q without
 * cancellation, also where x is small.
 */
export function writeTanh(m: CodeScope, x: Local): Local {
  const size = m.op("f32x4.pmin", [m.op("f32x4.abs", [x]), m.f32(10)]);
  const one = m.f32(1);
  const { bits, rest: r } = reduce(m, size, { scale: -2, bias: EXPONENT_BIAS });
  const square = m.op("f32x4.mul", [r, r]);
  const p = quartic(m, [r, square], [-1.9999998808, 1.3333234787, -6.6667521000e-1, 2.6772892475e-1, -8.8848128915e-2]);
  const q = madd(m, [p, square, m.op("f32x4.add", [r, r])]);
  const s = toExponent(m, bits);
  const above = madd(m, [q, s, m.op("f32x4.sub", [one, s])]);
  const e = m.op("f32x4.relaxed_nmadd", [q, s, s]);
  const quotient = m.op("f32x4.div", [above, m.op("f32x4.add", [e, one])]);
  // What rounding took, divided by 1 + e: without this the error would be above 2 units of the last place.
  const lost = m.op("f32x4.relaxed_nmadd", [quotient, e, m.op("f32x4.sub", [above, quotient])]);
  const inverse = madd(m, [quotient, m.f32(0.5), m.f32(0.5)]);
  return copySign(m, madd(m, [lost, inverse, quotient]), x);
}

/** 1 / (1 + e⁻ˣ), by the exponential of −|x| so that nothing overflows. */
export function writeSigmoid(m: CodeScope, x: Local): Local {
  const e = expOfNegative(m, m.op("f32x4.neg", [m.op("f32x4.abs", [x])]));
  const one = m.f32(1);
  const negative = m.op("i32x4.shr_s", [x, m.i32(31)]);
  const sum = m.op("f32x4.add", [e, one]);
  const quotient = m.op("f32x4.div", [selectLanes(m, negative, [e, one]), sum]);
  // What rounding took from 1 + e, divided by it where x is negative: without this the error would be above 2 units of
  // the last place. Where x is positive it matters less, and part of it is enough.
  const lost = m.op("f32x4.sub", [e, m.op("f32x4.sub", [sum, one])]);
  const inverse = m.op("f32x4.sub", [one, quotient]);
  return m.op("f32x4.relaxed_nmadd", [m.op("f32x4.mul", [quotient, lost]), inverse, quotient]);
}

/** The error function. */
export function writeErf(m: CodeScope, x: Local): Local {
  const t = m.op("f32x4.abs", [x]);
  const square = m.op("f32x4.mul", [x, x]);
  const high = polynomial(m, t, [-1.72853470e-5, 3.83197126e-4]);
  const middle = polynomial(m, t, [-3.88396438e-3, 2.42546219e-2]);
  const start = madd(m, [high, square, middle]);
  const rest = [-1.06777877e-1, -6.34846687e-1, -1.28717512e-1]
    .reduce((sum, coefficient) => madd(m, [sum, t, m.f32(coefficient)]), start);
  const exponent = m.op("f32x4.sub", [m.op("f32x4.mul", [rest, t]), t]);
  const far = m.op("f32x4.sub", [m.f32(1), writeExp(m, exponent)]);
  const p = polynomial(m, square, [
    -5.96761703e-4,
    4.99119423e-3,
    -2.67681349e-2,
    1.12819925e-1,
    -3.76125336e-1,
    1.28379166e-1,
  ]);
  const near = madd(m, [p, t, t]);
  // Beyond 4 the result is 1 in single precision, and the polynomial no longer holds.
  const one = selectLanes(m, m.op("f32x4.ge", [t, m.f32(4)]), [m.f32(1), far]);
  return copySign(m, selectLanes(m, m.op("f32x4.gt", [t, m.f32(0.927734375)]), [one, near]), x);
}
