/**
 * Products in sizes and forms for which WebAssembly packs their sides in different ways, without machine code and with
 * that of each instruction set.
 *
 * @module
 */

import { conv2d } from "../../core/functions/convolution.ts";
import { relu } from "../../core/functions/activations.ts";
import { matmul } from "../../core/functions/matmul.ts";
import type { Tensor } from "../../core/tensor.ts";
import { f32, type Idiom, productCalls } from "./calls.ts";

const sizes: readonly (readonly [rows: number, columns: number, depth: number])[] = [
  [17, 33, 65],
  [64, 64, 64],
  [100, 10, 128],
  [8, 6, 5000],
  [130, 65, 31],
  [5, 37, 100],
  [37, 6, 100],
];

const of = (
  fn: (a: Tensor, b: Tensor) => Tensor,
  typesOf: (size: { rows: number; columns: number; depth: number }) => readonly [number[], number[]],
): Idiom =>
  productCalls(
    fn,
    ...sizes.map(([rows, columns, depth]) => typesOf({ rows, columns, depth }).map((shape) => f32(...shape))),
  );

const everySecond = (x: Tensor, axis: number): Tensor =>
  x.slice(x.shape.map(() => 0), x.shape, x.shape.map((_, i) => i === axis ? 2 : 1));

/** The products by name. */
export const machineCode: Readonly<Record<string, Idiom>> = {
  "products": of((a, b) => matmul(a, b), ({ rows, columns, depth }) => [[rows, depth], [depth, columns]]),
  "products of a transposed matrix": of(
    (a, b) => matmul(a.transpose(), b),
    ({ rows, columns, depth }) => [[depth, rows], [depth, columns]],
  ),
  "products with a transposed matrix": of(
    (a, b) => matmul(a, b.transpose()),
    ({ rows, columns, depth }) => [[rows, depth], [columns, depth]],
  ),
  "products of every second row and column": of(
    (a, b) => matmul(everySecond(everySecond(a, 0), 1), everySecond(everySecond(b, 0), 1)),
    ({ rows, columns, depth }) => [[2 * rows, 2 * depth], [2 * depth, 2 * columns]],
  ),
  "products of flipped matrices": of(
    (a, b) => matmul(a.flip([0, 1]), b.flip([0, 1])),
    ({ rows, columns, depth }) => [[rows, depth], [depth, columns]],
  ),
  "products of padded matrices": of(
    (a, b) => matmul(a.pad([[1, 1], [2, 1]]), b.pad([[1, 2], [1, 2]])),
    ({ rows, columns, depth }) => [[rows, depth], [depth, columns]],
  ),
  "products of computed matrices": of(
    (a, b) => matmul(relu(a), b.mul(2).add(1)),
    ({ rows, columns, depth }) => [[rows, depth], [depth, columns]],
  ),
  "batches of products": productCalls(
    (a, b) => matmul(a, b.transpose([0, 2, 1])),
    [f32(6, 31, 33), f32(6, 17, 33)],
    [f32(3, 64, 64), f32(3, 64, 64)],
  ),
  "convolutions": productCalls(
    (x, w) => conv2d(x, w, { padding: "same" }),
    [f32(7, 3, 13, 19), f32(12, 3, 3, 3)],
    [f32(3, 16, 8, 8), f32(32, 16, 3, 3)],
    [f32(2, 5, 16, 32), f32(9, 5, 5, 5)],
  ),
  "convolutions without padding": productCalls(
    (x, w) => conv2d(x, w),
    [f32(20, 1, 28, 28), f32(20, 1, 5, 5)],
    [f32(20, 20, 12, 12), f32(50, 20, 5, 5)],
    [f32(2, 30, 7, 9), f32(15, 30, 1, 1)],
  ),
  "convolutions with strides and holes": productCalls(
    (x, w) => conv2d(x, w, { strides: [2, 2], padding: "same" }).add(conv2d(x, w, { dilations: [2, 2] }).sum()),
    [f32(7, 3, 13, 19), f32(12, 3, 3, 3)],
    [f32(3, 16, 16, 16), f32(32, 16, 3, 3)],
  ),
};
