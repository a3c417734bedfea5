/**
 * First gradients, compared with slopes of the definitions in double precision: formulas of scalar operations, and
 * central differences of all others.
 *
 * @module
 */

import { jit } from "../../../core/jit.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { grad } from "../../../core/gradients.ts";
import type { Draw } from "./draw.ts";
import { type Gradient, listed, type Sample } from "./operation.ts";
import { type Caller, type Outcome, tensorOf } from "./modes.ts";
import type { Expected } from "./ulp.ts";
import type { Value } from "./values.ts";

/** The distance of central differences. Arguments differ by more than four times as much. */
const STEP = 2 ** -9;

/** Cotangents of the results, which are exact in products. */
function weightsFor(results: readonly Expected[], draw: Draw): Value[] {
  return results.map(({ shape, values }) => ({
    dtype: "f32",
    shape,
    values: values.map(() => draw.pick([-2, -1, -0.5, 0.5, 1, 2])),
  }));
}

/** Prepares the gradients of Σ weight · result by all arguments of type f32. */
export function gradientCallerOf(sample: Sample, gradient: Gradient, draw: Draw): Caller {
  const results = listed(sample.expected(...sample.inputs));
  const weights = weightsFor(results, draw);
  const cotangents = weights.map(tensorOf);
  const weighted = (inputs: Tensor[]): Tensor =>
    listed(sample.apply(...inputs))
      .flatMap((result, i) => results[i].dtype === "f32" ? [result.mul(cotangents[i]).sum()] : [])
      .reduce((a, b) => a.add(b));
  const compiled = jit((inputs: Tensor[]) => grad(weighted)(inputs), { name: "oracle gradient" });
  const outcomesOf = async (sample: Sample): Promise<Outcome[]> => {
    const inputs = sample.inputs.map(tensorOf);
    const gradients = compiled(inputs);
    const outcomes: Outcome[] = [];
    for (const [i, tensor] of gradients.entries()) {
      if (sample.inputs[i].dtype !== "f32") continue;
      const expected = gradient.slopes
        ? byFormula(sample, i, { gradient, weights: weights[0] })
        : byDifferences(sample, i, { gradient, weights });
      outcomes.push({ tensor, got: await tensor.data(), expected });
    }
    for (const x of [...gradients, ...inputs]) x.dispose();
    return outcomes;
  };
  return { outcomesOf, [Symbol.dispose]: () => compiled[Symbol.dispose]() };
}

/** The gradient by one argument of an operation on single elements. */
function byFormula(
  { inputs }: Sample,
  which: number,
  { gradient: { slopes, least = 0 }, weights }: { readonly gradient: Gradient; readonly weights: Value },
): Expected {
  const units = new Float64Array(weights.values.length);
  const values = weights.values.map((weight, i) => {
    const slope = slopes!(inputs.map((x) => x.values[i]))[which];
    const { slope: by, unit } = typeof slope === "number" ? { slope, unit: slope } : slope;
    units[i] = Math.max(Math.abs(weight * unit), least);
    return weight * by;
  });
  return { ...inputs[which], values, units };
}

/** The gradient by one argument, with errors of the order of {@linkcode STEP}⁴. */
function byDifferences(
  { inputs, expected }: Sample,
  which: number,
  { gradient: { least = 0 }, weights }: { readonly gradient: Gradient; readonly weights: readonly Value[] },
): Expected {
  const x = inputs[which];
  const units = new Float64Array(x.values.length);
  const at = (position: number, step: number): readonly Expected[] => {
    const values = x.values.with(position, x.values[position] + step);
    return listed(expected(...inputs.with(which, { ...x, values })));
  };
  const values = x.values.map((_, position) => {
    const [far, near, before, after] = [2, 1, -1, -2].map((steps) => at(position, steps * STEP));
    let slope = 0;
    weights.forEach((weight, result) => {
      if (weight.dtype !== "f32" || near[result].dtype !== "f32") return;
      weight.values.forEach((weight, i) => {
        const [a, b, c, d] = [far, near, before, after].map((results) => results[result].values[i]);
        // Windows of padding alone have no slope.
        if (!Number.isFinite(near[result].values[i])) return;
        const term = weight * (8 * (b - c) - (a - d)) / (12 * STEP);
        slope += term;
        units[position] += Math.abs(term);
      });
    });
    units[position] = Math.max(units[position], least);
    return slope;
  });
  return { ...x, values, units };
}
