/**
 * WGSL functions for scalar operations whose built-in forms are missing, too inexact, or may ignore NaN and infinity.
 *
 * The polynomials for exp, log, sin, cos and tanh are those of the Cephes library (Moshier, 1989), accurate to about
 * one unit in the last place. erf is a rational minimax approximation with an error below 2e-7. From 2¹¹ on, angles are
 * reduced by Payne and Hanek's method with 96 bits of 2/π, and remainders are computed in integers.
 *
 * @module
 */

import { THREEFRY_PARITY, threefryGroups } from "../../scalar/threefry.ts";

/** The name of a function that generated code may call. */
export type MathFunction = keyof typeof functions;

interface MathText {
  readonly uses?: readonly string[];
  readonly text: string;
}

function threefryText(): string {
  const parity = `0x${THREEFRY_PARITY.toString(16)}u`;
  const lines = [`let key2 = key0 ^ key1 ^ ${parity};`, "var x0 = counter0 + key0;", "var x1 = counter1 + key1;"];
  for (const { rotations, keys, number } of threefryGroups) {
    for (const count of rotations) {
      lines.push("x0 = x0 + x1;", `x1 = ((x1 << ${count}u) | (x1 >> ${32 - count}u)) ^ x0;`);
    }
    lines.push(`x0 = x0 + key${keys[0]};`, `x1 = x1 + key${keys[1]} + ${number}u;`);
  }
  return `fn threefry(key0: u32, key1: u32, counter0: u32, counter1: u32) -> u32 {
  ${lines.join("\n  ")}
  return x0 ^ x1;
}`;
}

const polynomial = (variable: string, coefficients: readonly string[]): string =>
  coefficients.slice(1).reduce((inner, coefficient) => `fma(${inner}, ${variable}, ${coefficient})`, coefficients[0]);

const reduceAngle = `let angle = reduce_angle(x);
  let r = angle.rest;
  let z = r * r;
  let quarter = angle.quarter;
  let s = fma(${polynomial("z", ["-1.9515295891e-4f", "8.3321608736e-3f", "-1.6666654611e-1f"])} * z, r, r);
  let c = fma(${
  polynomial("z", ["2.443315711809948e-5f", "-1.388731625493765e-3f", "4.166664568298827e-2f"])
} * z, z, fma(z, -0.5f, 1.0f));`;

