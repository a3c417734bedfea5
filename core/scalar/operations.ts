/**
 * The table of scalar operations. An entry holds everything about an operation that does not depend on the device.
 *
 * Integer `div` and `mod` truncate toward zero. `shr` shifts in zeros for u32 and the sign for i32. Shift counts are
 * taken modulo 32. Each device has its own table of costs.
 *
 * @module
 */

import { isFloat } from "../dtype.ts";
import { binaryFacts, bitwiseFacts, comparisonFacts, type ScalarFacts, unaryFacts, usualFacts } from "./facts.ts";
import { bitcast, erf, power, saturated, threefry2x32 } from "./double_precision.ts";
import { ofChoice, ofPower, ofRemainder, toChosen } from "./gradient_helpers.ts";

// deno-fmt-ignore
/** Functions of one number. */
export type UnaryOp =
  | "neg" | "abs" | "sign" | "exp" | "log" | "sqrt" | "sin" | "cos" | "tanh" | "sigmoid" | "erf" | "floor";

/** An operation on two operands of one element type. */
// deno-fmt-ignore
export type BinaryOp =
  | "add" | "sub" | "mul" | "div" | "mod" | "max" | "min" | "pow"
  | "lt" | "le" | "eq" | "ne" | "and" | "or" | "xor" | "shl" | "shr";

/** Operations on two operands of one element type. */
// deno-fmt-ignore
export const binaryOps: readonly BinaryOp[] = [
  "add", "sub", "mul", "div", "mod", "max", "min", "pow",
  "lt", "le", "eq", "ne", "and", "or", "xor", "shl", "shr",
];

/** The name of a scalar operation. */
export type ScalarOp = UnaryOp | BinaryOp | "not" | "cast" | "bitcast" | "where" | "threefry";

const flag = (value: boolean): number => value ? 1 : 0;

