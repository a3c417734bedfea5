/**
 * Every scalar operation as WGSL text.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { Apply, Expression } from "../../nest/expression.ts";
import type { ScalarOp } from "../../nest/scalar_ops.ts";
import type { MathFunction } from "./math.ts";

/** An operand: its text and what it stands for. */
export interface Operand {
  readonly text: string;
  readonly expression: Expression;
  /** The least value of an integer, where it is known. */
  readonly least?: number | undefined;
}

/** Gives the name of a function of `wgsl_math.ts` and notes that it is used. */
export type UseFunction = (name: MathFunction) => string;

type Rule = (use: UseFunction, dtype: DType, ...args: Operand[]) => string;

/** The WGSL type of a value while it is computed with. */
export const valueType: Record<DType, string> = { f32: "f32", i32: "i32", u32: "u32", bool: "bool" };

/** The WGSL type of an element in memory. */
export const storageType: Record<DType, string> = { f32: "f32", i32: "i32", u32: "u32", bool: "u32" };

const hexadecimal = (value: number): string => `0x${(value >>> 0).toString(16)}u`;
const floatBits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];

/** A literal; values that WGSL cannot write, such as infinity, are made from their bits when the kernel runs. */
export function literalText(use: UseFunction, dtype: DType, value: number): string {
  switch (dtype) {
    case "bool":
      return value ? "true" : "false";
    case "u32":
      return `${value >>> 0}u`;
    case "i32":
      return value === -(2 ** 31) ? "(-2147483647 - 1)" : value < 0 ? `(${value})` : `${value}`;
    case "f32": {
      const rounded = Math.fround(value);
      if (!Number.isFinite(rounded) || Object.is(rounded, -0)) {
        return `${use("bits_f32")}(${hexadecimal(floatBits(value))})`;
      }
      return rounded < 0 ? `(${rounded}f)` : `${rounded}f`;
    }
  }
}

/** A value as it is kept in memory. */
export function storedText(dtype: DType, text: string): string {
  return dtype === "bool" ? `select(0u, 1u, ${text})` : text;
}

/** A value from memory as it is computed with. */
export function loadedText(dtype: DType, text: string): string {
  return dtype === "bool" ? `(${text} != 0u)` : text;
}

const infix = (operator: string): Rule => (_use, _dtype, a, b) => `${a.text} ${operator} ${b.text}`;
const call = (name: string): Rule => (_use, _dtype, ...args) => `${name}(${args.map(({ text }) => text).join(", ")})`;
const helper = (name: MathFunction): Rule => (use, dtype, ...args) => call(use(name))(use, dtype, ...args);
const forBool = (rule: Rule, otherwise: Rule): Rule => (use, dtype, ...args) =>
  (dtype === "bool" ? rule : otherwise)(use, dtype, ...args);
const isLiteral = ({ expression }: Operand): boolean => expression.kind === "literal";

/** NaN is looked for in the bits: drivers take a comparison with `select` for an extreme of numbers, which drops it. */
function extreme(operator: ">" | "<", integer: string, float: MathFunction): Rule {
  return (use, dtype, a, b) => {
    if (dtype !== "f32") return `${integer}(${a.text}, ${b.text})`;
    const [known, other] = isLiteral(a) ? [a, b] : [b, a];
    if (!isLiteral(known)) return `${use(float)}(${a.text}, ${b.text})`;
    return `select(${known.text}, ${other.text}, ${other.text} ${operator} ${known.text} || ${
      use("is_nan")
    }(${other.text}))`;
  };
}

/** `!=` of floats is false for NaN in WGSL as it is compiled here, so that it is written as the opposite of `==`. */
function equality(opposite: boolean): Rule {
  return (use, _dtype, a, b) => {
    const sign = opposite ? "!" : "";
    if (a.expression.dtype !== "f32") return `${a.text} ${opposite ? "!=" : "=="} ${b.text}`;
    if (a.expression === b.expression) return `${opposite ? "" : "!"}${use("is_nan")}(${a.text})`;
    return `${sign}(${a.text} == ${b.text})`;
  };
}

