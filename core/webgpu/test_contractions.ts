/**
 * For tests and measurements: products of matrices and convolutions as nests.
 *
 * @module
 */

import type { Expression, Variable } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Contraction, Nest, Phase, Slot } from "../nest/nest.ts";
import type { Pattern } from "./test_patterns.ts";
import { at, loops, makeNest, makePhase, makeSlot, noise, programOf, reduce, store } from "./test_support.ts";

/** Whether each operand is stored as it is read (`N`) or transposed (`T`). */
export type Layout = "NN" | "NT" | "TN";

function contract(
  table: ExpressionTable,
  name: string,
  slots: readonly Slot[],
  parts: Contraction,
  outer: readonly Variable[],
  finish: (sum: Expression) => Phase,
): Nest {
  const product = table.apply("mul", "f32", [parts.left, parts.right]);
  return makeNest({
    name,
    slots,
    outer,
    phases: [
      makePhase({ inner: parts.depth, reductions: [reduce(0, "sum", product)] }),
      finish(table.result("f32", 0)),
    ],
    contraction: parts,
  });
}

/** `[batch] [rows, depth] · [depth, columns]`; a batch of one has no loop. */
export function product(rows: number, columns: number, depth: number, layout: Layout = "NN", batch = 1): Pattern {
  const table = new ExpressionTable();
  const batches = loops(table, batch === 1 ? [] : [batch], "b");
  const [i, j] = loops(table, [rows, columns]);
  const [k] = loops(table, [depth], "k");
  const matrix = (extents: readonly [number, number], indices: readonly [Expression, Expression]): Expression =>
    at(table, [...batches.map(({ extent }) => extent), ...extents], [...batches, ...indices]);
  const left = layout === "TN" ? matrix([depth, rows], [k, i]) : matrix([rows, depth], [i, k]);
  const right = layout === "NT" ? matrix([columns, depth], [j, k]) : matrix([depth, columns], [k, j]);
  const nest = contract(
    table,
    `dot ${layout}`,
    [makeSlot(batch * rows * depth), makeSlot(batch * depth * columns), makeSlot(batch * rows * columns, "write")],
    {
      batch: batches,
      rows: [i],
      columns: [j],
      depth: [k],
      left: table.load("f32", 0, left),
      right: table.load("f32", 1, right),
    },
    [...batches, i, j],
    (sum) => makePhase({ stores: [store(2, matrix([rows, columns], [i, j]), sum)] }),
  );
  return { program: programOf(nest), cells: [noise(batch * rows * depth), noise(batch * depth * columns, 2)] };
}

/** Stores y = tanh(x · w + b) and its derivative, and adds y to another slot in place. */
export function dense(rows: number, columns: number, depth: number): Pattern {
  const table = new ExpressionTable();
  const [i, j] = loops(table, [rows, columns]);
  const [k] = loops(table, [depth], "k");
  const out = at(table, [rows, columns], [i, j]);
  const nest = contract(
    table,
    "dot+add+tanh",
    [
      makeSlot(rows * depth),
      makeSlot(depth * columns),
      makeSlot(columns),
      makeSlot(rows * columns, "write"),
      makeSlot(rows * columns, "write"),
      makeSlot(rows * columns, "readwrite"),
    ],
    {
      batch: [],
      rows: [i],
      columns: [j],
      depth: [k],
      left: table.load("f32", 0, at(table, [rows, depth], [i, k])),
      right: table.load("f32", 1, at(table, [depth, columns], [k, j])),
    },
    [i, j],
    (sum) => {
      const y = table.apply("tanh", "f32", [table.apply("add", "f32", [sum, table.load("f32", 2, j)])]);
      const square = table.apply("mul", "f32", [y, y]);
      return makePhase({
        stores: [
          store(3, out, y),
          store(4, out, table.apply("sub", "f32", [table.literal("f32", 1), square])),
          store(5, out, table.apply("add", "f32", [table.load("f32", 5, out), y])),
        ],
      });
    },
  );
  const cells = [noise(rows * depth), noise(depth * columns, 2), noise(columns, 3)];
  return { program: programOf(nest), cells: [...cells, undefined, undefined, noise(rows * columns, 4)] };
}

/** The sizes of a convolution: batch, input channels, height and width, output channels, kernel height and width. */
export interface Convolution {
  readonly batch: number;
  readonly channels: number;
  readonly size: readonly [number, number];
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly padding?: number;
  readonly stride?: number;
}

const outputSize = ({ size, kernel, padding = 0, stride = 1 }: Convolution): [number, number] => [
  Math.floor((size[0] + 2 * padding - kernel[0]) / stride) + 1,
  Math.floor((size[1] + 2 * padding - kernel[1]) / stride) + 1,
];

const shapes = (conv: Convolution) => ({
  x: [conv.batch, conv.channels, ...conv.size],
  w: [conv.filters, conv.channels, ...conv.kernel],
  y: [conv.batch, conv.filters, ...outputSize(conv)],
});

const elements = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The input at an output position and a position in the kernel; 0 in the padding. */
function inputAt(
  table: ExpressionTable,
  conv: Convolution,
  slot: number,
  [n, c]: readonly Expression[],
  positions: readonly (readonly [Expression, Expression])[],
): Expression {
  const { padding = 0, stride = 1, size } = conv;
  const [y, x] = positions.map(([out, tap]) => table.affine([[out, stride], [tap, 1]], -padding));
  const guard = table.both(table.within(y, 0, size[0]), table.within(x, 0, size[1]));
  return table.load("f32", slot, at(table, shapes(conv).x, [n, c, y, x]), { guard });
}

