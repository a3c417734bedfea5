/**
 * Programs at the bounds of what devices cut into tiles, vectors, lanes and parts: a size that just fits, one more and
 * one less, and views whose first element is at none of these bounds. Random programs come to few of them, since they
 * are tried on few devices that take long to compile; these are small, and all of them are tried.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { concatenate } from "../../../core/functions/movement.ts";
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
const withLast = (shape: Shape, extent: number): number[] => [...shape.slice(0, -1), extent];
const grown = (shape: Shape, by: number): number[] => withLast(shape, shape.at(-1)! + by);
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
/** Every second element of the last axis. */
const spread: Layout = {
  stored: (shape) => withLast(shape, 2 * shape.at(-1)! - 1),
  view: (x, shape) => x.slice(zeros(shape), withLast(shape, 2 * shape.at(-1)! - 1), withLast(shape.map(() => 1), 2)),
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
  [[1, 65, 17, 68], plain, part(1, 1)],
  [[2, 33, 15, 130], transposed, plain],
  [[1, 31, 8, 36], plain, transposed],
  [[1, 1, 70, 8], plain, part(1, 3)],
  [[1, 130, 3, 1], part(3, 1), plain],
  [[3, 17, 9, 20], below, part(2, 0)],
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

/** A product whose factors are also read behind it, element by element. */
function residualOf(given: Arguments, [rows, columns]: readonly [number, number]): Program {
  given.add([1, rows, columns]).add([1, columns, columns]);
  return given.program((
    a,
    b,
  ) => [a.apply("dot", [b], {}).add(a), a.apply("dot", [b], {}).mul(b.slice([0, 1, 0], [1, 2, columns]))]);
}

/** Rows around those of vectors and of workgroups, as they are stored, and in parts that begin anywhere. */
const maps: readonly (readonly [length: number, layout: Layout])[] = [
  [5, plain],
  [9, part(1, 3)],
  [12, part(1, 3)],
  [12, part(1, 1)],
  [16, part(4, 4)],
  [20, padded(1, 3)],
  [24, padded(4, 4)],
  [64, flipped],
  [63, below],
  [260, spread],
];

/** Elementwise operations, whose number is a multiple of four, on rows of any length. */
function mapOf(given: Arguments, [length, layout]: typeof maps[number]): Program {
  given.add([4, length], layout).add([4, length]).add([4, 1]);
  return given.program((x, y, z) => [
    x.mul(2).sub(y),
    y.slice([0, 1], [4, length]).add(x.slice([0, 0], [4, length - 1])),
    x.add(z).pad([[0, 0], [1, 3]]),
    concatenate([x.slice([0, 0], [4, 2]), y, x.sub(y)], 1),
  ]);
}

/** Reductions of numbers of elements around those of the lanes that share them. */
const layouts = [plain, part(1, 3), padded(1, 3), flipped, below, spread];
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

/** A program, and where it is at a bound. */
export interface Corner {
  readonly name: string;
  readonly program: Program;
  /** The arguments whose memory results take over, so that an element that is computed twice is wrong. */
  readonly donate: readonly number[];
  /** Whether kernels for other devices than those that there are differ in what it is about, or only those do. */
  readonly variants: "also" | "only" | "no";
}

/** All corners: the same seed makes the same ones. */
export function cornersFrom(seed: number): Corner[] {
  const choose = new Choices(seed);
  const corner = (
    name: string,
    make: (given: Arguments) => Program,
    { donate = [], variants = "also" }: Partial<Omit<Corner, "name" | "program">> = {},
  ): Corner => ({ name, program: make(new Arguments(choose)), donate, variants });
  const layoutOf = (i: number): Layout => layouts[i % layouts.length];
  return [
    ...products.map((one) => corner(`product of ${one[0]}`, (given) => productOf(given, one), { donate: [3] })),
    ...([[8, 32], [9, 36]] as const).map((sides) =>
      corner(`product and ${sides}`, (given) => residualOf(given, sides))
    ),
    ...maps.map((one, i) => corner(`map ${i} of ${one[0]}`, (given) => mapOf(given, one), { variants: "no" })),
    ...rows.map((length, i) =>
      corner(`reduction of ${length}`, (given) => reductionOf(given, length, layoutOf(i)), { variants: "only" })
    ),
    ...[1, 48, 65, 200].map((length) =>
      corner(`reduction of ${length} whole numbers`, (given) => wholeReductionOf(given, length), { variants: "only" })
    ),
    ...[4099, 12_289].map((length) => corner(`reduction of ${length} in parts`, (given) => longOf(given, length))),
    ...[1, 3].map((length) => corner(`loop of ${length}`, (given) => loopOf(given, length), { variants: "no" })),
  ];
}
