/**
 * The methods of tensors that compute element by element.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type BinaryOp, binaryOps } from "../../../core/scalar/operations.ts";
import type { Draw } from "./draw.ts";
import { binaryMethod, conversions, unaryMethod } from "./elementwise.ts";
import { choosing } from "./indexing.ts";
import { exact, type Operation, rounded, type Sample } from "./operation.ts";
import { matrixProducts } from "./products.ts";
import { type PlainScalarOp, power, type ScalarDefinition, scalars } from "./scalar.ts";
import { castAll, pointwise, type Value } from "./values.ts";

const numbers: readonly DType[] = ["f32", "i32", "u32"];
const floats = (): DType => "f32";
const notBool = (dtype: DType): DType => dtype === "bool" ? "f32" : dtype;

/** A method that converts its operand to f32. */
const float = (call: (x: Tensor) => Tensor, op: PlainScalarOp): Operation =>
  unaryMethod({ call, definition: scalars[op], computed: floats, positive: op === "log" || op === "sqrt" });

/** A method that keeps whole numbers, and takes bool for f32. */
const number = (call: (x: Tensor) => Tensor, op: PlainScalarOp): Operation =>
  unaryMethod({ call, definition: scalars[op], computed: notBool });

const square: Pick<ScalarDefinition, "meaning" | "bound" | "gradient"> = {
  meaning: ([x], dtype) => scalars.mul.meaning([x, x], dtype),
  bound: rounded,
  gradient: { ulp: 1, slopes: ([x]) => [2 * x] },
};

const reciprocal: Pick<ScalarDefinition, "meaning" | "bound" | "gradient"> = {
  meaning: ([x]) => 1 / x,
  bound: scalars.div.bound,
  gradient: { ulp: 3, slopes: ([x]) => [-1 / x / x] },
};

const trunc: Pick<ScalarDefinition, "meaning" | "bound" | "points"> = {
  meaning: ([x]) => Math.trunc(x),
  bound: exact,
  points: [1, 2, 2 ** 23, 2 ** 31],
};

/** Powers that are computed by multiplications, and natural powers of whole numbers, which wrap around. */
function powerOf(x: Value, exponent: number): Value {
  const own = (meaning: (x: number, dtype: DType) => number, dtype = x.dtype): Value =>
    pointwise(dtype, [castAll(x, dtype)], ([x]) => meaning(x, dtype));
  if (exponent === 0) return own(() => 1);
  if (exponent === 0.5) return own(Math.sqrt, "f32");
  const isWhole = x.dtype === "i32" || x.dtype === "u32";
  if (!isWhole || !(exponent > 0) || !Number.isInteger(exponent)) return own((x) => power(x, exponent), "f32");
  return own((x, dtype) => {
    let product = 1;
    for (let i = 0; i < exponent; i++) product = scalars.mul.meaning([product, x], dtype);
    return product;
  });
}

const exponents = [0, 1, 2, 3, 4, 5, 7, 0.5, -1, -2, 1.5, -0.5, 12];
const definition = { ...scalars.pow, types: numbers, bound: { ...scalars.pow.bound, ulp: 2 } };
const powerOfTensor = binaryMethod({ call: (x, y) => x.pow(y), definition, floats: true, numbers: false });

const pow: Operation = {
  bound: definition.bound,
  gradient: { ulp: 8, webgpu: scalars.pow.bound.webgpu!, least: 1 },
  sample: (draw): Sample => {
    const exponent = draw.pick(exponents);
    if (draw.chance(0.3)) return positivePower(draw);
    const x = draw.value(draw.type(numbers), draw.shape(), { style: draw.style(), positive: draw.purpose.slopes });
    return {
      inputs: [x],
      apply: (x) => x.pow(exponent),
      expected: (x) => powerOf(x, exponent),
      note: `exponent ${exponent}`,
    };
  },
};

/** Slopes exist for positive numbers. */
function positivePower(draw: Draw): Sample {
  if (!draw.purpose.slopes) return powerOfTensor.sample(draw);
  const shape = draw.shape();
  return {
    inputs: [draw.value("f32", shape, { positive: true }), draw.value("f32", shape)],
    apply: (x, y) => x.pow(y),
    expected: (x, y) => pointwise("f32", [x, y], ([x, y]) => power(x, y)),
  };
}

