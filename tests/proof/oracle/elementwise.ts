/**
 * The scalar operations as primitives, and the methods that are made of them, with their conversions of element types.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type { Draw, Numbers } from "./draw.ts";
import { exact, type Operation, type Sample } from "./operation.ts";
import { type PlainScalarOp, type ScalarDefinition, scalars } from "./scalar.ts";
import { build, castAll, pointwise, type Value, wider, wrap } from "./values.ts";

const arities: Readonly<Partial<Record<PlainScalarOp, number>>> = { where: 3, threefry: 4 };
const unary: readonly PlainScalarOp[] = [
  ...["neg", "abs", "sign", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "erf", "floor", "not"] as const,
];

/** The number of operands. */
const arityOf = (op: PlainScalarOp): number => arities[op] ?? (unary.includes(op) ? 1 : 2);

/** Operations whose gradient exists for positive numbers only. */
const positive: readonly PlainScalarOp[] = ["log", "sqrt", "pow"];

/** Operands of one shape. Slopes that are known as formulas are compared at numbers of many sizes, too. */
function operands(op: PlainScalarOp, draw: Draw, { points, types }: ScalarDefinition): Value[] {
  const dtype = draw.type(types);
  const shape = draw.shape();
  const slopes = draw.purpose.slopes;
  // Large powers exceed the singles.
  const exponents = op === "pow" ? [-4, 4] as const : [-20, 20] as const;
  const numbers: Numbers = slopes
    ? { style: draw.pick(["moderate", "wide"]), exponents, positive: positive.includes(op) }
    : { style: draw.style(), ...(points && { points }) };
  const one = (dtype: DType): Value => draw.filled(dtype, shape, numbers);
  const drawn = Array.from({ length: arityOf(op) }, (_, i) => one(op === "where" && i === 0 ? "bool" : dtype));
  // Slopes are taken away from kinks and poles, most of which are at 0.
  return slopes
    ? drawn.map((x) => ({ ...x, values: x.values.map((e) => e === 0 && x.dtype === "f32" ? 1 : e) }))
    : withEqual(draw, drawn);
}

/** Now and then, an element of the second operand is that of the first, or close to it. */
function withEqual(draw: Draw, operands: Value[]): Value[] {
  if (operands.length !== 2 || draw.chance(0.5)) return operands;
  const [a, b] = operands;
  return [a, { ...b, values: b.values.map((value, i) => draw.elements.chance(0.3) ? a.values[i] : value) }];
}

/** A primitive. In some calls, one operand is a known number, which the compiler may compute with. */
function primitive(op: PlainScalarOp): Operation {
  const definition = scalars[op];
  const { meaning, bound, gradient, result } = definition;
  const sample = (draw: Draw): Sample => {
    const inputs = operands(op, draw, definition);
    const literal = !draw.purpose.slopes && draw.chance(0.15) ? inputs.length - 1 : -1;
    const value = draw.element(inputs.at(-1)!.dtype, { style: draw.style() });
    if (literal >= 0) inputs[literal] = build(inputs[literal].dtype, inputs[literal].shape, () => value);
    const { dtype } = inputs.at(-1)!;
    return {
      inputs,
      apply: (...tensors) => {
        const [first, ...others] = tensors.map((x, i) => i === literal ? x.fullLike(value) : x);
        return first.apply(op, others, {});
      },
      expected: (...values) => pointwise(result ?? dtype, values, (elements) => meaning(elements, dtype)),
      ...(literal >= 0 && { note: `operand ${literal} is the literal ${value}` }),
    };
  };
  return { bound, sample, ...(gradient && { gradient }) };
}

const plain = Object.fromEntries(Object.keys(scalars).map((op) => [op, primitive(op as PlainScalarOp)])) as Readonly<
  Record<PlainScalarOp, Operation>
>;

const types: readonly DType[] = ["f32", "i32", "u32", "bool"];
const words = ["f32", "i32", "u32"] as const;

function castSample(call: (x: Tensor, dtype: DType) => Tensor): (draw: Draw) => Sample {
  return (draw) => {
    const [from, to] = [draw.type(types), draw.type(types)];
    const points = [2 ** 31, 2 ** 32, 2 ** 24, 0.5, 1, 2 ** 31 - 128];
    return {
      inputs: [draw.value(from, draw.shape(), { style: draw.style(), points })],
      apply: (x) => call(x, to),
      // A whole number as f32 is compared with itself, so that its rounding counts.
      expected: (x) => to === "f32" ? { ...x, dtype: to } : castAll(x, to),
      note: `to ${to}`,
    };
  };
}

function bitsOf(x: number, from: DType, to: DType): number {
  const view = new DataView(new ArrayBuffer(4));
  if (from === "f32") view.setFloat32(0, x);
  else view.setUint32(0, x);
  return to === "f32" ? view.getFloat32(0) : to === "i32" ? view.getInt32(0) : view.getUint32(0);
}

function bitcastSample(call: (x: Tensor, dtype: "f32" | "i32" | "u32") => Tensor): (draw: Draw) => Sample {
  return (draw) => {
    const [from, to] = [draw.pick(words), draw.pick(words)];
    const x = draw.value(from, draw.shape(), { style: draw.style() });
    return {
      inputs: [x],
      apply: (x) => call(x, to),
      expected: (x) => ({
        ...build(to, x.shape, (_, i) => bitsOf(x.values[i], from, to)),
        // NaN has many patterns of bits.
        open: new Set([...x.values.keys()].filter((i) => Number.isNaN(x.values[i]) && to !== "f32")),
      }),
      note: `to ${to}`,
    };
  };
}

