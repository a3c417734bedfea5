/**
 * Programs at the bounds of what devices cut into tiles, vectors, lanes and parts: a size that just fits, one more and
 * one less, and views whose first element is at none of these bounds. Random programs come to few of them, since they
 * are tried on few devices that take long to compile; these are small, and all of them are tried.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { scan } from "../../../core/scan.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type Argument, graphOf } from "../../oracle.ts";
import { Choices } from "./choices.ts";
import type { Program } from "./program.ts";

/** How a tensor of a shape is stored, and how it is made from what is stored. */
interface Layout {
  readonly stored: (shape: Shape) => Shape;
  readonly view: (x: Tensor, shape: Shape) => Tensor;
}

const swapped = (shape: Shape): number[] => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
const grown = (shape: Shape, by: number): number[] =>
  shape.map((extent, i) => i < shape.length - 1 ? extent : extent + by);
const zeros = (shape: Shape): number[] => shape.map(() => 0);

/** A part that begins behind some elements of the last axis, and ends before some others. */
const part = (before: number, behind: number): Layout => ({
  stored: (shape) => grown(shape, before + behind),
  view: (x, shape) => x.slice(grown(zeros(shape), before), grown(shape, before)),
});

/** The rows from the second one on: a part whose elements are in a row, but do not begin at the first. */
const below: Layout = {
  stored: ([first, ...others]) => [first + 1, ...others],
  view: (x, shape) => x.slice([1, ...zeros(shape.slice(1))], [shape[0] + 1, ...shape.slice(1)]),
};

/** Elements of padding along the last axis, which are not in memory. */
const padded = (before: number, behind: number): Layout => ({
  stored: (shape) => grown(shape, -before - behind),
  view: (x, shape) => x.pad(shape.map((_, i): [number, number] => i < shape.length - 1 ? [0, 0] : [before, behind])),
});

const plain: Layout = { stored: (shape) => shape, view: (x) => x };
const transposed: Layout = {
  stored: swapped,
  view: (x, { length }) => x.transpose(swapped(Array.from({ length }, (_, axis) => axis))),
};
const flipped: Layout = { stored: (shape) => shape, view: (x) => x.flip(-1) };
const spread: Layout = {
  stored: (shape) => [...shape.slice(0, -1), 2 * shape.at(-1)! - 1],
  view: (x, shape) =>
    x.slice(
      zeros(shape),
      grown(zeros(shape), 2 * shape.at(-1)! - 1).map((end, i) => i < shape.length - 1 ? shape[i] : end),
      grown(zeros(shape).map(() => 1), 1),
    ),
};

/** The arguments of a program that is being made. */
class Arguments {
  readonly inputs: Argument[] = [];
  readonly #views: ((x: Tensor) => Tensor)[] = [];

  constructor(readonly choose: Choices) {}

  add(shape: Shape, layout: Layout = plain, dtype: DType = "f32"): this {
    const stored = layout.stored(shape);
    const values = Float64Array.from(
      { length: sizeOf(stored) },
      () => dtype === "f32" ? (this.choose.below(33) - 16) / 8 : this.choose.below(40) + (dtype === "i32" ? -50 : 1),
    );
    this.inputs.push({ shape: stored, dtype, values });
    this.#views.push((x) => layout.view(x, shape));
    return this;
  }

