/**
 * Loops, functions that are computed again for their gradient, and gradients as functions.
 *
 * @module
 */

import type { Tensor } from "../../../core/tensor.ts";
import { checkpoint, grad, valueAndGrad, vjp } from "../../../core/gradients.ts";
import { scan } from "../../../core/scan.ts";
import type { Draw } from "./draw.ts";
import type { Operation, Results, Sample } from "./operation.ts";
import type { Expected } from "./ulp.ts";
import { build, pointwise, type Value, wrap } from "./values.ts";

/** What runs from step to step: one row of elements, which do not meet each other. */
interface Running {
  readonly carry: Expected;
  readonly outputs: Expected;
}

type Step = (carry: number, x: number, constant: number) => { readonly carry: number; readonly output: number };

/** The loop over the first axis of `x`, for each element of the others. */
function run([initial, x, constant]: readonly Value[], step: Step, reverse: boolean): Running {
  const [length, ...shape] = x.shape;
  const width = initial.values.length;
  const carry = initial.values.slice();
  const sizes = initial.values.map(Math.abs);
  const outputs = new Float64Array(length * width);
  const units = new Float64Array(length * width);
  for (let n = 0; n < length; n++) {
    const t = reverse ? length - 1 - n : n;
    for (let i = 0; i < width; i++) {
      const next = step(carry[i], x.values[t * width + i], constant.values[i]);
      // The same with the sizes of all terms.
      const size = step(sizes[i], Math.abs(x.values[t * width + i]), Math.abs(constant.values[i]));
      [carry[i], outputs[t * width + i]] = [wrap(x.dtype, next.carry), wrap(x.dtype, next.output)];
      [sizes[i], units[t * width + i]] = [size.carry, size.output];
    }
  }
  return {
    carry: { dtype: x.dtype, shape: initial.shape, values: carry, units: sizes },
    outputs: { dtype: x.dtype, shape: [length, ...shape], values: outputs, units },
  };
}

/** c′ = c · k + x, with the output c′ · x. */
const recurrence: Step = (carry, x, k) => ({ carry: carry * k + x, output: (carry * k + x) * x });
const body = (k: Tensor) => (carry: Tensor, x: Tensor): [Tensor, Tensor] => {
  const next = carry.mul(k).add(x);
  return [next, next.mul(x)];
};

/** Whole numbers that wrap around. */
const counting: Step = (carry, x, k) => ({
  carry: Math.imul(carry, k) + x,
  output: Math.imul(Math.imul(carry, k) + x, x),
});

type Part = (results: readonly [Tensor, Tensor]) => Results<Tensor>;

function looping(part: Part, expected: (running: Running) => Results<Expected>): Operation {
  const sample = (draw: Draw): Sample => {
    const small = draw.purpose.slopes;
    const shape = small ? draw.pick([[], [2], [2, 2]]) : draw.pick([[], [1], [5], [33], [2, 3], [0], [4, 1, 7]]);
    const length = draw.pick(small ? [1, 3] : [0, 1, 2, 7, 33]);
    const dtype = draw.type(["f32", "f32", "i32"]);
    const reverse = draw.chance(0.5);
    const k = draw.value(dtype, shape);
    // A factor below 1 in size, so that nothing overflows.
    const factor = dtype === "f32" ? { ...k, values: k.values.map((x) => Math.fround(Math.sin(x) * 0.9)) } : k;
    return {
      inputs: [draw.value(dtype, shape), draw.value(dtype, [length, ...shape]), factor],
      apply: (initial, x, k) => part(scan(body(k), initial, x, { reverse })),
      expected: (...inputs) => expected(run(inputs, inputs[1].dtype === "i32" ? counting : recurrence, reverse)),
      note: reverse ? "reversed" : "forward",
    };
  };
  return { bound: { ulp: 4, of: "Σ |terms|", signedZeros: false }, gradient: { ulp: 4, least: 1 }, sample };
}

const both = looping((results) => results, ({ carry, outputs }) => [carry, outputs]);

/** One result of several: the other is not used. */
const picking: Operation = {
  ...both,
  sample: (draw) => {
    const index = draw.whole(0, 1);
    return looping((results) => results[index], ({ carry, outputs }) => [carry, outputs][index]).sample(draw);
  },
};

const wave = (x: Tensor): Tensor => x.tanh().mul(x.exp());

const recomputed: Operation = {
  bound: { ulp: 4 },
  gradient: { ulp: 4, least: 1 },
  sample: (draw) => ({
    inputs: [draw.value("f32", draw.shape(), { style: draw.style(), exponents: [-40, 4], specials: [0, 1] })],
    apply: (x) => checkpoint(wave)(x),
    expected: (x) => pointwise("f32", [x], ([x]) => Math.tanh(x) * Math.exp(x)),
  }),
};

/** The sum of x³ times y, in the form that each transformation takes. */
function cubic(
  apply: (x: Tensor, y: Tensor) => Results<Tensor>,
  { withValue }: { readonly withValue: boolean },
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape({ most: 500 });
    return {
      inputs: [draw.value("f32", shape), draw.value("f32", shape)],
      apply,
      expected: (x, y) => {
        const terms = x.values.map((x, i) => x ** 3 * y.values[i]);
        const total: Expected = {
          ...build("f32", [], () => terms.reduce((a, b) => a + b, 0)),
          units: Float64Array.of(terms.reduce((a, b) => a + Math.abs(b), 0)),
        };
        const slope = pointwise("f32", [x, y], ([x, y]) => 3 * x * x * y);
        return withValue ? [total, slope] : slope;
      },
    };
  };
  return { bound: { ulp: 4, of: "Σ |terms|", signedZeros: false }, sample };
}

const cube = (x: Tensor, y: Tensor): Tensor => x.pow(3).mul(y).sum();

/** One entry per primitive of this file. */
export const loopPrimitives = { scan: both, checkpoint: recomputed, pick: picking };

/** One entry per transformation. */
export const transformations = {
  scan: both,
  checkpoint: recomputed,
  grad: cubic((x, y) => grad(cube)(x, y), { withValue: false }),
  valueAndGrad: cubic((x, y) => valueAndGrad(cube)(x, y), { withValue: true }),
  vjp: cubic((x, y) => vjp(cube, x, y)[1](x.scalar(1))[0], { withValue: false }),
};
