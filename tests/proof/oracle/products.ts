/**
 * Products of matrices.
 *
 * @module
 */

import { matmul } from "../../../core/functions/matmul.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type Draw, type Numbers, plainSpecials } from "./draw.ts";
import type { Gradient, Operation, Sample } from "./operation.ts";
import { elementsOf, SUM_BOUND, sumOf } from "./reductions.ts";
import type { Expected } from "./ulp.ts";
import { castAll, commonShape, elementAt, type Value } from "./values.ts";

/** Products of two numbers are singles, too. */
export const factors: Numbers = { exponents: [-60, 60], specials: plainSpecials };
/** Gradients of products are sums of products. */
export const sums: Gradient = { ulp: 4 };

/** [batch, rows, depth] · [batch, depth, columns] */
function dotShapes(draw: Draw): [number[], number[]] {
  const small = draw.purpose.slopes;
  const extents = small ? [1, 2, 3] : draw.pick([[0, 1, 2, 3, 5, 7], [1, 31, 32, 33, 17], [1, 2, 63, 65, 127, 129]]);
  const [batch, rows, depth, columns] = [
    small ? 2 : draw.pick([1, 1, 2, 3, 5]),
    ...[0, 0, 0].map(() => draw.pick(extents)),
  ];
  return batch * rows * depth * columns > 300_000 ? dotShapes(draw) : [[batch, rows, depth], [batch, depth, columns]];
}

const dot: Operation = {
  bound: SUM_BOUND,
  gradient: sums,
  sample: (draw) => {
    const numbers = { style: draw.style(), ...factors };
    return {
      inputs: dotShapes(draw).map((shape) => draw.value("f32", shape, numbers)),
      apply: (a, b) => a.apply("dot", [b], {}),
      expected: product,
    };
  },
};

/** The product over the last two axes; the axes before them are repeated to one shape. */
function product(a: Value, b: Value): Expected {
  const [rows, depth] = a.shape.slice(-2);
  const batch = commonShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const own = (x: Value, index: readonly number[]): number[] => {
    const missing = batch.length - (x.shape.length - 2);
    return x.shape.slice(0, -2).map((extent, i) => extent === 1 ? 0 : index[missing + i]);
  };
  return elementsOf("f32", [...batch, rows, b.shape.at(-1)!], (index) => {
    const [i, j] = index.slice(-2);
    const [left, right] = [[...own(a, index), i, 0], [...own(b, index), 0, j]];
    const terms = Array.from({ length: depth }, (_, k) => {
      left[left.length - 1] = right[right.length - 2] = k;
      return elementAt(a, left) * elementAt(b, right);
    });
    return sumOf(terms);
  });
}

/** A vector is a row on the left and a column on the right. */
function matrixProduct(a: Value, b: Value): Expected {
  const [left, right] = [a, b].map((x) => castAll(x, "f32"));
  const row = left.shape.length === 1 ? { ...left, shape: [1, ...left.shape] } : left;
  const column = right.shape.length === 1 ? { ...right, shape: [...right.shape, 1] } : right;
  const result = product(row, column);
  const shape = [...result.shape];
  if (right.shape.length === 1) shape.splice(-1, 1);
  if (left.shape.length === 1) shape.splice(right.shape.length === 1 ? -1 : -2, 1);
  return { ...result, shape };
}

function matmulShapes(draw: Draw): [number[], number[]] {
  const [[batch, rows, depth], [, , columns]] = dotShapes(draw);
  const kind = draw.whole(0, 5);
  if (kind === 0) return [[depth], [depth]];
  if (kind === 1) return [[batch, rows, depth], [depth]];
  if (kind === 2) return [[depth], [depth, columns]];
  if (kind === 3) return [[batch, rows, depth], [depth, columns]];
  if (kind === 4) return [[rows, depth], [batch, depth, columns]];
  return [[1, batch, rows, depth], [2, 1, depth, columns]];
}

/** The product of matrices, as a method or a function. */
export function matrixProducts(call: (a: Tensor, b: Tensor) => Tensor): Operation {
  const sample = (draw: Draw): Sample => {
    const numbers = { style: draw.style(), ...factors };
    const types = ["f32", "f32", "f32", "i32", "bool"] as const;
    const inputs = matmulShapes(draw).map((shape) => draw.value(draw.type(types), shape, numbers));
    return { inputs, apply: call, expected: matrixProduct };
  };
  return { bound: SUM_BOUND, gradient: sums, sample };
}

/** One entry per primitive of this file. */
export const productPrimitives = { dot };

/** One entry per function of this file. */
export const productFunctions = { matmul: matrixProducts(matmul) };
