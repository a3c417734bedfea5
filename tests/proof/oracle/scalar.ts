/**
 * The definitions of scalar operations in double precision.
 *
 * `Math` is accurate to about a unit of the last place of doubles, which is 2⁻²⁹ units of singles. What it lacks is the
 * error function.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import type { ScalarOp } from "../../../core/scalar/operations.ts";
import { type Bound, exact, type Gradient, rounded } from "./operation.ts";

/** Operations whose result depends on more than one element type are defined apart. */
export type PlainScalarOp = Exclude<ScalarOp, "cast" | "bitcast">;

/** What a scalar operation means. */
export interface ScalarDefinition {
  /** The element types that the primitive takes. */
  readonly types: readonly DType[];
  readonly meaning: (elements: readonly number[], dtype: DType) => number;
  readonly bound: Bound;
  /** Default: that of the operands. */
  readonly result?: DType;
  /** Arguments near which the formula of a device changes. */
  readonly points?: readonly number[];
  readonly gradient?: Gradient;
}

const float: readonly DType[] = ["f32"];
const number: readonly DType[] = ["f32", "i32", "u32"];
const all: readonly DType[] = ["f32", "i32", "u32", "bool"];
const flag = (value: boolean): number => value ? 1 : 0;

/**
 * The error function: 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 … (2n+1)), whose terms have one sign, and beyond 6 its
 * limit, which is closer than 10⁻¹⁶.
 */
export function errorFunction(x: number): number {
  if (!(Math.abs(x) < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) sum += term *= 2 * x * x / (2 * n + 1);
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

/** xʸ as IEEE 754 defines it; JavaScript differs if x is ±1. */
export function power(x: number, y: number): number {
  return x === 1 || x === -1 && Math.abs(y) === Infinity ? 1 : Math.pow(x, y);
}

/** The logistic function. */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Threefry-2x32 with 20 rounds, as in Random123; both words. */
export function threefry(key: readonly [number, number], counter: readonly [number, number]): [number, number] {
  const keys = [key[0], key[1], 0x1bd11bda ^ key[0] ^ key[1]];
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  let [x, y] = [(counter[0] + keys[0]) | 0, (counter[1] + keys[1]) | 0];
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8];
    x = (x + y) | 0;
    y = ((y << by) | (y >>> (32 - by))) ^ x;
    if (round % 4 !== 3) continue;
    const group = (round + 1) / 4;
    x = (x + keys[group % 3]) | 0;
    y = (y + keys[(group + 1) % 3] + group) | 0;
  }
  return [x >>> 0, y >>> 0];
}

const quotient = (a: number, b: number, dtype: DType): number =>
  dtype === "f32" ? a / b : b === 0 ? 0 : Math.trunc(a / b);
const remainder = (a: number, b: number, dtype: DType): number => dtype !== "f32" && b === 0 ? 0 : a % b;
const product = (a: number, b: number, dtype: DType): number => dtype === "f32" ? a * b : Math.imul(a, b);

const expPoints = [88.7228, 89, 87.3365, 88, 103.9721, 104, 103.2789, 17.3287, 0.34657];
const anglePoints = [
  ...[Math.PI / 4, Math.PI / 2, Math.PI, 3 * Math.PI / 4, 2 ** 11, 2 ** 20, 1e5 * Math.PI, 65536, 1e9],
  ...[16367173 * 2 ** 72, 2 ** 127, 3.4e38, 2 ** 63, 710 * Math.PI / 2, 5.3e5 * Math.PI],
];
/** Products and angles of the formulas on WebGPU are singles; those on WebAssembly are doubles. */
const singles = "reduces angles in singles";
const sineBound: Bound = { ulp: 2, webgpu: { ulp: 4, least: 1, because: singles } };
const powBound: Bound = { ulp: 1, webgpu: { ulp: 200, because: "computes exp(b · log a) in singles" } };
/** WGSL allows 2.5 units. */
const divBound: Bound = { ...rounded, webgpu: { ulp: 2.5, because: "WGSL allows it" } };

