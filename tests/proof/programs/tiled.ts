/**
 * Random programs about what devices cut into tiles, lanes and parts: products, convolutions and reductions of sizes
 * around those of tiles, of arguments with odd strides, with fused operations before and behind them.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { convExtents } from "../../../core/graph/primitives/contraction.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type Argument, graphOf } from "../../oracle.ts";
import { Choices } from "./choices.ts";
import type { Program } from "./program.ts";

/** Sizes of tiles, vectors and micro-kernels, with one more and one less. */
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 23, 31, 32, 33, 47, 63, 64, 65, 127, 128, 129];

/** The most multiplications or elements of most programs, and of one in so many, which threads share. */
const [USUAL, LARGE, LARGE_EVERY] = [8000, 120_000, 12] as const;

/** How an argument becomes a tensor of some shape. */
type View = (stored: Tensor) => Tensor;

/** The arguments of a program that is being made, and how it computes them. */
class Sketch {
  readonly inputs: Argument[] = [];
  readonly views: View[] = [];
  readonly mostWork: number;

  constructor(readonly choose: Choices) {
    this.mostWork = choose.once(LARGE_EVERY) ? LARGE : USUAL;
  }

  /** A size, small enough that it times `others` is no more than the work of the program. */
  size(others = 1, most = Infinity): number {
    const fitting = sizes.filter((size) => size * others <= this.mostWork && size <= most);
    return fitting.length === 0 ? 1 : this.choose.of(fitting);
  }

  /** The number of a new argument that has this shape, with any layout. */
  argument(shape: Shape, { dtype = "f32", isPlain = false }: { dtype?: DType; isPlain?: boolean } = {}): number {
    const { stored, view } = isPlain ? { stored: shape, view: (x: Tensor) => x } : layoutOf(this.choose, shape);
    const isShort = this.choose.once(2);
    const element = (): number => {
      if (dtype === "u32") return this.choose.below(90);
      if (dtype === "i32") return this.choose.below(60) - 70;
      return isShort ? (this.choose.below(25) - 12) / 4 : Math.fround(this.choose.below(2 ** 31) / 2 ** 29 - 2);
    };
    this.inputs.push({ shape: stored, dtype, values: Float64Array.from({ length: sizeOf(stored) }, element) });
    return this.views.push(view) - 1;
  }
}

interface Layout {
  readonly stored: Shape;
  readonly view: View;
}

const plain = (stored: Shape): Layout => ({ stored, view: (x) => x });

/** One way to store a tensor of a shape so that its elements are not in a row. */
const layouts: readonly ((choose: Choices, shape: Shape) => Layout)[] = [
  (_, shape) => plain(shape),
  (choose, shape) => {
    const order = shape.map((_, axis) => axis);
    for (let i = order.length - 1; i > 0; i--) {
      const other = choose.below(i + 1);
      [order[i], order[other]] = [order[other], order[i]];
    }
    const back = shape.map((_, axis) => order.indexOf(axis));
    return { stored: order.map((axis) => shape[axis]), view: (x) => x.transpose(back) };
  },
  (choose, shape) => {
    const axis = choose.below(shape.length);
    const [start, step, rest] = [choose.below(3), choose.of([1, 1, 2, 3]), choose.below(3)];
    const end = start + (shape[axis] - 1) * step + 1;
    const only = (value: number, others: readonly number[]) => others.map((other, i) => i === axis ? value : other);
    return {
      stored: only(end + rest, shape),
      view: (x) => x.slice(only(start, shape.map(() => 0)), only(end, shape), only(step, shape.map(() => 1))),
    };
  },
  (choose, shape) => {
    const axis = choose.below(shape.length);
    return { stored: shape, view: (x) => x.flip(axis) };
  },
  (choose, shape) => {
    const axis = choose.below(shape.length);
    const before = choose.below(Math.min(4, shape[axis]));
    const after = choose.below(Math.min(4, shape[axis] - before));
    const pads = shape.map((_, i): [number, number] => i === axis ? [before, after] : [0, 0]);
    const value = choose.of([0, 0, 1]);
    return {
      stored: shape.map((extent, i) => i === axis ? extent - before - after : extent),
      view: (x) => x.pad(pads, value),
    };
  },
  (choose, shape) => {
    const axis = choose.below(shape.length);
    return { stored: shape.map((extent, i) => i === axis ? 1 : extent), view: (x) => x.broadcastTo(shape) };
  },
];

/** A way to store a tensor: none, one, or two of the above. */
function layoutOf(choose: Choices, shape: Shape): Layout {
  if (shape.length === 0 || choose.once(3)) return plain(shape);
  const outer = choose.of(layouts)(choose, shape);
  if (choose.once(2)) return outer;
  const inner = choose.of(layouts)(choose, outer.stored);
  return { stored: inner.stored, view: (x) => outer.view(inner.view(x)) };
}

