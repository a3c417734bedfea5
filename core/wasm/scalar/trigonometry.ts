/**
 * Sine and cosine of four singles. The argument is reduced in double precision; beyond 2²⁰ by Payne and Hanek's method,
 * with 96 bits of 2/π at a time (M. H. Payne and R. N. Hanek, "Radian reduction for trigonometric functions", 1983).
 *
 * Polynomials: Cephes (S. L. Moshier, single precision).
 *
 * @module
 */

import { halves, joined, narrowed } from "./halves.ts";
import { madd, polynomial, selectLanes } from "./math.ts";
import type { CodeScope, Local } from "./code_scope.ts";

/** π/2 in two parts: the product of the first with a whole number below 2²⁰ is exact. */
const HALF_PI = [1.5707963267341256, 6.077100506506192e-11];
const LARGE = 2 ** 20;
/** 2/π in words of 64 bits, with a word of zeros before. */
const TWO_OVER_PI = [0n, 0xa2f9836e4e441529n, 0xfc2757d1f534ddc0n, 0xdb6295993c439041n, 0xfe5163abdebbc561n];

/** The sine. */
export function writeSin(m: CodeScope, x: Local): Local {
  const value = sine(m, x, 0);
  // Keeps the sign of −0.
  return selectLanes(m, m.op("f32x4.eq", [x, m.f32(0)]), [x, value]);
}

/** The cosine. */
export function writeCos(m: CodeScope, x: Local): Local {
  return sine(m, x, 1);
}

/** sin(x + quarters · π/2). */
function sine(m: CodeScope, x: Local, quarters: number): Local {
  const { rest: r, quadrant: turned } = reduce(m, x);
  const quadrant = m.op("i32x4.add", [turned, m.i32x4(quarters)]);
  const square = m.op("f32x4.mul", [r, r]);
  const odd = polynomial(m, square, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
  const sin = madd(m, [m.op("f32x4.mul", [odd, square]), r, r]);
  const even = polynomial(m, square, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
  const cos = madd(m, [even, m.op("f32x4.mul", [square, square]), madd(m, [square, m.f32(-0.5), m.f32(1)])]);
  const swapped = m.op("i32x4.eq", [m.op("v128.and", [quadrant, m.i32x4(1)]), m.i32x4(1)]);
  const sign = m.op("i32x4.shl", [m.op("v128.and", [quadrant, m.i32x4(2)]), m.i32(30)]);
  return m.op("v128.xor", [selectLanes(m, swapped, [cos, sin]), sign]);
}

function reduce(m: CodeScope, x: Local): ReducedAngle {
  const parts = halves(m, x).map((half) => {
    const n = m.op("f64x2.nearest", [m.op("f64x2.mul", [half, m.f64x2(2 / Math.PI)])]);
    const rest = HALF_PI.reduce(
      (sum, part) => m.op("f64x2.sub", [sum, m.op("f64x2.mul", [n, m.f64x2(part)])]),
      half,
    );
    return { rest, quadrant: m.op("i32x4.trunc_sat_f64x2_s_zero", [n]) };
  });
  const rest = narrowed(m, parts[0].rest, parts[1].rest);
  const quadrant = joined(m, parts[0].quadrant, parts[1].quadrant);
  const size = m.op("f32x4.abs", [x]);
  const finite = m.op("f32x4.lt", [size, m.f32(Infinity)]);
  const large = m.op("v128.and", [m.op("f32x4.ge", [size, m.f32(LARGE)]), finite]);
  m.when(m.op("v128.any_true", [large]), () => {
    for (let lane = 0; lane < 4; lane++) {
      m.when(m.op("i32x4.extract_lane", [large], lane), () => reduceLarge(m, lane, { x, rest, quadrant }));
    }
  });
  return { x, rest, quadrant };
}

/** `x = quadrant · π/2 + rest`, where the quadrant is known up to multiples of 4. */
interface ReducedAngle {
  readonly x: Local;
  readonly rest: Local;
  readonly quadrant: Local;
}

/** Reduces one lane of `x`, of at least 2²⁰, into the same lane of `rest` and `quadrant`. */
function reduceLarge(m: CodeScope, lane: number, { x, rest, quadrant }: ReducedAngle): void {
  const bits = m.op("i32x4.extract_lane", [x], lane);
  const fraction = m.op("i32.or", [m.op("i32.and", [bits, m.i32(0x7fffff)]), m.i32(0x800000)]);
  const mantissa = m.op("i64.extend_i32_u", [fraction]);
  const exponent = m.op("i32.and", [m.op("i32.shr_u", [bits, m.i32(23)]), m.i32(255)]);
  // The bits of 2/π from the one on that, times x, weighs 2 quarter turns; those before make whole turns.
  const first = m.op("i32.add", [exponent, m.i32(62 - 150)]);
  const shift = m.op("i64.extend_i32_u", [m.op("i32.and", [first, m.i32(63)])]);
  const word = m.op("i32.shr_u", [first, m.i32(6)]);
  const window = [0, 1].map((i) => wordAt(m, { word, shift }, i));
  const low = m.op("i64.mul", [mantissa, m.op("i64.shr_u", [window[1], m.i64(32n)])]);
  const turns = m.op("i64.add", [m.op("i64.mul", [mantissa, window[0]]), m.op("i64.shr_u", [low, m.i64(32n)])]);
  const quarter = m.op("i64.shr_u", [m.op("i64.add", [turns, m.i64(1n << 61n)]), m.i64(62n)]);
  const left = m.op("i64.sub", [turns, m.op("i64.shl", [quarter, m.i64(62n)])]);
  const angle = m.op("f64.mul", [m.op("f64.convert_i64_s", [left]), m.f64(Math.PI / 2 * 2 ** -62)]);
  // The rest and the quadrant of −x are those of x, negated.
  const negative = m.op("i32.shr_s", [bits, m.i32(31)]);
  const sign = m.op("i32.or", [negative, m.i32(1)]);
  const single = m.op("f32.demote_f64", [m.op("f64.mul", [angle, m.op("f64.convert_i32_s", [sign])])]);
  const quarters = m.op("i32.mul", [m.op("i32.wrap_i64", [quarter]), sign]);
  m.code.get(rest).get(single).op("f32x4.replace_lane", lane).set(rest);
  m.code.get(quadrant).get(quarters).op("i32x4.replace_lane", lane).set(quadrant);
}

/** 64 bits of 2/π, `shift` bits after the start of word `word + offset`. */
function wordAt(m: CodeScope, { word, shift }: { readonly word: Local; readonly shift: Local }, offset: number): Local {
  const [here, next] = [offset, offset + 1].map((at) => tableWord(m, word, at));
  // In two steps, as a shift by 64 would be one by 0.
  const rest = m.op("i64.shr_u", [m.op("i64.shr_u", [next, m.i64(1n)]), m.op("i64.sub", [m.i64(63n), shift])]);
  return m.op("i64.or", [m.op("i64.shl", [here, shift]), rest]);
}

function tableWord(m: CodeScope, word: Local, offset: number): Local {
  return TWO_OVER_PI.slice(offset).reduce((found, value, i) => {
    const hit = m.op("i64.extend_i32_s", [m.op("i32.sub", [m.i32(0), m.op("i32.eq", [word, m.i32(i)])])]);
    return m.op("i64.or", [found, m.op("i64.and", [hit, m.i64(value)])]);
  }, m.i64(0n));
}
