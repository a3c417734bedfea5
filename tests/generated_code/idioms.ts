/**
 * What networks are made of, in sizes for which kernels are cut into tiles, panels, vectors and parts in different ways.
 *
 * @module
 */

import { clipGradient } from "../../core/functions/clip_gradient.ts";
import { conv2d } from "../../core/functions/convolution.ts";
import * as activations from "../../core/functions/activations.ts";
import { matmul } from "../../core/functions/matmul.ts";
import { concatenate, stack } from "../../core/functions/movement.ts";
import { expm1, log1p, safeQuotient, safeSqrt } from "../../core/functions/near_zero.ts";
import { averagePool2d, maxPool2d } from "../../core/functions/pooling.ts";
import { logSoftmax, logSumExp, softmax } from "../../core/functions/reduction.ts";
import { clip, gather, oneHot, scatterAdd, where } from "../../core/functions/selection.ts";
import { bits, fold, split, splitKeys } from "../../core/random/bits.ts";
import { bernoulli, normal, permutation, uniform } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Computation, gradientOf } from "../oracle.ts";
import { bool, calls, donating, f32, i32, type Idiom, key, type Type, u32 } from "./calls.ts";
import { loops } from "./loops.ts";

const products: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 10, 784],
  [3, 5, 7],
  [17, 33, 65],
  [64, 64, 64],
  [100, 10, 128],
  [128, 500, 784],
  [500, 784, 20],
  [8, 6, 5000],
  [2, 3, 100_003],
  [1000, 4, 9],
  [4, 1000, 9],
  [257, 129, 31],
  [1024, 1024, 1024],
];

const productsOf = (left: (shape: [number, number]) => Type, right: (shape: [number, number]) => Type) =>
  products.map(([rows, columns, depth]) => [left([rows, depth]), right([depth, columns])]);

const adam = (p: Tensor, g: Tensor, ...[m, v, t]: Tensor[]): Tensor[] => {
  const step = t.add(1);
  const [first, second] = [m.mul(0.9).add(g.mul(0.1)), v.mul(0.999).add(g.square().mul(0.001))];
  const rate = step.mul(-0.105).exp().neg().add(1);
  return [p.sub(first.div(rate).div(second.sqrt().add(1e-8)).mul(0.001)), first, second, step];
};

const normalized = (x: Tensor, axis: number | number[]): Tensor => {
  const centered = x.sub(x.mean({ axis, keepDims: true }));
  return centered.div(centered.square().mean({ axis, keepDims: true }).add(1e-5).sqrt());
};

const elementCounts = [1, 3, 4, 63, 64, 1000, 4096, 2 ** 18 - 1, 2 ** 18, 2 ** 18 + 4, 2 ** 22 + 3];
const matrices: readonly (readonly [number, number])[] = [
  [1, 47],
  [1, 48],
  [3, 127],
  [5, 128],
  [7, 1023],
  [2, 1024],
  [1, 4097],
  [3, 100_003],
  [100_003, 3],
  [33_000, 17],
  [300, 300],
  [2, 2 ** 20],
  [2 ** 20, 2],
];

const matrixTypes = matrices.map(([rows, columns]) => [f32(rows, columns)]);
const kinds = ["sum", "max", "min", "argmax", "argmin", "mean"] as const;

const reductions = Object.fromEntries(kinds.map((kind) => [
  `${kind} of matrices`,
  calls((x) => [x[kind]({ axis: 0 }), x[kind]({ axis: 1 }), x[kind]()], ...matrixTypes),
]));

const images: readonly (readonly [Type, Type])[] = [
  [f32(1, 1, 5, 5), f32(1, 1, 3, 3)],
  [f32(50, 1, 28, 28), f32(20, 1, 5, 5)],
  [f32(50, 20, 12, 12), f32(50, 20, 5, 5)],
  [f32(2, 3, 17, 19), f32(5, 3, 1, 1)],
  [f32(3, 64, 8, 8), f32(64, 64, 3, 3)],
];

