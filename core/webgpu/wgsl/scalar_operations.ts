/**
 * Every scalar operation as WGSL text.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { ScalarOp } from "../../scalar/operations.ts";
import type { MathFunction } from "./math.ts";

/** An operand: its text, its type, and its value or range if known. */
export interface Operand {
  readonly text: string;
  readonly dtype: DType;
  /** Its value, if the text is a literal. */
  readonly literal?: number | undefined;
  /** The smallest value of an integer, if known. */
  readonly least?: number | undefined;
}

/** Returns the name of a function of `math.ts` and records that it is used. */
export type UseFunction = (name: MathFunction) => string;

/** The context in which an operation is written. */
interface Target {
  readonly use: UseFunction;
  /** The type of the result. */
  readonly dtype: DType;
}

type Rule = (operands: readonly Operand[], target: Target) => string;

/** The WGSL type of a value in computations. */
export const valueType: Record<DType, string> = { f32: "f32", i32: "i32", u32: "u32", bool: "bool" };

/** The WGSL type of an element in memory. */
export const storageType: Record<DType, string> = { f32: "f32", i32: "i32", u32: "u32", bool: "u32" };

const hexadecimal = (value: number): string => `0x${(value >>> 0).toString(16)}u`;
const floatBits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];
const fromBits = (use: UseFunction, value: number): string => `${use("bits_f32")}(${hexadecimal(floatBits(value))})`;

const literals: Record<DType, (use: UseFunction, value: number) => string> = {
  bool: (_, value) => value ? "true" : "false",
  u32: (_, value) => `${value >>> 0}u`,
  i32: (_, value) => value === -(2 ** 31) ? "(-2147483647 - 1)" : value < 0 ? `(${value})` : `${value}`,
  f32: (use, value) => {
    const rounded = Math.fround(value);
    if (!Number.isFinite(rounded) || Object.is(rounded, -0)) return fromBits(use, value);
    return rounded < 0 ? `(${rounded}f)` : `${rounded}f`;
  },
};

/** A literal. Values that WGSL cannot write, such as infinity, are made from their bits when the kernel runs. */
export function literalText(use: UseFunction, dtype: DType, value: number): string {
  return literals[dtype](use, value);
}

/** A value, converted for memory. */
export function storedText(dtype: DType, text: string): string {
  return dtype === "bool" ? `select(0u, 1u, ${text})` : text;
}

/** A value from memory, converted for computations. */
export function loadedText(dtype: DType, text: string): string {
  return dtype === "bool" ? `(${text} != 0u)` : text;
}

const infix = (operator: string): Rule => ([a, b]) => `${a.text} ${operator} ${b.text}`;
const call = (name: string): Rule => (operands) => `${name}(${operands.map(({ text }) => text).join(", ")})`;
const helper = (name: MathFunction): Rule => (operands, target) => call(target.use(name))(operands, target);
const forBool = (rule: Rule, otherwise: Rule): Rule => (operands, target) =>
  (target.dtype === "bool" ? rule : otherwise)(operands, target);
const isLiteral = ({ literal }: Operand): boolean => literal !== undefined;

/** NaN is detected by its bits: drivers turn a comparison with `select` into a maximum or minimum, which drops NaN. */
function extreme(operator: ">" | "<", integer: string, float: MathFunction): Rule {
  return ([a, b], { use, dtype }) => {
    if (dtype !== "f32") return `${integer}(${a.text}, ${b.text})`;
    const [known, other] = isLiteral(a) ? [a, b] : [b, a];
    if (!isLiteral(known)) return `${use(float)}(${a.text}, ${b.text})`;
    return `select(${known.text}, ${other.text}, ${other.text} ${operator} ${known.text} || ${
      use("is_nan")
    }(${other.text}))`;
  };
}

/** `!=` of floats is written as the negation of `==`, because compiled WGSL returns false for NaN. */
function equality(opposite: boolean): Rule {
  return ([a, b], { use }) => {
    const sign = opposite ? "!" : "";
    if (a.dtype !== "f32") return `${a.text} ${opposite ? "!=" : "=="} ${b.text}`;
    if (a.text === b.text) return `${opposite ? "" : "!"}${use("is_nan")}(${a.text})`;
    return `${sign}(${a.text} == ${b.text})`;
  };
}

function order(operator: "<" | "<="): Rule {
  return ([a, b]) =>
    a.dtype === "bool" ? `u32(${a.text}) ${operator} u32(${b.text})` : `${a.text} ${operator} ${b.text}`;
}

const isMinusZero = ({ literal }: Operand): boolean => literal !== undefined && Object.is(Math.fround(literal), -0);

const isZero = ({ literal }: Operand): boolean => literal !== undefined && Math.fround(literal) === 0;

/** The result for 0, negated if the literal is −0. */
const ofZero = (zero: Operand, text: string): string => isMinusZero(zero) ? `-${text}` : text;

/** Drivers take the product with a literal 0 for 0, also that of NaN or infinity. */
const product: Rule = (operands, { use, dtype }) => {
  const [a, b] = operands;
  const zero = dtype === "f32" ? operands.find(isZero) : undefined;
  if (!zero) return `${a.text} * ${b.text}`;
  return ofZero(zero, `${use("times_zero")}(${(zero === a ? b : a).text})`);
};

/** Drivers may take a quotient with a literal 0 for 0. */
const quotient: Rule = ([a, b], { use, dtype }) => {
  if (dtype === "f32" && isZero(b)) return ofZero(b, `${use("over_zero")}(${a.text})`);
  if (dtype === "f32" && isZero(a)) return ofZero(a, `${use("zero_over")}(${b.text})`);
  return `${a.text} / ${b.text}`;
};