/** y = conv(x, w). */
export function convolution(conv: Convolution): Pattern {
  const table = new ExpressionTable();
  const { x, w, y } = shapes(conv);
  const [n, f, p, q] = loops(table, y);
  const [c, r, s] = loops(table, w.slice(1), "k");
  const nest = contract(
    table,
    "conv",
    [makeSlot(elements(x)), makeSlot(elements(w)), makeSlot(elements(y), "write")],
    {
      batch: [],
      rows: [n, p, q],
      columns: [f],
      depth: [c, r, s],
      left: inputAt(table, conv, 0, [n, c], [[p, r], [q, s]]),
      right: table.load("f32", 1, at(table, w, [f, c, r, s])),
    },
    [n, f, p, q],
    (sum) => makePhase({ stores: [store(2, at(table, y, [n, f, p, q]), sum)] }),
  );
  return { program: programOf(nest), cells: [noise(elements(x)), noise(elements(w), 2)] };
}

/** The gradient with respect to w, from that of y. */
export function convolutionKernelGradient(conv: Convolution): Pattern {
  const table = new ExpressionTable();
  const { x, w, y } = shapes(conv);
  const [f, c, r, s] = loops(table, w);
  const [n, p, q] = loops(table, [y[0], y[2], y[3]], "k");
  const nest = contract(
    table,
    "conv, gradient of kernel",
    [makeSlot(elements(x)), makeSlot(elements(y)), makeSlot(elements(w), "write")],
    {
      batch: [],
      rows: [f],
      columns: [c, r, s],
      depth: [n, p, q],
      left: table.load("f32", 1, at(table, y, [n, f, p, q])),
      right: inputAt(table, conv, 0, [n, c], [[p, r], [q, s]]),
    },
    [f, c, r, s],
    (sum) => makePhase({ stores: [store(2, at(table, w, [f, c, r, s]), sum)] }),
  );
  return { program: programOf(nest), cells: [noise(elements(x)), noise(elements(y), 2)] };
}

/** The gradient with respect to x, from that of y (dy): the padded convolution of dy with the flipped kernel. */
export function convolutionInputGradient(conv: Convolution): Pattern {
  const table = new ExpressionTable();
  const { x, w, y } = shapes(conv);
  const { padding = 0, stride = 1 } = conv;
  const [n, c, p, q] = loops(table, x);
  const [f, r, s] = loops(table, [w[0], w[2], w[3]], "k");
  const source = ([position, tap]: readonly [Expression, Expression], extent: number): [Expression, Expression] => {
    const shifted = table.affine([[position, 1], [tap, -1]], padding);
    const whole = table.quotient(shifted, stride);
    const even = table.apply("eq", "bool", [table.remainder(shifted, stride), table.literal("i32", 0)]);
    return [
      whole,
      table.both(even, table.both(table.within(shifted, 0, extent * stride), table.within(whole, 0, extent)))!,
    ];
  };
  const [[oy, insideY], [ox, insideX]] = [source([p, r], y[2]), source([q, s], y[3])];
  const nest = contract(
    table,
    "conv, gradient of input",
    [makeSlot(elements(y)), makeSlot(elements(w)), makeSlot(elements(x), "write")],
    {
      batch: [],
      rows: [n, p, q],
      columns: [c],
      depth: [f, r, s],
      left: table.load("f32", 0, at(table, y, [n, f, oy, ox]), { guard: table.both(insideY, insideX) }),
      right: table.load("f32", 1, at(table, w, [f, c, r, s])),
    },
    [n, c, p, q],
    (sum) => makePhase({ stores: [store(2, at(table, x, [n, c, p, q]), sum)] }),
  );
  return { program: programOf(nest), cells: [noise(elements(y)), noise(elements(w), 2)] };
}

const small: Convolution = { batch: 3, channels: 2, size: [9, 7], filters: 5, kernel: [3, 2] };

/** Every pattern with a contraction, by its description. */
export const contractions: Readonly<Record<string, () => Pattern>> = {
  "a product of prime sizes": () => product(13, 37, 29),
  "a product with the right side transposed": () => product(31, 11, 17, "NT"),
  "a product with the left side transposed": () => product(11, 31, 17, "TN"),
  "a product of whole tiles": () => product(128, 128, 64),
  "a product with one column": () => product(41, 1, 23),
  "a product of one row and no depth": () => product(1, 5, 0),
  "a product with deep sums": () => product(6, 10, 1000),
  "a product with sums in blocks": () => product(37, 20, 5003),
  "a product over more iterations than a software driver runs": () => product(2, 3, 150_000),
  "a product without rows": () => product(0, 5, 3),
  "a batch of products": () => product(7, 9, 11, "NN", 5),
  "bias, activation and three outputs in the epilogue": () => dense(19, 21, 34),
  "an in-place update of fewer columns than a tile has": () => dense(70, 10, 34),
  "an in-place update of fewer rows than a tile has": () => dense(10, 70, 34),
  "a long epilogue in large tiles": () => dense(131, 90, 12),
  "a convolution": () => convolution(small),
  "a product whose columns are read four at a time": () => product(21, 148, 19),
  "a convolution whose rows are read four at a time": () =>
    convolution({ batch: 3, channels: 4, size: [8, 12], filters: 6, kernel: [3, 5] }),
  "a convolution with padding and strides": () => convolution({ ...small, padding: 1, stride: 2 }),
  "the gradient of a convolution's kernel": () => convolutionKernelGradient({ ...small, padding: 1 }),
  "the gradient of a convolution's kernel with sums in blocks": () =>
    convolutionKernelGradient({ ...small, batch: 50, padding: 1 }),
  "the gradient of a convolution's kernel, strided": () => convolutionKernelGradient({ ...small, stride: 2 }),
  "the gradient of a convolution's input": () => convolutionInputGradient(small),
  "the gradient of a convolution's input, strided": () => convolutionInputGradient({ ...small, padding: 1, stride: 2 }),
};
