/**
 * The meaning of every scalar operation in double precision: what all devices are measured against.
 *
 * @module
 */

import { type DType, roundTo } from "../dtype.ts";
import type { ScalarOp } from "./expression.ts";

type Scalar = (...args: number[]) => number;

/** erf by its Taylor series for |x| < 3 and the continued fraction of erfc beyond (Abramowitz and Stegun 7.1.5, 7.1.14). */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (a > 6) return Math.sign(x);
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * sum; n++) {
      term *= -a * a / n;
      sum += term / (2 * n + 1);
    }
    return Math.sign(x) * 2 / Math.sqrt(Math.PI) * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

/**
 * The two words of Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", 2011).
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const key = [key0 >>> 0, key1 >>> 0, (key0 ^ key1 ^ 0x1bd11bda) >>> 0];
  let x0 = (counter0 + key[0]) >>> 0;
  let x1 = (counter1 + key[1]) >>> 0;
  for (let group = 0; group < 5; group++) {
    for (const r of rotations[group % 2]) {
      x0 = (x0 + x1) >>> 0;
      x1 = (((x1 << r) | (x1 >>> (32 - r))) ^ x0) >>> 0;
    }
    x0 = (x0 + key[(group + 1) % 3]) >>> 0;
    x1 = (x1 + key[(group + 2) % 3] + group + 1) >>> 0;
  }
  return [x0, x1];
}

const flag = (value: boolean): number => value ? 1 : 0;

const operations: Record<Exclude<ScalarOp, "bitcast" | "cast" | "shr" | "mul">, Scalar> = {
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  erf,
  floor: Math.floor,
  not: (a) => flag(!a),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
  max: Math.max,
  min: Math.min,
  pow: Math.pow,
  lt: (a, b) => flag(a < b),
  le: (a, b) => flag(a <= b),
  eq: (a, b) => flag(a === b),
  ne: (a, b) => flag(a !== b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  where: (condition, a, b) => condition ? a : b,
  threefry: (...args) => {
    const [x0, x1] = threefry2x32(...args as [number, number, number, number]);
    return (x0 ^ x1) >>> 0;
  },
};

const bits = new DataView(new ArrayBuffer(4));

function bitcast(value: number, from: DType, to: DType): number {
  if (from === "f32") bits.setFloat32(0, value);
  else bits.setInt32(0, value | 0);
  return to === "f32" ? bits.getFloat32(0) : to === "i32" ? bits.getInt32(0) : bits.getUint32(0);
}

const limits: Partial<Record<DType, readonly [number, number]>> = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};

/** A floating-point number within the range of an integer type. */
function saturated(dtype: DType, value: number): number {
  const [low, high] = limits[dtype] ?? [-Infinity, Infinity];
  return Math.min(Math.max(value, low), high);
}

/**
 * `op` of `args`, whose elements have types `dtypes`, as a value of type `dtype`; f32 stays in double precision.
 */
export function evaluateScalar(op: ScalarOp, dtype: DType, args: readonly number[], dtypes: readonly DType[]): number {
  switch (op) {
    case "cast":
      return roundTo(dtype, dtypes[0] === "f32" ? saturated(dtype, args[0]) : args[0]);
    case "bitcast":
      return bitcast(args[0], dtypes[0], dtype);
    case "shr":
      return dtypes[0] === "u32" ? args[0] >>> args[1] : args[0] >> args[1];
    case "mul":
      return dtype === "f32" ? args[0] * args[1] : roundTo(dtype, Math.imul(args[0], args[1]));
    default:
      return roundTo(dtype, operations[op](...args));
  }
}