/** One entry per scalar operation. */
export const scalars: { readonly [P in PlainScalarOp]: ScalarDefinition } = {
  neg: { types: number, meaning: ([x]) => -x, bound: exact, gradient: { ulp: 0, slopes: () => [-1] } },
  abs: {
    types: number,
    meaning: ([x]) => Math.abs(x),
    bound: exact,
    gradient: { ulp: 0, slopes: ([x]) => [Math.sign(x)] },
  },
  sign: { types: number, meaning: ([x]) => Math.sign(x), bound: exact },
  exp: {
    types: float,
    meaning: ([x]) => Math.exp(x),
    bound: { ulp: 1, webgpu: { ulp: 2, because: "uses the polynomial of Cephes" } },
    points: expPoints,
    gradient: { ulp: 2, slopes: ([x]) => [Math.exp(x)] },
  },
  log: {
    types: float,
    meaning: ([x]) => Math.log(x),
    bound: { ulp: 1 },
    points: [1, Math.SQRT1_2, Math.SQRT2, 2, 0.5],
    gradient: { ulp: 1, slopes: ([x]) => [1 / x] },
  },
  sqrt: {
    types: float,
    meaning: ([x]) => Math.sqrt(x),
    bound: { ...rounded, webgpu: { ulp: 2.5, because: "WGSL allows it" } },
    gradient: { ulp: 1.5, slopes: ([x]) => [0.5 / Math.sqrt(x)] },
  },
  sin: {
    types: float,
    meaning: ([x]) => Math.sin(x),
    bound: sineBound,
    points: anglePoints,
    gradient: { ulp: 2, webgpu: sineBound.webgpu!, slopes: ([x]) => [Math.cos(x)] },
  },
  cos: {
    types: float,
    meaning: ([x]) => Math.cos(x),
    bound: sineBound,
    points: anglePoints,
    gradient: { ulp: 2, webgpu: sineBound.webgpu!, slopes: ([x]) => [-Math.sin(x)] },
  },
  tanh: {
    types: float,
    meaning: ([x]) => Math.tanh(x),
    bound: { ulp: 2 },
    points: [0.625, 9.0109, 10, 0.3466, 1],
    gradient: { ulp: 4, slopes: ([x]) => [{ slope: 1 / Math.cosh(x) ** 2, unit: 1 }] },
  },
  sigmoid: {
    types: float,
    meaning: ([x]) => logistic(x),
    bound: { ulp: 2, webgpu: { ulp: 4, because: "rounds 1 + e⁻ˣ" } },
    points: [...expPoints, 16.6355],
    gradient: { ulp: 4, slopes: ([x]) => [{ slope: logistic(x) * logistic(-x), unit: logistic(x) }] },
  },
  erf: {
    types: float,
    meaning: ([x]) => errorFunction(x),
    bound: { ulp: 2, webgpu: { ulp: 8, because: "uses a quotient of polynomials" } },
    points: [0.927734375, 3.8325, 4, 3.9],
    gradient: {
      ulp: 2,
      slopes: ([x]) => {
        const slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
        return [{ slope, unit: slope * (1 + x * x) }];
      },
    },
  },
  floor: { types: float, meaning: ([x]) => Math.floor(x), bound: exact, points: [1, 2, 2 ** 22, 2 ** 23, 2 ** 31] },
  not: { types: ["bool"], meaning: ([x]) => 1 - x, bound: exact },
  add: { types: number, meaning: ([a, b]) => a + b, bound: rounded, gradient: { ulp: 0, slopes: () => [1, 1] } },
  sub: { types: number, meaning: ([a, b]) => a - b, bound: rounded, gradient: { ulp: 0, slopes: () => [1, -1] } },
  mul: {
    types: number,
    meaning: ([a, b], dtype) => product(a, b, dtype),
    bound: rounded,
    gradient: { ulp: 0.5, slopes: ([a, b]) => [b, a] },
  },
  div: {
    types: number,
    meaning: ([a, b], dtype) => quotient(a, b, dtype),
    bound: divBound,
    gradient: { ulp: 3, slopes: ([a, b]) => [1 / b, -a / b / b] },
  },
  mod: {
    types: number,
    meaning: ([a, b], dtype) => remainder(a, b, dtype),
    bound: exact,
    gradient: { ulp: 1, slopes: ([a, b]) => [1, -Math.trunc(a / b)] },
  },
  max: {
    types: number,
    meaning: ([a, b]) => Math.max(a, b),
    bound: exact,
    gradient: { ulp: 0, slopes: ([a, b]) => a === b ? [0.5, 0.5] : [flag(a > b), flag(a < b)] },
  },
  min: {
    types: number,
    meaning: ([a, b]) => Math.min(a, b),
    bound: exact,
    gradient: { ulp: 0, slopes: ([a, b]) => a === b ? [0.5, 0.5] : [flag(a < b), flag(a > b)] },
  },
  pow: {
    types: float,
    meaning: ([a, b]) => power(a, b),
    bound: powBound,
    points: [2, 3, 0.5, 32, 33, 10, 1],
    gradient: {
      ulp: 4,
      webgpu: powBound.webgpu!,
      slopes: ([a, b]) => [b * power(a, b - 1), a > 0 ? power(a, b) * Math.log(a) : 0],
    },
  },
  lt: { types: all, result: "bool", meaning: ([a, b]) => flag(a < b), bound: exact },
  le: { types: all, result: "bool", meaning: ([a, b]) => flag(a <= b), bound: exact },
  eq: { types: all, result: "bool", meaning: ([a, b]) => flag(a === b), bound: exact },
  ne: { types: all, result: "bool", meaning: ([a, b]) => flag(a !== b), bound: exact },
  and: { types: ["bool", "i32", "u32"], meaning: ([a, b]) => a & b, bound: exact },
  or: { types: ["bool", "i32", "u32"], meaning: ([a, b]) => a | b, bound: exact },
  xor: { types: ["bool", "i32", "u32"], meaning: ([a, b]) => a ^ b, bound: exact },
  shl: { types: ["i32", "u32"], meaning: ([a, b]) => a << (b & 31), bound: exact },
  shr: {
    types: ["i32", "u32"],
    meaning: ([a, b], dtype) => dtype === "u32" ? a >>> (b & 31) : a >> (b & 31),
    bound: exact,
  },
  where: {
    types: all,
    meaning: ([condition, a, b]) => condition === 0 ? b : a,
    bound: exact,
    gradient: { ulp: 0, slopes: ([condition]) => [0, flag(condition !== 0), flag(condition === 0)] },
  },
  threefry: {
    types: ["u32"],
    meaning: ([key0, key1, counter0, counter1]) => {
      const [x, y] = threefry([key0, key1], [counter0, counter1]);
      return x ^ y;
    },
    bound: exact,
  },
};