  program(compute: (...given: Tensor[]) => Tensor[]): Program {
    const { inputs } = this;
    return { graph: graphOf((...stored) => compute(...stored.map((one, i) => this.#views[i](one))), inputs), inputs };
  }
}

type Size = readonly [batch: number, rows: number, depth: number, columns: number];

/** Products whose sides, depths and layouts are around those of tiles, of their vectors, and of their steps in depth. */
const products: readonly (readonly [size: Size, left: Layout, right: Layout])[] = [
  [[1, 5, 7, 9], plain, plain],
  [[1, 64, 16, 64], plain, plain],
  [[1, 65, 17, 68], plain, plain],
  [[2, 33, 15, 130], transposed, plain],
  [[1, 31, 8, 36], plain, transposed],
  [[1, 1, 70, 6], plain, part(1, 3)],
  [[1, 130, 3, 1], part(3, 1), plain],
  [[3, 17, 9, 20], below, part(2, 2)],
  [[1, 50, 33, 28], flipped, plain],
  [[1, 9, 12, 40], plain, padded(3, 5)],
  [[1, 128, 31, 4], padded(4, 4), below],
  [[2, 12, 20, 24], part(4, 4), part(4, 8)],
];

function productOf(given: Arguments, [[batch, rows, depth, columns], left, right]: typeof products[number]): Program {
  given.add([batch, rows, depth], left).add([batch, depth, columns], right).add([columns]).add([batch, rows, columns]);
  return given.program((a, b, bias, other) => {
    const product = a.apply("dot", [b], {});
    return [product.add(bias).maximum(-1).add(other.mul(0.5))];
  });
}

/** Elementwise operations on numbers of elements around those of vectors and of workgroups, in all layouts. */
const lengths = [3, 4, 5, 8, 12, 252, 256, 260, 1028];
const layouts = [plain, part(1, 3), part(4, 4), part(2, 6), padded(1, 3), padded(4, 4), flipped, below, spread];

function mapOf(given: Arguments, length: number, layout: Layout): Program {
  const shape = [3, Math.max(length, 9)];
  given.add(shape, layout).add(shape).add([3, 1]);
  return given.program((x, y, z) => [
    x.mul(2).sub(y),
    y.slice([0, 1], [3, shape[1]]).add(x.slice([0, 0], [3, shape[1] - 1])),
    x.add(z).pad([[0, 0], [1, 3]]),
    x.less(y).where(x, z),
  ]);
}

/** Reductions of numbers of elements around those of the lanes that share them. */
const rows = [1, 31, 47, 48, 49, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025];

function reductionOf(given: Arguments, length: number, layout: Layout): Program {
  given.add([3, Math.max(length, 9)], layout);
  return given.program((x) => [
    x.sub(9).max({ axis: 1 }),
    x.argmin({ axis: 1 }),
    x.sub(x.max({ axis: 1, keepDims: true })).exp().sum({ axis: 1 }),
    x.sub(x.mean({ axis: 1, keepDims: true })).square().mean(),
  ]);
}

function wholeReductionOf(given: Arguments, length: number): Program {
  given.add([2, length], plain, "i32").add([length, 2], plain, "u32");
  return given.program((x, y) => [x.max({ axis: 1 }), x.sum({ axis: 1 }), y.min({ axis: 0 }), y.argmax({ axis: 0 })]);
}

/** A reduction in parts, which a second kernel joins, and a product of the same kind. */
function longOf(given: Arguments, length: number): Program {
  given.add([2, length], part(1, 0)).add([length, 3]);
  return given.program((x, y) => [x.sum({ axis: 1 }), y.max({ axis: 0 }), x.matmul(y)]);
}

/** Loops in loops, whose kernels read both counters. */
function loopOf(given: Arguments, length: number): Program {
  given.add([length, 5, 4]).add([3, 4]);
  return given.program((x, start) => {
    const inner = (sum: Tensor, row: Tensor): readonly [Tensor, Tensor] => [sum.add(row), sum.mul(row)];
    const [last, all] = scan(
      (carry: Tensor, rows: Tensor): readonly [Tensor, Tensor] => {
        const [sum, products] = scan(inner, carry, rows);
        return [sum.mul(0.5), products.sum({ axis: 0 })];
      },
      start,
      x,
    );
    return [last, all];
  });
}

/** All corners: the same seed makes the same ones. */
export function cornersFrom(seed: number): Program[] {
  const choose = new Choices(seed);
  const made = (): Arguments => new Arguments(choose);
  return [
    ...products.map((one) => productOf(made(), one)),
    ...lengths.map((length, i) => mapOf(made(), length, layouts[i % layouts.length])),
    ...rows.map((length, i) => reductionOf(made(), length, layouts[i % layouts.length])),
    ...[1, 48, 65, 200].map((length) => wholeReductionOf(made(), length)),
    ...[4099, 12_289].map((length) => longOf(made(), length)),
    ...[1, 3].map((length) => loopOf(made(), length)),
  ];
}
