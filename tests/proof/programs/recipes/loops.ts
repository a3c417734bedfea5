/**
 * Recipes of loops and checkpoints, whose bodies are random programs too, and of the sources of values.
 *
 * @module
 */

import { tensor } from "../../../../core/creation.ts";
import type { SourceAttributes, TupleAttributes } from "../../../../core/graph/attributes.ts";
import { makeNode } from "../../../../core/graph/ops.ts";
import { sizeOf } from "../../../../core/shape.ts";
import { Tensor } from "../../../../core/tensor.ts";
import { checkpoint } from "../../../../core/gradients.ts";
import { scan } from "../../../../core/scan.ts";
import type { Draft } from "../draft.ts";
import { fitted } from "../fitted.ts";
import { numbers } from "../../../oracle.ts";
import type { Recipe } from "./recipe.ts";

/** The deepest nesting of loops and checkpoints. */
const DEEPEST = 2;

const anyType = ["f32", "f32", "f32", "i32", "u32", "bool"] as const;

/** A tensor that depends on a parameter. */
function traced(d: Draft): Tensor {
  const dtype = d.choose.of(anyType);
  return d.pick((x) => x.node.traced && x.dtype === dtype) ?? d.pick((x) => x.node.traced)!;
}

/** Some last tensors of a draft that was filled. */
function filled(d: Draft): Tensor[] {
  const before = d.pool.length;
  d.options.fill(d);
  const made = d.pool.slice(before);
  return made.length > 0 ? made : [d.pick()!];
}

/** A new carry from what a body computed, which does not grow from iteration to iteration. */
function nextCarry(d: Draft, carry: Tensor, made: Tensor): Tensor {
  const typed = made.dtype === carry.dtype
    ? made
    : made.dtype === "f32"
    ? made.floor().cast(carry.dtype)
    : made.cast(carry.dtype);
  const next = fitted(typed, carry.shape, d.choose);
  if (carry.dtype === "bool") return next;
  if (carry.dtype !== "f32") return next.mod(7);
  return d.choose.once(2) ? next.sin() : carry.mul(0.5).add(next.tanh());
}

interface Loop {
  readonly carries: readonly Tensor[];
  readonly stacked: readonly Tensor[];
  readonly length: number;
}

/** The inputs of a loop: tensors of the draft, those to be stacked with one leading extent. */
function inputsOf(d: Draft): Loop {
  const carries = Array.from({ length: 1 + d.choose.below(3) }, () => traced(d));
  const first = d.withAxis(traced(d));
  const length = Math.min(first.shape[0], 6);
  const others = Array.from({ length: d.choose.below(3) }, (_, i) => {
    const x = i === 0 ? first : traced(d);
    return i === 0 && x.shape[0] === length ? x : fitted(x, [length, ...x.shape.slice(1)], d.choose);
  });
  return { carries, stacked: others, length: others.length > 0 ? length : 1 + d.choose.below(4) };
}

/** The values of the first iteration, for the choices in the body. */
function firstValues(d: Draft, { carries, stacked, length }: Loop): Float64Array[] {
  return [
    ...carries.map((carry) => d.valuesOf(carry)),
    ...stacked.map((x) =>
      length === 0 ? new Float64Array(sizeOf(x.shape.slice(1))) : d.valuesOf(x).slice(0, sizeOf(x.shape.slice(1)))
    ),
  ];
}

/** A row that an iteration reads at the index that it counts. */
function readAt(d: Draft, counter: Tensor): Tensor | undefined {
  const table = d.pick((x) => x.shape.length > 0 && sizeOf(x.shape) > 0);
  return table && table.apply("gather", [counter], { axis: 0 });
}

/** A loop over some tensors. It may count its iterations in a carry and read rows by that index. */
function loop(d: Draft): readonly Tensor[] | undefined {
  if (d.options.level >= DEEPEST) return undefined;
  const given = inputsOf(d);
  const counts = d.choose.once(3);
  const start = given.carries[0].scalar(0, "i32");
  const body = (carries: Tensor[], rows: Tensor[]): [Tensor[], Tensor[]] => {
    const [counter] = counts ? carries : [];
    const own = counts ? carries.slice(1) : carries;
    const inside = d.inner([...own, ...rows], firstValues(d, given));
    if (counter) {
      inside.known.set(counter.node, { shape: [], values: Float64Array.of(0) });
      const row = readAt(inside, counter);
      if (row) inside.add(row);
    }
    const made = filled(inside);
    const next = own.map((carry, i) => nextCarry(inside, carry, made[i % made.length]));
    const outputs = made.slice(-1 - d.choose.below(2)).filter(({ shape }) => sizeOf(shape) <= 300);
    return [counter ? [counter.add(1), ...next] : next, outputs];
  };
  const carries = counts ? [start, ...given.carries] : given.carries;
  const options = { reverse: d.choose.once(2), ...(given.stacked.length === 0 ? { length: given.length } : {}) };
  const [last, outputs] = scan(body, [...carries], [...given.stacked], options);
  return [...last, ...outputs];
}

const recomputed: Recipe = (d) => {
  if (d.options.level >= DEEPEST) return undefined;
  const inputs = Array.from({ length: 1 + d.choose.below(2) }, () => traced(d));
  return checkpoint((...parameters: Tensor[]): Tensor[] => {
    const inside = d.inner(parameters, inputs.map((x) => d.valuesOf(x)));
    return filled(inside).slice(-2);
  })(...inputs);
};

/** One recipe for each primitive with several results. */
export const tuple: { readonly [P in keyof TupleAttributes]: Recipe } = { scan: loop, checkpoint: recomputed };

/** Only some of a loop's results, so that others are unused. */
export const pick: Recipe = (d) => loop(d)?.slice(-2, -1);

/** One recipe for each source. */
export const source: { readonly [P in keyof SourceAttributes]: Recipe } = {
  parameter: (d) => d.pool[d.choose.below(d.pool.length)],
  constant: (d) => {
    const x = d.pick()!;
    return x.fullLike(d.choose.below(x.dtype === "bool" ? 2 : 4));
  },
  iota: (d) => {
    const { shape } = d.withAxis(d.pick()!);
    const axis = d.choose.below(shape.length);
    return new Tensor(makeNode("iota", [], { shape, dtype: d.choose.of(["i32", "u32", "f32"]), axis }));
  },
  data: (d) => {
    const { shape } = d.pick()!;
    const { values } = numbers(shape, { seed: d.choose.below(99) });
    return tensor(Float32Array.from(values), shape);
  },
};
