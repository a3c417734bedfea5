/**
 * Powers and remainders of four singles, computed with doubles.
 *
 * @module
 */

import { bytesOfLanes } from "../encode/lanes.ts";
import { halves, narrowed } from "./halves.ts";
import { selectLanes } from "./math.ts";
import type { CodeScope, Local } from "./code_scope.ts";

const SQRT_HALF_BITS = 0x3fe6a09e667f3bcdn;
const EXPONENT_SHIFT = 52;
/** 2^±200 is far outside the range of singles, and far inside that of doubles. */
const LARGEST_EXPONENT = 200;

/** The largest single. An exponent of this size has the same effect as infinity, but its product with log 1 is 0. */
const LARGEST = 2 ** 128 - 2 ** 104;

/** aᵇ as defined by IEEE 754. */
export function writePow(m: CodeScope, a: Local, exponent: Local): Local {
  const b = m.op("f32x4.pmin", [m.op("f32x4.pmax", [exponent, m.f32(-LARGEST)]), m.f32(LARGEST)]);
  const bases = halves(m, m.op("f32x4.abs", [a]));
  const exponents = halves(m, b);
  const [low, high] = bases.map((base, i) => exp2(m, m.op("f64x2.mul", [exponents[i], log2(m, base)])));
  const size = narrowed(m, low, high);
  const whole = m.op("f32x4.eq", [m.op("f32x4.nearest", [b]), b]);
  const half = m.op("f32x4.mul", [b, m.f32(0.5)]);
  const odd = m.op("v128.andnot", [whole, m.op("f32x4.eq", [m.op("f32x4.nearest", [half]), half])]);
  const sign = m.op("v128.and", [m.op("v128.and", [a, odd]), m.i32x4(-0x80000000)]);
  const finite = m.op("f32x4.gt", [a, m.f32(-Infinity)]);
  const negative = m.op("v128.and", [m.op("f32x4.lt", [a, m.f32(0)]), finite]);
  const unreal = m.op("v128.andnot", [negative, whole]);
  const signed = selectLanes(m, unreal, [m.f32(NaN), m.op("v128.or", [size, sign])]);
  const one = m.op("v128.or", [m.op("f32x4.eq", [b, m.f32(0)]), m.op("f32x4.eq", [a, m.f32(1)])]);
  return selectLanes(m, one, [m.f32(1), signed]);
}

function horner(m: CodeScope, x: Local, [first, ...rest]: readonly number[]): Local {
  return rest.reduce((sum, c) => m.op("f64x2.add", [m.op("f64x2.mul", [sum, x]), m.f64x2(c)]), m.f64x2(first));
}

/** The binary logarithm of non-negative doubles: the exponent plus 2·artanh((m − 1)/(m + 1)) / ln 2 for mantissa m. */
function log2(m: CodeScope, x: Local): Local {
  const sqrtHalf = m.op("i64x2.sub", [x, pairOf(m, SQRT_HALF_BITS)]);
  const exponent = m.op("i64x2.shr_s", [sqrtHalf, m.i32(EXPONENT_SHIFT)]);
  const mantissa = m.op("i64x2.sub", [x, m.op("i64x2.shl", [exponent, m.i32(EXPONENT_SHIFT)])]);
  const words = m.op("i8x16.shuffle", [exponent, exponent], ...bytesOfLanes(0, 2, 0, 2));
  const e = m.op("f64x2.convert_low_i32x4_s", [words]);
  const one = m.f64x2(1);
  const s = m.op("f64x2.div", [m.op("f64x2.sub", [mantissa, one]), m.op("f64x2.add", [mantissa, one])]);
  const series = horner(m, m.op("f64x2.mul", [s, s]), [17, 15, 13, 11, 9, 7, 5, 3, 1].map((n) => 2 * Math.LOG2E / n));
  const finite = m.op("f64x2.add", [e, m.op("f64x2.mul", [s, series])]);
  const zero = selectLanes(m, m.op("f64x2.eq", [x, m.f64x2(0)]), [m.f64x2(-Infinity), finite]);
  const infinite = selectLanes(m, m.op("f64x2.eq", [x, m.f64x2(Infinity)]), [x, zero]);
  return selectLanes(m, m.op("f64x2.ne", [x, x]), [x, infinite]);
}