/** A step of a program, whose choices are made before it is traced; it gets the tensors of all arguments. */
type Step = (x: Tensor, given: readonly Tensor[]) => Tensor;

/** Elementwise operations before or behind a product or a reduction. */
function elementwiseStep(sketch: Sketch, shape: Shape): Step {
  const { choose } = sketch;
  const axis = choose.below(Math.max(1, shape.length));
  const oneAxis = shape.map((extent, i) => i === axis ? extent : 1);
  switch (choose.below(shape.length === 0 ? 3 : 9)) {
    case 0:
      return (x) => x.mul(0.25).sub(1.5);
    case 1:
      return (x) => x.maximum(0);
    case 2:
      return (x) => x.mul(0.125).tanh();
    case 3: {
      const bias = sketch.argument(oneAxis, { isPlain: true });
      return (x, given) => x.add(given[bias]);
    }
    case 4: {
      const other = sketch.argument(shape);
      return (x, given) => given[other].sub(x);
    }
    case 5: {
      const limit = choose.below(shape[axis] + 1);
      return (x) => x.indexAlong(axis).less(limit).where(x, 0.5);
    }
    case 6: {
      const scale = sketch.argument(oneAxis);
      return (x, given) => x.mul(given[scale]).add(x.mul(0.5));
    }
    case 7:
      return (x) => x.sub(x.flip(axis));
    default:
      return (x) => x.less(0).where(x.mul(3), x);
  }
}

/** Some elementwise steps in order. */
function chain(sketch: Sketch, shape: Shape, most: number): Step {
  const steps = Array.from({ length: sketch.choose.below(most + 1) }, () => elementwiseStep(sketch, shape));
  return (x, given) => steps.reduce((y, step) => step(y, given), x);
}

/** Gradients of longer products take long in double precision. */
const LONGEST_PRODUCT = 300;

const reductions = ["sum", "max", "min", "mean", "prod", "argmax", "argmin"] as const;

/** A reduction along some axes, and what is computed with it. */
function reductionStep(sketch: Sketch, shape: Shape): Step {
  const { choose } = sketch;
  const axes = shape.map((_, axis) => axis).filter(() => choose.once(2));
  const axis = axes.length > 0 ? axes : [choose.below(shape.length)];
  const isLong = axis.reduce((count, one) => count * shape[one], 1) > LONGEST_PRODUCT;
  const op = choose.of(isLong ? reductions.filter((one) => one !== "prod") : reductions);
  // Their results are far from what an accumulator starts with.
  const shift = op === "max" ? -9 : op === "min" ? 9 : 0;
  const moved = (x: Tensor): Tensor => op === "prod" ? x.sin().mul(0.03).add(1) : x.add(shift);
  switch (choose.below(4)) {
    case 0:
      return (x) => moved(x)[op]({ axis });
    case 1:
      return (x) => x.sub(moved(x)[op]({ axis, keepDims: true }).cast("f32"));
    case 2:
      return (x) => moved(x)[op]({ axis, keepDims: true }).cast("f32").mul(0.5).tanh();
    default:
      return (x) => moved(x).sum({ axis, keepDims: true }).add(moved(x)[op]({ axis, keepDims: true }).cast("f32"));
  }
}

/** What follows a product: operations of each element, sometimes with a reduction among them, and a rearrangement. */
function epilogue(sketch: Sketch, shape: Shape): Step {
  const first = chain(sketch, shape, 3);
  const reduce = sketch.choose.once(3) && shape.length > 0 ? reductionStep(sketch, shape) : (x: Tensor) => x;
  const rearranged = sketch.choose.below(4);
  return (x, given) => {
    const y = reduce(first(x, given), given);
    if (rearranged === 0 && y.shape.length > 1) return y.transpose();
    if (rearranged === 1 && y.shape.length > 0) return y.slice(y.shape.map((extent) => Math.min(1, extent - 1)));
    return y;
  };
}

type Maker = (sketch: Sketch) => (given: readonly Tensor[]) => Tensor[];

/** A product of matrices, sometimes two that share a factor. */
const product: Maker = (sketch) => {
  const { choose } = sketch;
  const batch = choose.of([1, 1, 1, 2, 3]);
  const order = choose.below(3);
  const extents = [1, 1, 1];
  // Each of rows, depth and columns is the longest as often as the others.
  for (let i = 0; i < 3; i++) extents[(i + order) % 3] = sketch.size(batch * extents[0] * extents[1] * extents[2]);
  const [rows, depth, columns] = extents;
  const [a, b] = [sketch.argument([batch, rows, depth]), sketch.argument([batch, depth, columns])];
  const [before, behind] = [chain(sketch, [batch, rows, depth], 1), epilogue(sketch, [batch, rows, columns])];
  const again = choose.once(4) ? sketch.argument([batch, columns, sketch.size(batch * rows * columns)]) : undefined;
  return (given) => {
    const x = before(given[a], given).apply("dot", [given[b]], {});
    const result = behind(x, given);
    return again === undefined ? [result] : [result, x.apply("dot", [given[again]], {})];
  };
};

