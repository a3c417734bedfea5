/**
 * The table of scalar operations: one entry says what is true of an operation wherever it is computed.
 *
 * Integer `div` and `mod` truncate towards zero; `shr` shifts in zeros for u32 and the sign for i32; shift counts are taken
 * modulo 32. What an operation costs on one kind of device stands in the tables of that device.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import { bitcast, erf, saturated, threefry2x32 } from "./scalar_functions.ts";

/** The element types of an operation's result and of its first operand. */
export interface ScalarTypes {
  readonly to: DType;
  readonly from: DType;
}

/** The numbers that make an operation give back its other operand; null where there is none. */
export interface Neutral {
  readonly left: number | null;
  readonly right: number | null;
}

/** What must be known of a scalar operation. */
export interface ScalarFacts {
  /** The number of operands. */
  readonly arity: 1 | 2 | 3 | 4;
  /** The sign between two operands in printed formulas; null where the name is printed. */
  readonly symbol: string | null;
  /** The value in double precision, which all devices are measured against. It is rounded to the result's type afterwards. */
  readonly evaluate: (operands: readonly number[], types: ScalarTypes) => number;
  /** The rough price of computing it once more, in additions. */
  readonly price: number;
  /** The length of what is written for it, in instructions. */
  readonly length: number;
  /** Whether it counts as a floating-point operation where its result is f32. */
  readonly isFloatingPoint: boolean;
  /** Whether it is computed anew wherever it is needed, with all that it is made of, however dear that is. */
  readonly isComputedAnew: boolean;
  /** Whether it compares its operands, so that its result is bool. */
  readonly isComparison: boolean;
  /** Whether applying it twice changes nothing. */
  readonly isInvolution: boolean;
  /** Operands that make it do nothing. */
  readonly neutral: Neutral;
}

/** What holds unless an entry says otherwise. */
const usual = {
  symbol: null,
  price: 1,
  length: 1,
  isComputedAnew: false,
  isComparison: false,
  isInvolution: false,
  neutral: { left: null, right: null },
} satisfies Partial<ScalarFacts>;

/** An operation on one number. */
const unary = { ...usual, arity: 1, isFloatingPoint: true } satisfies Partial<ScalarFacts>;
/** An operation on two numbers. */
const binary = { ...unary, arity: 2 } satisfies Partial<ScalarFacts>;
/** A comparison of two values. */
const comparison = { ...binary, isFloatingPoint: false, isComparison: true } satisfies Partial<ScalarFacts>;
/** An operation on the bits of two values. */
const bitwise = { ...binary, isFloatingPoint: false } satisfies Partial<ScalarFacts>;

const flag = (value: boolean): number => value ? 1 : 0;

/** The table. */
export const scalarOps = {
  neg: { ...unary, evaluate: ([a]) => -a, isInvolution: true },
  abs: { ...unary, evaluate: ([a]) => Math.abs(a) },
  sign: { ...unary, evaluate: ([a]) => Math.sign(a) },
  exp: { ...unary, evaluate: ([a]) => Math.exp(a), price: 8, length: 8 },
  log: { ...unary, evaluate: ([a]) => Math.log(a), price: 8, length: 8 },
  sqrt: { ...unary, evaluate: ([a]) => Math.sqrt(a), price: 4 },
  sin: { ...unary, evaluate: ([a]) => Math.sin(a), price: 12, length: 10 },
  cos: { ...unary, evaluate: ([a]) => Math.cos(a), price: 12, length: 10 },
  tanh: { ...unary, evaluate: ([a]) => Math.tanh(a), price: 12, length: 10 },
  sigmoid: { ...unary, evaluate: ([a]) => 1 / (1 + Math.exp(-a)), price: 12, length: 10 },
  erf: { ...unary, evaluate: ([a]) => erf(a), price: 16, length: 12 },
  floor: { ...unary, evaluate: ([a]) => Math.floor(a) },
  not: { ...unary, evaluate: ([a]) => flag(!a), isFloatingPoint: false, isInvolution: true },
  /** The same value (f32 to integers truncates, to the nearest one there is; anything to bool is `≠ 0`). */
  cast: {
    ...unary,
    evaluate: ([a], { to, from }) => from === "f32" ? saturated(to, a) : a,
    isFloatingPoint: false,
  },
  /** The same bits. */
  bitcast: { ...unary, evaluate: ([a], { to, from }) => bitcast(a, from, to), isFloatingPoint: false },
  add: { ...binary, symbol: "+", evaluate: ([a, b]) => a + b, neutral: { left: 0, right: 0 } },
  sub: { ...binary, symbol: "-", evaluate: ([a, b]) => a - b, neutral: { left: null, right: 0 } },
  mul: {
    ...binary,
    symbol: "*",
    evaluate: ([a, b], { to }) => to === "f32" ? a * b : Math.imul(a, b),
    neutral: { left: 1, right: 1 },
  },
  div: { ...binary, symbol: "/", evaluate: ([a, b]) => a / b, price: 4, neutral: { left: null, right: 1 } },
  mod: { ...binary, symbol: "%", evaluate: ([a, b]) => a % b, price: 4 },
  /** NaN where either is NaN, where the device can. */
  max: { ...binary, evaluate: ([a, b]) => Math.max(a, b) },
  /** NaN where either is NaN, where the device can. */
  min: { ...binary, evaluate: ([a, b]) => Math.min(a, b) },
  /** exp(b · log a), with a = 0 and whole exponents of negative bases as in IEEE 754's pow. */
  pow: { ...binary, evaluate: ([a, b]) => Math.pow(a, b), price: 20, length: 20, neutral: { left: null, right: 1 } },
  lt: { ...comparison, symbol: "<", evaluate: ([a, b]) => flag(a < b) },
  le: { ...comparison, symbol: "<=", evaluate: ([a, b]) => flag(a <= b) },
  eq: { ...comparison, symbol: "==", evaluate: ([a, b]) => flag(a === b) },
  ne: { ...comparison, symbol: "!=", evaluate: ([a, b]) => flag(a !== b) },
  and: { ...bitwise, symbol: "&", evaluate: ([a, b]) => a & b },
  or: { ...bitwise, symbol: "|", evaluate: ([a, b]) => a | b },
  xor: { ...bitwise, symbol: "^", evaluate: ([a, b]) => a ^ b },
  shl: { ...bitwise, symbol: "<<", evaluate: ([a, b]) => a << b, neutral: { left: null, right: 0 } },
  shr: {
    ...bitwise,
    symbol: ">>",
    evaluate: ([a, b], { from }) => from === "u32" ? a >>> b : a >> b,
    neutral: { left: null, right: 0 },
  },
  /** The second operand where the first is true, the third elsewhere. */
  where: { ...usual, arity: 3, evaluate: ([condition, a, b]) => condition ? a : b, isFloatingPoint: false },
  /** Of a key and a counter, two u32 words each: the exclusive or of the two words of Threefry-2x32 with 20 rounds. */
  threefry: {
    ...usual,
    arity: 4,
    evaluate: ([key0, key1, counter0, counter1]) => {
      const [x0, x1] = threefry2x32([key0, key1], [counter0, counter1]);
      return (x0 ^ x1) >>> 0;
    },
    price: 0,
    length: 60,
    isFloatingPoint: false,
    isComputedAnew: true,
  },
} satisfies Readonly<Record<string, ScalarFacts>>;

/** The name of a scalar operation. */
export type ScalarOp = keyof typeof scalarOps;

/** What is known of a scalar operation. */
export function factsOf(op: ScalarOp): ScalarFacts {
  return scalarOps[op];
}