/** 2ˣ of doubles, correct if the result is in the range of singles. */
function exp2(m: CodeScope, x: Local): Local {
  const low = m.op("f64x2.max", [x, m.f64x2(-LARGEST_EXPONENT)]);
  const clamped = m.op("f64x2.min", [low, m.f64x2(LARGEST_EXPONENT)]);
  const n = m.op("f64x2.nearest", [clamped]);
  const r = m.op("f64x2.mul", [m.op("f64x2.sub", [clamped, n]), m.f64x2(Math.LN2)]);
  const coefficients = [1, 1];
  for (let i = 2; i <= 10; i++) coefficients.unshift(coefficients[0] / i);
  const value = horner(m, r, coefficients);
  const words = m.op("i32x4.shl", [m.op("i32x4.trunc_sat_f64x2_s_zero", [n]), m.i32(EXPONENT_SHIFT - 32)]);
  const zero = m.i32x4(0);
  return m.op("i64x2.add", [value, m.op("i8x16.shuffle", [words, zero], ...bytesOfLanes(4, 0, 4, 1))]);
}

function pairOf(m: CodeScope, bits: bigint): Local {
  const words = [Number(bits & 0xffffffffn), Number(bits >> 32n)] as const;
  return m.i32x4(words[0], words[1], words[0], words[1]);
}

/** The exact remainder of a / b with the sign of a. */
export function writeRemainder(m: CodeScope, a: Local, b: Local): Local {
  const result = m.local("v128");
  m.code.get(a).set(result);
  const [sizes, divisors] = [a, b].map((x) => halves(m, m.op("f32x4.abs", [x])));
  for (let lane = 0; lane < 4; lane++) {
    const [size, divisor] = [sizes, divisors].map((pair) => m.op("f64x2.extract_lane", [pair[lane >> 1]], lane & 1));
    const rest = remainderOf(m, size, divisor);
    m.code.get(result).get(rest).op("f32.demote_f64").op("f32x4.replace_lane", lane).set(result);
  }
  const signed = m.op("v128.bitselect", [a, result, m.i32x4(-0x80000000)]);
  const defined = m.op("v128.and", [
    m.op("f32x4.lt", [m.op("f32x4.abs", [a]), m.f32(Infinity)]),
    m.op("f32x4.gt", [m.op("f32x4.abs", [b]), m.f32(0)]),
  ]);
  return selectLanes(m, defined, [signed, m.f32(NaN)]);
}

/** Subtracts multiples of `divisor · 2ᵏ` until the rest is smaller. Quotients of at most 25 bits are exact. */
function remainderOf(m: CodeScope, size: Local, divisor: Local): Local {
  const rest = m.local("f64");
  m.code.get(size).set(rest);
  const exponentOf = (x: Local): Local => m.op("i64.shr_u", [m.op("i64.reinterpret_f64", [x]), m.i64(52n)]);
  const goesOn = (): void => {
    m.code.get(rest).get(divisor).op("f64.ge").get(rest).get(m.f64(Infinity)).op("f64.lt").op("i32.and");
    m.code.get(divisor).get(m.f64(0)).op("f64.gt").op("i32.and");
  };
  goesOn();
  m.code.if().loop();
  const distance = m.op("i32.wrap_i64", [m.op("i64.sub", [exponentOf(rest), exponentOf(divisor)])]);
  const beyond = m.op("i32.sub", [distance, m.i32(24)]);
  const scale = m.op("select", [beyond, m.i32(0), m.op("i32.gt_s", [beyond, m.i32(0)])]);
  const shift = m.op("i64.shl", [m.op("i64.extend_i32_s", [scale]), m.i64(52n)]);
  const bits = m.op("i64.add", [m.op("i64.reinterpret_f64", [divisor]), shift]);
  const multiple = m.op("f64.reinterpret_i64", [bits]);
  const quotient = m.op("f64.trunc", [m.op("f64.div", [rest, multiple])]);
  m.code.get(rest).get(quotient).get(multiple).op("f64.mul").op("f64.sub").set(rest);
  goesOn();
  m.code.op("br_if", 0).end().end();
  return rest;
}