/** [groups, batch, channels, …space] * [groups, filters, channels, …window] */
const convolution: Maker = (sketch) => {
  const { choose } = sketch;
  const [groups, batch] = [choose.of([1, 1, 2, 3]), choose.of([1, 2, 3, 5])];
  const axes = choose.of([1, 2, 2]);
  const each = (list: readonly number[]) => Array.from({ length: axes }, () => choose.of(list));
  const size = each([1, 2, 3, 3, 5]);
  const dilations = each([1, 1, 2, 3]);
  const padding = size.map((extent) => [choose.below(extent), choose.below(extent)] as const);
  const attributes = { strides: each([1, 1, 2, 3]), padding, dilations, inputDilations: each([1, 1, 1, 2]) };
  const spans = size.map((extent, i) => (extent - 1) * dilations[i] + 1);
  const space = spans.map((span) => span + choose.of([0, 1, 2, 3, 4, 6, 7, 8, 13, 16]));
  const work = (channels: number): number => groups * batch * channels * sizeOf(size) * sizeOf(space);
  const channels = sketch.size(work(1), 33);
  const filters = sketch.size(work(channels), 33);
  const x = sketch.argument([groups, batch, channels, ...space]);
  const w = sketch.argument([groups, filters, channels, ...size]);
  const behind = epilogue(sketch, [groups, batch, filters, ...convExtents(space, size, attributes)]);
  return (given) => [behind(given[x].apply("conv", [given[w]], attributes), given)];
};

/** Reductions of a tensor along any axes, perhaps several at once. */
const reduction: Maker = (sketch) => {
  const { choose } = sketch;
  const shape: number[] = [];
  const rank = choose.of([1, 2, 2, 3, 4]);
  while (shape.length < rank) shape.push(sketch.size(sizeOf(shape)));
  if (choose.once(3)) shape[choose.below(shape.length)] *= Math.max(1, Math.floor(sketch.mostWork / sizeOf(shape)));
  const x = sketch.argument(shape);
  const before = chain(sketch, shape, 2);
  const steps = Array.from({ length: 1 + choose.below(2) }, () => reductionStep(sketch, shape));
  return (given) => steps.map((step) => step(before(given[x], given), given));
};

/** A reduction or a product of many values to few results, which is cut into parts for threads and workgroups. */
const long: Maker = (sketch) => {
  const { choose } = sketch;
  const results = choose.of([1, 2, 3, 5, 9]);
  const values = Math.floor((100_000 + choose.below(30_000)) / results);
  if (choose.once(2)) {
    const columns = choose.of([1, 2, 4]);
    const depth = Math.floor(values / 2);
    const a = sketch.argument([1, results, depth]);
    const b = sketch.argument([1, depth, columns]);
    return (given) => [given[a].apply("dot", [given[b]], {})];
  }
  const isFirst = choose.once(2);
  const x = sketch.argument(isFirst ? [values, results] : [results, values], { isPlain: choose.once(2) });
  const [axis, op] = [isFirst ? 0 : 1, choose.of(["sum", "max", "min", "mean", "argmax"] as const)];
  return (given) => [given[x].mul(0.5).sub(9)[op]({ axis })];
};

/** Reductions of whole numbers, whose accumulators start with the least or the greatest one. */
const wholeReduction: Maker = (sketch) => {
  const { choose } = sketch;
  const shape = [sketch.size(), sketch.size()].map((extent) => Math.min(extent, 65));
  const dtype = choose.of(["i32", "u32"] as const);
  const x = sketch.argument(shape, { dtype });
  const [axis, op] = [choose.below(2), choose.of(["sum", "max", "min", "prod", "argmax", "argmin"] as const)];
  return (given) => [given[x][op]({ axis }), given[x][op]()];
};

const makers: readonly Maker[] = [
  product,
  product,
  product,
  convolution,
  convolution,
  reduction,
  reduction,
  wholeReduction,
  long,
];

/** Makes such a program: the same seed makes the same one. */
export function tiledFrom(seed: number): Program {
  const sketch = new Sketch(new Choices(seed));
  const compute = sketch.choose.of(makers)(sketch);
  const { inputs, views } = sketch;
  return { graph: graphOf((...stored) => compute(stored.map((one, i) => views[i](one))), inputs), inputs };
}