/** Comparisons from the other side. */
const turned = (op: "lt" | "le"): ScalarDefinition => ({
  ...scalars[op],
  meaning: ([a, b], dtype) => scalars[op].meaning([b, a], dtype),
});

/** Any operation with two operands, by its name. */
const byName: Operation = {
  bound: scalars.pow.bound,
  sample: (draw) => {
    const op: BinaryOp = draw.pick(binaryOps);
    const call = (x: Tensor, y: Tensor | number): Tensor => x.binary(op, y);
    return binaryMethod({ call, definition: scalars[op], floats: op === "div" || op === "pow", note: op }).sample(draw);
  },
};

const arithmetic = (
  op: "add" | "sub" | "mul" | "max" | "min",
  call: (x: Tensor, y: Tensor | number) => Tensor,
): Operation => binaryMethod({ call, definition: scalars[op] });

const bitwise = (op: "and" | "or", call: (x: Tensor, y: Tensor) => Tensor): Operation =>
  binaryMethod({ call: (x, y) => typeof y === "number" ? x : call(x, y), definition: scalars[op], numbers: false });

const compared = (definition: ScalarDefinition, call: (x: Tensor, y: Tensor | number) => Tensor): Operation =>
  binaryMethod({ call, definition });

/** One entry per method. */
export const elementwiseMethods = {
  ...conversions,
  neg: number((x) => x.neg(), "neg"),
  abs: number((x) => x.abs(), "abs"),
  sign: number((x) => x.sign(), "sign"),
  exp: float((x) => x.exp(), "exp"),
  log: float((x) => x.log(), "log"),
  sqrt: float((x) => x.sqrt(), "sqrt"),
  square: unaryMethod({ call: (x) => x.square(), definition: square, computed: (dtype) => dtype, types: numbers }),
  reciprocal: unaryMethod({ call: (x) => x.reciprocal(), definition: reciprocal, computed: floats, positive: true }),
  sin: float((x) => x.sin(), "sin"),
  cos: float((x) => x.cos(), "cos"),
  tanh: float((x) => x.tanh(), "tanh"),
  sigmoid: float((x) => x.sigmoid(), "sigmoid"),
  erf: float((x) => x.erf(), "erf"),
  floor: float((x) => x.floor(), "floor"),
  trunc: unaryMethod({ call: (x) => x.trunc(), definition: trunc, computed: (dtype) => dtype }),
  logicalNot: unaryMethod({ call: (x) => x.logicalNot(), definition: scalars.not, computed: () => "bool" }),
  binary: byName,
  add: arithmetic("add", (x, y) => x.add(y)),
  sub: arithmetic("sub", (x, y) => x.sub(y)),
  mul: arithmetic("mul", (x, y) => x.mul(y)),
  div: binaryMethod({ call: (x, y) => x.div(y), definition: scalars.div, floats: true }),
  mod: binaryMethod({ call: (x, y) => x.mod(y), definition: scalars.mod, sloped: false }),
  pow,
  maximum: arithmetic("max", (x, y) => x.maximum(y)),
  minimum: arithmetic("min", (x, y) => x.minimum(y)),
  less: compared(scalars.lt, (x, y) => x.less(y)),
  lessEqual: compared(scalars.le, (x, y) => x.lessEqual(y)),
  greater: compared(turned("lt"), (x, y) => x.greater(y)),
  greaterEqual: compared(turned("le"), (x, y) => x.greaterEqual(y)),
  equal: compared(scalars.eq, (x, y) => x.equal(y)),
  notEqual: compared(scalars.ne, (x, y) => x.notEqual(y)),
  and: bitwise("and", (x, y) => x.and(y)),
  or: bitwise("or", (x, y) => x.or(y)),
  where: choosing((condition, yes, no) => condition.where(yes, no)),
  matmul: matrixProducts((a, b) => a.matmul(b)),
};