const functions = {
  bits_f32: { text: "fn bits_f32(bits: u32) -> f32 { return bitcast<f32>(bits); }" },
  opaque_i32: { text: "fn opaque_i32(value: i32) -> i32 { return value; }" },
  opaque_u32: { text: "fn opaque_u32(value: u32) -> u32 { return value; }" },
  is_nan: { text: "fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }" },
  maximum: {
    uses: ["is_nan"],
    text: "fn maximum(a: f32, b: f32) -> f32 { return select(b, a, a > b || is_nan(a)); }",
  },
  minimum: {
    uses: ["is_nan"],
    text: "fn minimum(a: f32, b: f32) -> f32 { return select(b, a, a < b || is_nan(a)); }",
  },
  above: {
    uses: ["is_nan"],
    text: "fn above(a: f32, b: f32) -> bool { return a > b || (is_nan(a) && !is_nan(b)); }",
  },
  below: {
    uses: ["is_nan"],
    text: "fn below(a: f32, b: f32) -> bool { return a < b || (is_nan(a) && !is_nan(b)); }",
  },
  exponential: {
    uses: ["is_nan"],
    text: `fn exponential(x: f32) -> f32 {
  let bounded = clamp(x, -104.0f, 89.0f);
  let n = round(bounded * 1.44269504f);
  let whole = i32(n);
  // Two forms of the same number, so that the two products are not joined into one that rounds.
  let r = fma(f32(whole), 2.12194440e-4f, fma(n, -0.693359375f, bounded));
  let p = ${
      polynomial("r", [
        "1.9875691500e-4f",
        "1.3981999507e-3f",
        "8.3334519073e-3f",
        "4.1665795894e-2f",
        "1.6666665459e-1f",
        "5.0000001201e-1f",
      ])
    };
  let y = fma(p * r, r, r) + 1.0f;
  let half = whole >> 1u;
  let scaled = y * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((whole - half + 127) << 23u);
  return select(scaled, x, is_nan(x));
}`,
  },
  logarithm: {
    uses: ["is_nan", "bits_f32"],
    text: `fn logarithm(x: f32) -> f32 {
  let subnormal = x < 1.17549435e-38f;
  let bits = bitcast<u32>(select(x, x * 8388608.0f, subnormal));
  let mantissa = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  let low = mantissa < 0.70710678f;
  let exponent = f32(i32(bits >> 23u) - select(126, 127, low) - select(0, 23, subnormal));
  let m = select(mantissa, mantissa + mantissa, low) - 1.0f;
  let z = m * m;
  let p = ${
      polynomial("m", [
        "7.0376836292e-2f",
        "-1.1514610310e-1f",
        "1.1676998740e-1f",
        "-1.2420140846e-1f",
        "1.4249322787e-1f",
        "-1.6668057665e-1f",
        "2.0000714765e-1f",
        "-2.4999993993e-1f",
        "3.3333331174e-1f",
      ])
    };
  let tail = fma(exponent, -2.12194440e-4f, m * z * p) - 0.5f * z;
  let finite = fma(exponent, 0.693359375f, m + tail);
  let special = select(bits_f32(0x7fc00000u), bits_f32(0xff800000u), x == 0.0f);
  let unbounded = bitcast<u32>(x) == 0x7f800000u || is_nan(x);
  return select(select(special, finite, x > 0.0f), x, unbounded);
}`,
  },
  high_product: {
    text: `fn high_product(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let first = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let second = (a & 0xffffu) * (b >> 16u) + (first & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (first >> 16u) + (second >> 16u);
}`,
  },
  reduce_angle: {
    uses: ["high_product", "bits_f32"],
    text: `struct Angle { rest: f32, quarter: i32 }
fn reduce_angle(x: f32) -> Angle {
  let bits = bitcast<u32>(x);
  let exponent = (bits >> 23u) & 255u;
  if (exponent < 138u) {
    let turns = round(x * 0.63661977f);
    let r = fma(turns, -7.54978995489188e-8f, fma(turns, -4.837512969970703125e-4f, fma(turns, -1.5703125f, x)));
    return Angle(r, i32(turns) & 3);
  }
  if (exponent == 255u) { return Angle(bits_f32(0x7fc00000u), 0); }
  // Bits of 2/pi after one word of zeros, from the first bit whose product with x counts two quarters.
  var words = array<u32, 8>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);
  let word = (exponent - 120u) >> 5u;
  let shift = (exponent - 120u) & 31u;
  let first = (words[word] << shift) | ((words[word + 1u] >> 1u) >> (31u - shift));
  let second = (words[word + 1u] << shift) | ((words[word + 2u] >> 1u) >> (31u - shift));
  let third = (words[word + 2u] << shift) | ((words[word + 3u] >> 1u) >> (31u - shift));
  let mantissa = (bits & 0x007fffffu) | 0x00800000u;
  let carried = high_product(mantissa, third);
  let low = mantissa * second + carried;
  let high = mantissa * first + high_product(mantissa, second) + select(0u, 1u, low < carried);
  let quarter = (high + 0x20000000u) >> 30u;
  let left = high - (quarter << 30u);
  let below = (left >> 31u) == 1u;
  let size = select(left, ~left + select(0u, 1u, low == 0u), below);
  let rest = fma(f32(size), 4294967296.0f, f32(select(low, 0u - low, below))) * 3.40612158e-19f;
  let negative = (bits >> 31u) == 1u;
  return Angle(select(rest, -rest, below != negative), select(i32(quarter), -i32(quarter), negative) & 3);
}`,
  },
  remainder: {
    uses: ["bits_f32"],
    text: `fn remainder(a: f32, b: f32) -> f32 {
  let x = bitcast<u32>(a) & 0x7fffffffu;
  let y = bitcast<u32>(b) & 0x7fffffffu;
  if (x >= 0x7f800000u || y > 0x7f800000u || y == 0u) { return bits_f32(0x7fc00000u); }
  if (x < y) { return a; }
  let exponent = max(y >> 23u, 1u);
  let divisor = (y & 0x007fffffu) | select(0u, 0x00800000u, y > 0x007fffffu);
  var rest = ((x & 0x007fffffu) | select(0u, 0x00800000u, x > 0x007fffffu)) % divisor;
  var left = max(x >> 23u, 1u) - exponent;
  while (left > 0u) {
    let step = min(left, 8u);
    rest = (rest << step) % divisor;
    left -= step;
  }
  let half = (i32(exponent) - 150) >> 1u;
  let other = i32(exponent) - 150 - half;
  let size = f32(rest) * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((other + 127) << 23u);
  return bitcast<f32>(bitcast<u32>(size) | (bitcast<u32>(a) & 0x80000000u));
}`,
  },
  times_zero: {
    text: `fn times_zero(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  return bitcast<f32>(select(bits & 0x80000000u, 0x7fc00000u, (bits & 0x7f800000u) == 0x7f800000u));
}`,
  },
  over_zero: {
    text: `fn over_zero(x: f32) -> f32 {
  let size = bitcast<u32>(x) & 0x7fffffffu;
  let undefined_bits = select(0u, 0x00400000u, size == 0u || size > 0x7f800000u);
  return bitcast<f32>((bitcast<u32>(x) & 0x80000000u) | 0x7f800000u | undefined_bits);
}`,
  },
  zero_over: {
    text: `fn zero_over(x: f32) -> f32 {
  let size = bitcast<u32>(x) & 0x7fffffffu;
  return bitcast<f32>(select(bitcast<u32>(x) & 0x80000000u, 0x7fc00000u, size == 0u || size > 0x7f800000u));
}`,
  },
  sign_of: {
    uses: ["is_nan"],
    text: "fn sign_of(x: f32) -> f32 { return select(sign(x), x, is_nan(x)); }",
  },
  sine: {
    uses: ["reduce_angle"],
    text: `fn sine(x: f32) -> f32 {
  ${reduceAngle}
  let magnitude = select(s, c, (quarter & 1) == 1);
  return select(magnitude, -magnitude, quarter > 1);
}`,
  },
  cosine: {
    uses: ["reduce_angle"],
    text: `fn cosine(x: f32) -> f32 {
  ${reduceAngle}
  let magnitude = select(c, s, (quarter & 1) == 1);
  return select(magnitude, -magnitude, quarter == 1 || quarter == 2);
}`,
  },
  hyperbolic_tangent: {
    uses: ["exponential", "is_nan"],
    text: `fn hyperbolic_tangent(x: f32) -> f32 {
  let a = abs(x);
  let z = x * x;
  let p = ${
      polynomial("z", [
        "-5.70498872745e-3f",
        "2.06390887954e-2f",
        "-5.37397155531e-2f",
        "1.33314422036e-1f",
        "-3.33332819422e-1f",
      ])
    };
  let far = 1.0f - 2.0f / (exponential(min(a + a, 20.0f)) + 1.0f);
  let y = select(select(far, -far, x < 0.0f), fma(p * z, x, x), a < 0.625f);
  return select(y, x, is_nan(x));
}`,
  },
  logistic: {
    uses: ["exponential"],
    text: `fn logistic(x: f32) -> f32 {
  let e = exponential(-abs(x));
  return select(1.0f, e, x < 0.0f) / (1.0f + e);
}`,
  },
  error_function: {
    uses: ["is_nan"],
    text: `fn error_function(value: f32) -> f32 {
  let x = clamp(value, -3.832506856900711f, 3.832506856900711f);
  let z = x * x;
  let p = ${
      polynomial("z", [
        "0.00022905065861350646f",
        "0.0034082910107109506f",
        "0.050955695062380861f",
        "0.18520832239976145f",
        "1.128379143519084f",
      ])
    };
  let q = ${
      polynomial("z", [
        "-1.1791602954361697e-7f",
        "0.000023547966471313185f",
        "0.0010179625278914885f",
        "0.014070470171167667f",
        "0.11098505178285362f",
        "0.49746925110067538f",
        "1.0f",
      ])
    };
  return select(clamp(x * p / q, -1.0f, 1.0f), value, is_nan(value));
}`,
  },
  power_of_size: {
    uses: ["exponential", "logarithm"],
    text: `fn power_of_size(a: f32, b: f32, whole: bool) -> f32 {
  if (!whole || abs(b) > 32.0f) { return exponential(b * logarithm(a)); }
  var product = 1.0f;
  var square = a;
  for (var rest = u32(abs(b)); rest > 0u; rest >>= 1u) {
    if ((rest & 1u) == 1u) { product *= square; }
    square *= square;
  }
  if (b < 0.0f) { return 1.0f / product; }
  return product;
}`,
  },
  power: {
    uses: ["power_of_size", "bits_f32"],
    text: `fn power(a: f32, b: f32) -> f32 {
  let whole = b == floor(b);
  let odd = whole && abs(b) < 16777216.0f && (i32(clamp(b, -16777216.0f, 16777216.0f)) & 1) == 1;
  let magnitude = power_of_size(abs(a), b, whole);
  let infinite = (bitcast<u32>(b) & 0x7fffffffu) == 0x7f800000u;
  let invalid = a < 0.0f && !whole && bitcast<u32>(a) != 0xff800000u;
  let signed = select(magnitude, -magnitude, odd && (bitcast<u32>(a) >> 31u) == 1u);
  let one = b == 0.0f || a == 1.0f || (a == -1.0f && infinite);
  return select(select(signed, bits_f32(0x7fc00000u), invalid), 1.0f, one);
}`,
  },
  /** −0 to a power. Drivers take a literal −0 for 0, so its sign is not computed with. */
  power_of_minus_zero: {
    uses: ["is_nan"],
    text: `fn power_of_minus_zero(b: f32) -> f32 {
  let odd = b == floor(b) && abs(b) < 16777216.0f && (i32(clamp(b, -16777216.0f, 16777216.0f)) & 1) == 1;
  let size = select(0x7f800000u, 0u, b > 0.0f);
  let power = bitcast<f32>(select(select(size, size | 0x80000000u, odd), 0x3f800000u, b == 0.0f));
  return select(power, b, is_nan(b));
}`,
  },
  truncate_i32: {
    uses: ["is_nan"],
    text: `fn truncate_i32(x: f32) -> i32 {
  return select(select(i32(max(x, -2147483648.0f)), 0x7fffffff, x >= 2147483648.0f), 0, is_nan(x));
}`,
  },
  truncate_u32: {
    uses: ["is_nan"],
    text: `fn truncate_u32(x: f32) -> u32 {
  return select(select(u32(max(x, 0.0f)), 0xffffffffu, x >= 4294967296.0f), 0u, is_nan(x));
}`,
  },
  threefry: { text: threefryText() },
} satisfies Record<string, MathText>;

/** The texts of the functions `names` and of the functions they call, callees first. */
export function mathText(names: Iterable<MathFunction>): string[] {
  const texts = new Set<string>();
  const add = (name: MathFunction): void => {
    const { uses = [], text }: MathText = functions[name];
    uses.forEach((used) => add(used as MathFunction));
    texts.add(text);
  };
  for (const name of [...names].sort()) add(name);
  return [...texts];
}