/** The table. */
export const scalarOps: Readonly<Record<ScalarOp, ScalarFacts>> = {
  neg: { ...unaryFacts, takes: "number", evaluate: ([a]) => -a, gradient: (g) => [g.neg()], isInvolution: true },
  abs: { ...unaryFacts, takes: "number", evaluate: ([a]) => Math.abs(a), gradient: (g, [x]) => [g.mul(x.sign())] },
  sign: { ...unaryFacts, takes: "number", evaluate: ([a]) => Math.sign(a), gradient: null },
  exp: { ...unaryFacts, evaluate: ([a]) => Math.exp(a), gradient: (g, _, y) => [g.mul(y)], price: 8, length: 8 },
  log: { ...unaryFacts, evaluate: ([a]) => Math.log(a), gradient: (g, [x]) => [g.div(x)], price: 8, length: 8 },
  sqrt: { ...unaryFacts, evaluate: ([a]) => Math.sqrt(a), gradient: (g, _, y) => [g.div(y.mul(2))], price: 4 },
  sin: { ...unaryFacts, evaluate: ([a]) => Math.sin(a), gradient: (g, [x]) => [g.mul(x.cos())], price: 12, length: 10 },
  cos: {
    ...unaryFacts,
    evaluate: ([a]) => Math.cos(a),
    gradient: (g, [x]) => [g.mul(x.sin()).neg()],
    price: 12,
    length: 10,
  },
  tanh: {
    ...unaryFacts,
    evaluate: ([a]) => Math.tanh(a),
    gradient: (g, _, y) => [g.mul(y.square().neg().add(1))],
    price: 12,
    length: 10,
  },
  sigmoid: {
    ...unaryFacts,
    evaluate: ([a]) => 1 / (1 + Math.exp(-a)),
    gradient: (g, _, y) => [g.mul(y.mul(y.neg().add(1)))],
    price: 12,
    length: 10,
  },
  erf: {
    ...unaryFacts,
    evaluate: ([a]) => erf(a),
    gradient: (g, [x]) => [g.mul(x.square().neg().exp().mul(2 / Math.sqrt(Math.PI)))],
    price: 16,
    length: 12,
  },
  floor: { ...unaryFacts, evaluate: ([a]) => Math.floor(a), gradient: null },
  not: {
    ...unaryFacts,
    takes: "bool",
    gradient: null,
    isFloatingPoint: false,
    evaluate: ([a]) => flag(!a),
    isInvolution: true,
  },
  /** Converts the value: f32 to integers truncates and saturates; anything to bool is `≠ 0`. */
  cast: {
    ...unaryFacts,
    takes: "any",
    isFloatingPoint: false,
    evaluate: ([a], { to, from }) => from === "f32" ? saturated(to, a) : a,
    gradient: (g, [x]) => [isFloat(x.dtype) ? g : null],
  },
  /** Keeps the bits. */
  bitcast: {
    ...unaryFacts,
    takes: "any",
    isFloatingPoint: false,
    evaluate: ([a], { to, from }) => bitcast(a, from, to),
    gradient: null,
  },
  add: {
    ...binaryFacts,
    symbol: "+",
    evaluate: ([a, b]) => a + b,
    gradient: (g) => [g, g],
    // −0 + 0 is 0, so only −0 leaves all floats as they are.
    neutral: { left: -0, right: -0 },
  },
  sub: {
    ...binaryFacts,
    symbol: "-",
    evaluate: ([a, b]) => a - b,
    gradient: (g) => [g, g.neg()],
    neutral: { left: null, right: 0 },
  },
  mul: {
    ...binaryFacts,
    symbol: "*",
    evaluate: ([a, b], { to }) => to === "f32" ? a * b : Math.imul(a, b),
    gradient: (g, [a, b]) => [g.mul(b), g.mul(a)],
    neutral: { left: 1, right: 1 },
  },
  div: {
    ...binaryFacts,
    symbol: "/",
    evaluate: ([a, b]) => a / b,
    gradient: (g, [_, b], y) => [g.div(b), g.mul(y).div(b).neg()],
    price: 4,
    neutral: { left: null, right: 1 },
  },
  mod: {
    ...binaryFacts,
    symbol: "%",
    evaluate: ([a, b]) => a % b,
    gradient: ofRemainder,
    price: 4,
  },
  /** NaN if either operand is NaN, on devices that have NaN. */
  max: { ...binaryFacts, evaluate: ([a, b]) => Math.max(a, b), gradient: toChosen((a, b) => a.greater(b)) },
  /** NaN if either operand is NaN, on devices that have NaN. */
  min: { ...binaryFacts, evaluate: ([a, b]) => Math.min(a, b), gradient: toChosen((a, b) => a.less(b)) },
  /** exp(b · log a), with a = 0 and whole exponents of negative bases as in IEEE 754's pow. */
  pow: {
    ...binaryFacts,
    takes: "float",
    evaluate: ([a, b]) => power(a, b),
    gradient: ofPower,
    price: 20,
    length: 20,
    neutral: { left: null, right: 1 },
  },
  lt: { ...comparisonFacts, symbol: "<", evaluate: ([a, b]) => flag(a < b) },
  le: { ...comparisonFacts, symbol: "<=", evaluate: ([a, b]) => flag(a <= b) },
  eq: { ...comparisonFacts, symbol: "==", evaluate: ([a, b]) => flag(a === b) },
  ne: { ...comparisonFacts, symbol: "!=", evaluate: ([a, b]) => flag(a !== b) },
  and: { ...bitwiseFacts, symbol: "&", evaluate: ([a, b]) => a & b },
  or: { ...bitwiseFacts, symbol: "|", evaluate: ([a, b]) => a | b },
  xor: { ...bitwiseFacts, symbol: "^", evaluate: ([a, b]) => a ^ b },
  shl: {
    ...bitwiseFacts,
    takes: "integer",
    symbol: "<<",
    evaluate: ([a, b]) => a << b,
    neutral: { left: null, right: 0 },
  },
  shr: {
    ...bitwiseFacts,
    takes: "integer",
    symbol: ">>",
    evaluate: ([a, b], { from }) => from === "u32" ? a >>> b : a >> b,
    neutral: { left: null, right: 0 },
  },
  /** The second operand if the first, a bool, is true; otherwise the third. */
  where: {
    ...usualFacts,
    arity: 3,
    takes: "any",
    isFloatingPoint: false,
    evaluate: ([condition, a, b]) => condition ? a : b,
    gradient: ofChoice,
  },
  /** The exclusive or of both words of Threefry-2x32 with 20 rounds, for two words of a key and two of a counter. */
  threefry: {
    ...usualFacts,
    arity: 4,
    takes: "integer",
    gradient: null,
    isFloatingPoint: false,
    evaluate: ([key0, key1, counter0, counter1]) => {
      const [x0, x1] = threefry2x32([key0, key1], [counter0, counter1]);
      return (x0 ^ x1) >>> 0;
    },
    price: 0,
    length: 60,
    isComputedAnew: true,
  },
};