/** The idioms by name. */
export const idioms: Readonly<Record<string, Idiom>> = {
  "products": calls((a, b) => matmul(a, b), ...productsOf((s) => f32(...s), (s) => f32(...s))),
  "products of a transposed matrix": calls(
    (a, b) => matmul(a.transpose(), b),
    ...productsOf(([rows, depth]) => f32(depth, rows), (s) => f32(...s)),
  ),
  "products with a transposed matrix": calls(
    (a, b) => matmul(a, b.transpose()),
    ...productsOf((s) => f32(...s), ([depth, columns]) => f32(columns, depth)),
  ),
  "products of integers": calls((a, b) => matmul(a, b), [i32(9, 33), i32(33, 17)], [i32(1, 5), i32(5, 1)]),
  "batches of products": calls(
    (a, b) => matmul(a, b),
    [f32(6, 5, 31, 33), f32(6, 5, 33, 17)],
    [f32(9, 64, 64), f32(64, 64)],
    [f32(2, 1, 3, 4), f32(5, 4, 6)],
  ),
  "dense layers": calls(
    (x, w, b) => matmul(x, w).add(b).tanh(),
    ...products.map(([rows, columns, depth]) => [f32(rows, depth), f32(depth, columns), f32(columns)]),
  ),
  "dense layers with masks": calls(
    (x, w, b, k) => {
      const mask = bernoulli(k, 0.5, [x.shape[0], w.shape[1]]);
      return activations.relu(matmul(x, w).add(b)).mul(mask.cast("f32"));
    },
    [f32(100, 784), f32(784, 500), f32(500), key],
    [f32(7, 9), f32(9, 11), f32(11), key],
  ),
  "convolutions": calls((x, w) => conv2d(x, w), ...images),
  "convolutions with strides": calls((x, w) => conv2d(x, w, { strides: [2, 3], padding: "same" }), ...images),
  "convolutions with holes": calls((x, w) => conv2d(x, w, { dilations: [2, 1], padding: "full" }), ...images),
  "convolutions in groups": calls(
    (x, w) => conv2d(x, w, { groups: 4 }),
    [f32(3, 8, 9, 9), f32(12, 2, 3, 3)],
    [f32(2, 4, 30, 30), f32(4, 1, 5, 5)],
  ),
  "convolutions with bias, pooling and activation": calls(
    (x, w, b) => activations.relu(maxPool2d(conv2d(x, w).add(b.reshape([1, -1, 1, 1])), { window: [2, 2] })),
    [f32(50, 1, 28, 28), f32(20, 1, 5, 5), f32(20)],
    [f32(3, 20, 12, 12), f32(50, 20, 5, 5), f32(50)],
  ),
  "pooling": calls(
    (x) => [maxPool2d(x, { window: [3, 3], strides: [2, 2] }), averagePool2d(x, { window: [2, 3], padding: "same" })],
    [f32(2, 3, 17, 15)],
    [f32(30, 20, 24, 24)],
  ),
  "softmax": calls((x) => [softmax(x), logSoftmax(x, 0), logSumExp(x, { axis: 1 })], ...matrixTypes),
  "crossentropy": calls(
    (x, labels) => logSoftmax(x).mul(oneHot(labels, x.shape[1])).sum({ axis: 1 }).mean().neg(),
    [f32(50, 10), i32(50)],
    [f32(7, 1025), i32(7)],
  ),
  "normalization of rows": calls((x) => normalized(x, 1), ...matrixTypes),
  "normalization of columns": calls((x) => normalized(x, 0), ...matrixTypes),
  "normalization of channels": calls((x) => normalized(x, [0, 2, 3]), [f32(50, 20, 12, 12)], [f32(2, 3, 5, 5)]),
  ...reductions,
  "products of elements": calls((x) => [x.prod({ axis: 0 }), x.prod()], [f32(5, 33)], [f32(2, 3)]),
  "flags in reductions": calls((x) => [x.cast("i32").sum(), x.cast("f32").mean()], [bool(5, 301)], [bool(70_000)]),
  "elementwise chains": calls(
    (x, y) => [x.mul(y).add(x.exp()).sub(y.abs().sqrt()), x.maximum(y).minimum(3)],
    ...elementCounts.map((count) => [f32(count), f32(count)]),
  ),
  "branching functions": calls((x) => [x.sin().add(x.cos()).pow(3.7).mod(2)], [f32(5)], [f32(2 ** 18)]),
  "many branching functions": calls(
    (x) => Array.from({ length: 9 }).reduce((sum: Tensor) => sum.sin().pow(2.5).add(x), x),
    [f32(64)],
    [f32(2 ** 18 + 4)],
  ),
  "all activations": calls(
    (x) => {
      const { elu, linear, relu, sigmoid, softmax, tanh, ultraFastSigmoid } = activations;
      return [
        ...[elu, linear, relu, sigmoid, softmax, tanh, ultraFastSigmoid].map((fn) => fn(x)),
        ...[relu(x, { alpha: 0.1 }), elu(x, { alpha: 0.3 }), relu(x, { alpha: x.sum({ axis: 0 }) })],
      ];
    },
    [f32(5, 33)],
  ),
  "activations": calls(
    (x) => [activations.gelu(x), activations.selu(x), activations.softplus(x), expm1(x), log1p(x.abs())],
    [f32(77)],
    [f32(2 ** 18)],
  ),
  "selections": calls(
    (x, y) => [where(x.less(y), x, y), clip(x, -1, y), clipGradient(x, 0.5).mul(y)],
    [f32(31, 7), f32(31, 7)],
    [f32(31, 8), f32(8)],
  ),
  "gathered and scattered rows": calls(
    (x, at) => [gather(x, at), scatterAdd(x, at, gather(x, at).mul(2))],
    [f32(9, 4), i32(13)],
    [f32(60_000, 784), i32(50)],
    [f32(1000, 3), i32(2000)],
  ),
  "transposed and sliced": calls(
    (x) => [x.transpose().add(1), x.slice([1, 0], [x.shape[0], x.shape[1] - 1], [2, 3]).mul(2), x.flip(1).exp()],
    [f32(33, 65)],
    [f32(512, 512)],
    [f32(3, 5)],
  ),
  "padded and concatenated": calls(
    (x, y) => [concatenate([x, y, x.mul(2)]), stack([x, y], 1), x.pad([[1, 2], [0, 3]], -1).sum({ axis: 0 })],
    [f32(3, 8), f32(3, 8)],
    [f32(64, 64), f32(64, 64)],
  ),
  "known operands": calls(
    (x) => [
      ...[-2, -1, 0, 0.5, 1, 2, 3, 4, 7, 2.5].map((exponent) => x.pow(exponent)),
      ...[x.mul(0), x.div(0), x.scalar(0).div(x), x.sub(x), x.div(x), x.add(0), x.sub(0), x.mul(1), x.mul(-1)],
      ...[-0, 0, 1, 2, -3].map((base) => x.scalar(base).pow(x)),
      ...[x.neg().neg(), x.maximum(x), x.less(x).where(x, 1), x.equal(x).logicalNot().where(1, x)],
    ],
    [f32(37)],
  ),
  "integers with known operands": calls(
    (x, y) => [
      ...[x, y].flatMap((one) => [one.pow(5), one.div(3), one.mod(3), one.mul(0), one.div(one), one.mod(one)]),
      ...[x, y].flatMap((one) => [one.binary("shl", 3), one.binary("shr", 35), one.binary("and", one.onesLike())]),
      ...[x.div(-3), x.mod(-3), x.div(0), y.mod(0), x.less(0), y.less(0), y.greaterEqual(0), x.cast("bool")],
      ...[x.cast("u32").add(y), y.cast("i32").add(x), x.cast("f32"), y.cast("f32"), y.cast("bool").cast("f32")],
    ],
    [i32(37), u32(37)],
  ),
  "logarithms of softmax": calls(
    (
      x,
    ) => [
      softmax(x).log(),
      x.exp().log(),
      x.exp().mul(x.sum().reciprocal()).log(),
      x.sum().reciprocal().mul(x.exp()).log(),
    ],
    [f32(5, 33)],
  ),
  "kernels of many operations": calls(
    (x) => [
      x.exp().sin().abs().sqrt().cos().floor().tanh(),
      x.sigmoid().erf().neg().mul(3).add(x).exp().sum(),
      x.sigmoid().erf().neg().mul(3).add(x).maximum(2),
    ],
    [f32(9)],
  ),
  "near zero": calls((x, y) => [safeSqrt(x), safeQuotient(x, y)], [f32(9), f32(9)]),
  "products of vectors": calls((a, b) => [matmul(a, b), matmul(b.transpose(), a)], [f32(33), f32(33, 5)], [
    f32(7),
    f32(7, 1),
  ]),
  "products of two vectors": calls((a, b) => [matmul(a, b), matmul(a.reshape([-1, 1]), b.reshape([1, -1]))], [
    f32(33),
    f32(33),
  ]),
  "pooling beyond the image": calls(
    (x) => [
      maxPool2d(x, { window: [3, 2], strides: [2, 2], ceilMode: true }),
      averagePool2d(x, { window: [3, 3], padding: [[1, 1], [0, 1]], countIncludePad: false }),
      averagePool2d(x, { window: [3, 3], strides: [2, 2], padding: "full", ceilMode: true }),
    ],
    [f32(2, 3, 8, 7)],
  ),
  "pooling with large windows": calls(
    (
      x,
    ) => [maxPool2d(x, { window: [40, 41], padding: "full" }), averagePool2d(x, { window: [40, 41], padding: "full" })],
    [f32(1, 2, 5, 4)],
  ),
  "many pieces": calls(
    (x) => [concatenate([1, 2, 3, 4, 5, 6, 7].map((factor) => x.mul(factor))), stack([x, x, x, x, x])],
    [f32(3, 5)],
  ),
  "equal pieces": calls(
    (x, y) => [concatenate([x, y, x.add(y), x.sub(y)], 1).exp(), concatenate([x, y]).sum({ axis: 0 })],
    [f32(64, 32), f32(64, 32)],
  ),
  "intervals of random numbers": calls(
    (k) =>
      [[-1, 1], [0, 3e38], [-3e38, 3e38], [1, 1 + 2 ** -23], [5, 2]].map(([low, high]) =>
        uniform(k, [9], { low, high })
      )
        .concat(splitKeys(k, 3).map((one) => bernoulli(one))),
    [key],
  ),
  "random numbers": calls(
    (k) => [uniform(k, [77]), normal(split(k).slice([0], [1]).reshape([2]), [9, 5]), permutation(k, 61)],
    [key],
  ),
  "random bits and flags": calls((k) => [bits(fold(k, 7), [1000]), bernoulli(k, 0.3, [4096]), normal(k, [2 ** 18])], [
    key,
  ]),
  ...loops,
  "attention": calls(
    (q, k, v) => matmul(softmax(matmul(q, k.transpose([0, 2, 1])).mul(0.125)), v),
    [f32(4, 65, 64), f32(4, 65, 64), f32(4, 65, 64)],
    [f32(2, 5, 3), f32(2, 5, 3), f32(2, 5, 3)],
  ),
  "updates in place": donating((p, v, g) => {
    const velocity = v.mul(0.9).sub(g.mul(0.1));
    return [p.add(velocity), velocity];
  }, ...Array.from({ length: 3 }, () => f32(500, 784))),
  "adam in place": donating(adam as Computation, f32(77, 5), f32(77, 5), f32(77, 5), f32(77, 5), f32()),
  "results that cannot be in place": donating(
    (x, y) => [x.transpose().add(1), y.sub(y.sum()), x.slice([0, 0], [3, 2]), y],
    f32(9, 9),
    f32(81),
  ),
  "steps in place": donating(
    (x, w, b) => {
      const [dw, db] = gradientOf((w, b) => matmul(x, w).add(b).square().sum())(w, b) as readonly Tensor[];
      return [w.sub(dw.mul(0.1)), b.sub(db.mul(0.1))];
    },
    f32(50, 784),
    f32(784, 10),
    f32(10),
  ),
};