function order(operator: "<" | "<="): Rule {
  return (_use, _dtype, a, b) =>
    a.expression.dtype === "bool" ? `u32(${a.text}) ${operator} u32(${b.text})` : `${a.text} ${operator} ${b.text}`;
}

/** Vulkan leaves the remainder of negative whole numbers undefined, NVIDIA makes use of it, and naga passes it on. */
const remainder: Rule = (_use, dtype, a, b) =>
  dtype === "i32" && !((a.least ?? -1) >= 0 && (b.least ?? -1) >= 0)
    ? `${a.text} - ${a.text} / ${b.text} * ${b.text}`
    : `${a.text} % ${b.text}`;

const shift = (operator: "<<" | ">>"): Rule => (_use, _dtype, a, b) =>
  b.expression.kind === "literal"
    ? `${a.text} ${operator} ${b.expression.value & 31}u`
    : `${a.text} ${operator} (u32(${b.text}) & 31u)`;

const cast: Rule = (use, dtype, a) => {
  const from = a.expression.dtype;
  if (dtype === "bool") return from === "f32" ? `${a.text} != 0f` : `${a.text} != ${valueType[from]}(0)`;
  if (from === "f32" && dtype === "i32") return `${use("truncate_i32")}(${a.text})`;
  if (from === "f32" && dtype === "u32") return `${use("truncate_u32")}(${a.text})`;
  return `${valueType[dtype]}(${a.text})`;
};

const power: Rule = (use, dtype, a, b) => {
  if (b.expression.kind === "literal") {
    if (b.expression.value === 1) return a.text;
    if (b.expression.value === 2) return `${a.text} * ${a.text}`;
    if (b.expression.value === 3) return `${a.text} * ${a.text} * ${a.text}`;
    if (b.expression.value === -1 && dtype === "f32") return `1f / ${a.text}`;
  }
  if (dtype === "f32") return `${use("power")}(${a.text}, ${b.text})`;
  return `${dtype}(round(${use("power")}(f32(${a.text}), f32(${b.text}))))`;
};

const rules: Record<ScalarOp, Rule> = {
  neg: (_use, dtype, a) => dtype === "u32" ? `0u - ${a.text}` : `-${a.text}`,
  abs: call("abs"),
  sign: (_use, dtype, a) => dtype === "u32" ? `min(${a.text}, 1u)` : `sign(${a.text})`,
  exp: helper("exponential"),
  log: helper("logarithm"),
  sqrt: call("sqrt"),
  sin: helper("sine"),
  cos: helper("cosine"),
  tanh: helper("hyperbolic_tangent"),
  sigmoid: helper("logistic"),
  erf: helper("error_function"),
  floor: call("floor"),
  not: forBool((_use, _dtype, a) => `!${a.text}`, (_use, _dtype, a) => `~${a.text}`),
  cast,
  bitcast: (_use, dtype, a) => `bitcast<${valueType[dtype]}>(${a.text})`,
  add: forBool(infix("||"), infix("+")),
  sub: forBool(infix("!="), infix("-")),
  mul: forBool(infix("&&"), infix("*")),
  div: infix("/"),
  mod: remainder,
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
  where: (_use, _dtype, condition, a, b) => `select(${b.text}, ${a.text}, ${condition.text})`,
  threefry: helper("threefry"),
};

const opaque: Record<DType, (use: UseFunction, value: number) => string> = {
  f32: (use, value) => `${use("bits_f32")}(${hexadecimal(floatBits(value))})`,
  i32: (use, value) => `${use("opaque_i32")}(${literalText(use, "i32", value)})`,
  u32: (use, value) => `${use("opaque_u32")}(${value >>> 0}u)`,
  bool: (use, value) => literalText(use, "bool", value),
};

/** The WGSL expression of one operation on operands that are names or literals. */
export function scalarText(use: UseFunction, { op, dtype }: Apply, args: readonly Operand[]): string {
  // The compiler refuses constant expressions that overflow, so that one made of literals only must not look constant.
  const operands = args.every(isLiteral)
    ? args.map(({ text, expression }) => ({
      expression,
      text: expression.kind === "literal" ? opaque[expression.dtype](use, expression.value) : text,
    }))
    : args;
  return rules[op](use, dtype, ...operands);
}