const casting = { bound: { ulp: 0.5, signedZeros: true }, gradient: { ulp: 0 } } as const;

/** One entry per elementwise primitive. */
export const elementwisePrimitives = {
  ...plain,
  cast: { ...casting, sample: castSample((x, dtype) => x.apply("cast", [], { dtype })) },
  bitcast: { bound: exact, sample: bitcastSample((x, dtype) => x.apply("bitcast", [], { dtype })) },
};

/** The methods that convert. */
export const conversions = {
  cast: { ...casting, sample: castSample((x, dtype) => x.cast(dtype)) },
  bitcast: { bound: exact, sample: bitcastSample((x, dtype) => x.bitcast(dtype)) },
};

/** How a method with one operand follows from a scalar definition. */
interface UnaryMethod {
  readonly call: (x: Tensor) => Tensor;
  readonly definition: Pick<ScalarDefinition, "meaning" | "bound" | "points" | "gradient">;
  /** The element type in which it is computed. */
  readonly computed: (dtype: DType) => DType;
  readonly types?: readonly DType[];
  readonly positive?: boolean;
}

/** A method with one operand. */
export function unaryMethod(
  { call, definition, computed, types: taken = types, positive = false }: UnaryMethod,
): Operation {
  const { meaning, bound, points, gradient } = definition;
  const sample = (draw: Draw): Sample => ({
    inputs: [
      draw.value(draw.type(taken), draw.shape(), {
        style: draw.style(),
        ...(points && { points }),
        positive: positive && draw.purpose.slopes,
      }),
    ],
    apply: call,
    expected: (x) => {
      const dtype = computed(x.dtype);
      return pointwise(dtype, [castAll(x, dtype)], (elements) => meaning(elements, dtype));
    },
  });
  return { bound, sample, ...(gradient && { gradient }) };
}

/** How a method with two operands follows from a scalar definition. */
interface BinaryMethod {
  readonly call: (x: Tensor, other: Tensor | number) => Tensor;
  readonly definition: Pick<ScalarDefinition, "meaning" | "bound" | "points" | "gradient" | "types" | "result">;
  /** Whether it is computed in f32 whatever the operands are. */
  readonly floats?: boolean;
  /** Whether there are slopes near each pair of numbers; default: true. */
  readonly sloped?: boolean;
  /** Whether the other operand may be a number. */
  readonly numbers?: boolean;
  /** Arguments of {@linkcode call}, for messages. */
  readonly note?: string;
}

/** The element type that a number gets beside a tensor. */
export function besideNumber(dtype: DType, value: number): DType {
  const own = dtype === "bool" ? "i32" : dtype;
  return own === "f32" || wrap(own, value) === value ? own : "f32";
}

/** A number as an element type that holds it, or rounded to a single. */
export function numberAs(dtype: DType, value: number): Value {
  return { dtype, shape: [], values: Float64Array.of(dtype === "f32" ? Math.fround(value) : value) };
}

function binarySample(draw: Draw, { call, definition, floats, numbers = true, note }: BinaryMethod): Sample {
  const { meaning, points, result, types: taken } = definition;
  const fits = (dtype: DType): boolean => floats || taken.includes(dtype);
  const [a, b] = drawPair(draw, types.filter((dtype) => floats || taken.includes("f32") || dtype !== "f32"), fits);
  const style = { style: draw.style(), ...(points && { points }) };
  const shape = draw.shape();
  const x = draw.value(a, draw.narrower(shape), style);
  const compute = (dtype: DType, operands: readonly Value[]) => {
    const computed = floats ? "f32" : dtype;
    const converted = operands.map((x) => castAll(x, computed));
    return pointwise(result ?? computed, converted, (elements) => meaning(elements, computed));
  };
  const number = draw.element(draw.type(words), { style: draw.style() });
  if (numbers && draw.chance(0.3) && fits(besideNumber(a, number))) {
    const scalar = numberAs(besideNumber(a, number), number);
    return {
      inputs: [x],
      apply: (x) => call(x, number),
      expected: (x) => compute(scalar.dtype, [x, scalar]),
      note: `${note ?? ""} with the number ${number}`,
    };
  }
  return {
    inputs: [x, draw.value(b, draw.narrower(shape), style)],
    apply: (x, y) => call(x, y),
    expected: (x, y) => compute(wider(x.dtype, y.dtype), [x, y]),
    ...(note && { note }),
  };
}

/** Two element types whose common one the operation takes. */
function drawPair(draw: Draw, types: readonly DType[], fits: (dtype: DType) => boolean): [DType, DType] {
  for (;;) {
    const pair: [DType, DType] = [draw.type(types), draw.type(types)];
    if (fits(wider(...pair))) return pair;
  }
}

/** A method with two operands, whose shapes broadcast. */
export function binaryMethod(method: BinaryMethod): Operation {
  const { definition: { bound, gradient }, sloped = true } = method;
  const sample = (draw: Draw): Sample => binarySample(draw, method);
  // The gradient of a repeated operand is a sum, so it is compared with central differences.
  return { bound, sample, ...(gradient && sloped && { gradient: { ulp: gradient.ulp + 1, least: 1 } }) };
}