/** Drivers take the difference of a value and itself for 0, also that of NaN or infinity. */
const difference: Rule = ([a, b], { use, dtype }) =>
  dtype === "f32" && a.text === b.text ? `abs(${use("times_zero")}(${a.text}))` : `${a.text} - ${b.text}`;

/** Vulkan leaves the remainder of negative integers undefined, NVIDIA relies on that, and naga does not correct it. */
const remainder: Rule = ([a, b], { use, dtype }) =>
  dtype === "f32"
    ? `${use("remainder")}(${a.text}, ${b.text})`
    : dtype === "i32" && !((a.least ?? -1) >= 0 && (b.least ?? -1) >= 0)
    ? `${a.text} - ${a.text} / ${b.text} * ${b.text}`
    : `${a.text} % ${b.text}`;

/** A division of integers whose result is 0 if the divisor is 0. WGSL has other results, and refuses a literal 0. */
const byAny = (rule: Rule): Rule => (operands, target) => {
  const { text, literal, least } = operands[1];
  const { use, dtype } = target;
  if (dtype === "f32" || (literal ?? 0) !== 0 || (least ?? 0) > 0) return rule(operands, target);
  const zero = literalText(use, dtype, 0);
  return literal === 0 ? zero : `select(${rule(operands, target)}, ${zero}, ${text} == ${zero})`;
};

const shift = (operator: "<<" | ">>"): Rule => ([a, b]) =>
  b.literal === undefined ? `${a.text} ${operator} (u32(${b.text}) & 31u)` : `${a.text} ${operator} ${b.literal & 31}u`;

/** Casts that are not plain conversions, by the types of the operand and of the result. For NaN, `!=` would be false. */
const casts: Record<DType, Partial<Record<DType, Rule>>> = {
  f32: { bool: ([a]) => `!(${a.text} == 0f)`, i32: helper("truncate_i32"), u32: helper("truncate_u32") },
  i32: { bool: ([a]) => `${a.text} != i32(0)` },
  u32: { bool: ([a]) => `${a.text} != u32(0)` },
  bool: {},
};

const cast: Rule = (operands, target) =>
  (casts[operands[0].dtype][target.dtype] ?? call(valueType[target.dtype]))(operands, target);

/** Powers with a known exponent that are products. */
const knownPowers: Readonly<Record<number, (base: string) => string>> = {
  1: (base) => base,
  2: (base) => `${base} * ${base}`,
  3: (base) => `${base} * ${base} * ${base}`,
};

const power: Rule = ([a, b], { use, dtype }) => {
  if (dtype === "f32" && isMinusZero(a)) return `${use("power_of_minus_zero")}(${b.text})`;
  const known = b.literal === undefined ? undefined : knownPowers[b.literal];
  if (known) return known(a.text);
  if (b.literal === -1 && dtype === "f32") return `1f / ${a.text}`;
  if (dtype === "f32") return `${use("power")}(${a.text}, ${b.text})`;
  return `${dtype}(round(${use("power")}(f32(${a.text}), f32(${b.text}))))`;
};

const rules: Record<ScalarOp, Rule> = {
  neg: ([a], { dtype }) => dtype === "u32" ? `0u - ${a.text}` : `-${a.text}`,
  abs: call("abs"),
  sign: ([a], { use, dtype }) =>
    dtype === "u32" ? `min(${a.text}, 1u)` : dtype === "f32" ? `${use("sign_of")}(${a.text})` : `sign(${a.text})`,
  exp: helper("exponential"),
  log: helper("logarithm"),
  sqrt: call("sqrt"),
  sin: helper("sine"),
  cos: helper("cosine"),
  tanh: helper("hyperbolic_tangent"),
  sigmoid: helper("logistic"),
  erf: helper("error_function"),
  floor: call("floor"),
  not: forBool(([a]) => `!${a.text}`, ([a]) => `~${a.text}`),
  cast,
  bitcast: ([a], { dtype }) => `bitcast<${valueType[dtype]}>(${a.text})`,
  add: forBool(infix("||"), infix("+")),
  sub: forBool(infix("!="), difference),
  mul: forBool(infix("&&"), product),
  div: byAny(quotient),
  mod: byAny(remainder),
  max: forBool(infix("||"), extreme(">", "max", "maximum")),
  min: forBool(infix("&&"), extreme("<", "min", "minimum")),
  pow: power,
  lt: order("<"),
  le: order("<="),
  eq: equality(false),
  ne: equality(true),
  and: forBool(infix("&&"), infix("&")),
  or: forBool(infix("||"), infix("|")),
  xor: forBool(infix("!="), infix("^")),
  shl: shift("<<"),
  shr: shift(">>"),
  where: ([condition, a, b]) => `select(${b.text}, ${a.text}, ${condition.text})`,
  threefry: helper("threefry"),
};

/** Literals that do not look constant to the compiler. */
const opaque: Record<DType, (use: UseFunction, value: number) => string> = {
  f32: fromBits,
  i32: (use, value) => `${use("opaque_i32")}(${literalText(use, "i32", value)})`,
  u32: (use, value) => `${use("opaque_u32")}(${value >>> 0}u)`,
  bool: (use, value) => literalText(use, "bool", value),
};

/** The WGSL expression of one operation on operands that are names or literals. */
export function scalarText(op: ScalarOp, operands: readonly Operand[], target: Target): string {
  // The compiler rejects constant expressions that overflow, so an operation on literals must not look constant.
  const hidden = operands.every(isLiteral)
    ? operands.map((one) => ({ ...one, text: opaque[one.dtype](target.use, one.literal!) }))
    : operands;
  return rules[op](hidden, target);
}
