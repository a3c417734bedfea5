import { assertEquals, assertThrows } from "@std/assert";
import { arange, eye, full, ones, tensor } from "../creation.ts";
import { bits, fold, key, split, splitKeys } from "../random/bits.ts";
import { bernoulli, normal, permutation, uniform } from "../random/distributions.ts";
import type { Tensor } from "../tensor.ts";
import { grad, valueAndGrad } from "../gradients.ts";
import { scan } from "../scan.ts";
import { conv2d, type ConvolutionOptions, type Padding } from "./convolution.ts";
import { clipGradient } from "./clip_gradient.ts";
import { concatenate, stack } from "./movement.ts";
import { averagePool2d, maxPool2d } from "./pooling.ts";
import { logSoftmax, logSumExp, softmax } from "./reduction.ts";
import { gather, oneHot, scatterAdd } from "./selection.ts";

const x = ones([4, 6]);
const image = ones([1, 1, 5, 5]);
const seed = key(1);
const index = tensor(Int32Array.of(0));
const sum = (y: Tensor): Tensor => y.sum();
const step = (carry: Tensor): [Tensor, null] => [carry, null];
const convolved = (options: ConvolutionOptions) => conv2d(image, ones([1, 1, 2, 2]), options);

/** Functions of a number that must be whole. */
const whole: Readonly<Record<string, (n: number) => unknown>> = {
  "reshape": (n) => x.reshape([n, 24]),
  "reshape, another extent unknown": (n) => x.reshape([n, -1]),
  "reshape to the given shape": (n) => full([], 1).broadcastTo([n]).reshape([n]),
  "transpose": (n) => x.transpose([0, n]),
  "broadcastTo": (n) => ones([1, 1]).broadcastTo([1, n]),
  "slice from": (n) => x.slice([n]),
  "slice to": (n) => x.slice([0], [n]),
  "slice by": (n) => x.slice([0], [4], [n]),
  "pad": (n) => x.pad([[0, n], [0, 0]]),
  "flip": (n) => x.flip(n),
  "squeeze": (n) => ones([1, 1]).squeeze(n),
  "expandDims": (n) => x.expandDims(n),
  "indexAlong": (n) => x.indexAlong(n),
  "concatenate": (n) => concatenate([x, x], n),
  "stack": (n) => stack([x, x], n),
  "sum": (n) => x.sum({ axis: n }),
  "argmax": (n) => x.argmax({ axis: [n] }),
  "variance": (n) => x.variance({ axis: n }),
  "softmax": (n) => softmax(x, n),
  "logSoftmax": (n) => logSoftmax(x, n),
  "logSumExp": (n) => logSumExp(x, { axis: n }),
  "gather": (n) => gather(x, index, n),
  "scatterAdd": (n) => scatterAdd(x, index, ones([1, 6]), { axis: n }),
  "oneHot": (n) => oneHot(index, n),
  "full": (n) => full([n], 1),
  "tensor": (n) => tensor([1], [n]),
  "eye": (n) => eye(n),
  "columns of eye": (n) => eye(2, n),
  "key": (n) => key(n),
  "split": (n) => split(seed, n),
  "splitKeys": (n) => splitKeys(seed, n),
  "fold": (n) => fold(seed, n),
  "bits": (n) => bits(seed, [n]),
  "uniform": (n) => uniform(seed, [2, n]),
  "normal": (n) => normal(seed, [n]),
  "bernoulli": (n) => bernoulli(seed, 0.5, [n]),
  "permutation": (n) => permutation(seed, n),
  "grad": (n) => grad(sum, n),
  "valueAndGrad": (n) => valueAndGrad(sum, n),
  "scan": (n) => scan(step, x, null, { length: n }),
  "strides of conv2d": (n) => convolved({ strides: [n, 1] }),
  "dilations of conv2d": (n) => convolved({ dilations: [1, n] }),
  "padding of conv2d": (n) => convolved({ padding: [[0, n], [0, 0]] }),
  "groups of conv2d": (n) => convolved({ groups: n }),
  "window of maxPool2d": (n) => maxPool2d(image, { window: [n, 2] }),
  "strides of averagePool2d": (n) => averagePool2d(image, { window: [2, 2], strides: [1, n] }),
  "padding of averagePool2d": (n) => averagePool2d(image, { window: [2, 2], padding: [[n, 0], [0, 0]] }),
};

/** Numbers that are refused although they are whole. */
const outside: readonly (readonly [name: keyof typeof whole, ...numbers: readonly number[]])[] = [
  ["reshape", -2, 0, 3],
  ["reshape, another extent unknown", -1, -3, 0, 5],
  ["transpose", 0, 2, -3],
  ["broadcastTo", -1],
  ["slice by", 0, -1],
  ["pad", -1],
  ["flip", 2, -3],
  ["squeeze", 2],
  ["expandDims", 3, -4],
  ["concatenate", 2],
  ["stack", 3, -4],
  ["sum", 2],
  ["softmax", 2],
  ["gather", 2],
  ["oneHot", -1],
  ["full", -1, 2 ** 31],
  ["eye", -1],
  ["split", -1],
  ["fold", 2 ** 32],
  ["bits", -1],
  ["uniform", -2],
  ["permutation", -1, 2 ** 31],
  ["grad", -1],
  ["scan", -1],
  ["strides of conv2d", 0, -1],
  ["dilations of conv2d", 0, -1],
  ["groups of conv2d", 0],
  ["window of maxPool2d", 0],
  ["strides of averagePool2d", 0],
  ["padding of averagePool2d", -1],
];

for (const [name, call] of Object.entries(whole)) {
  Deno.test(`${name} refuses numbers that are not whole`, () => {
    for (const n of [0.5, 2.5, -0.5, NaN, Infinity, -Infinity]) {
      assertThrows(() => call(n), Error, "Cannot ", String(n));
    }
  });
}

for (const [name, ...numbers] of outside) {
  Deno.test(`${name} refuses ${numbers.join(" and ")}`, () => {
    for (const n of numbers) assertThrows(() => whole[name](n), Error, "Cannot ", String(n));
  });
}

Deno.test("numbers that need not be whole have bounds too", () => {
  for (const p of [-0.1, 1.5, NaN]) assertThrows(() => bernoulli(seed, p), RangeError, "from 0 to 1");
  for (const limit of [0, -1, NaN]) assertThrows(() => clipGradient(x, limit), RangeError, "above 0");
  for (const by of [0, NaN]) assertThrows(() => arange(0, 1, by), RangeError, "Cannot count");
  for (const end of [NaN, Infinity, -Infinity]) assertThrows(() => arange(end), RangeError, "Cannot count");
  for (const by of [Infinity, -Infinity, 1e300]) assertThrows(() => arange(0, 1, by), RangeError, "Cannot count");
  for (const value of JSON.parse('["2", null, [], true]')) {
    assertThrows(() => x.pad([[1, 0], [0, 0]], value), TypeError, "value to be a number");
    assertThrows(() => x.fullLike(value), TypeError, "value to be a number");
  }
});

const wide = ones([1, 1]).broadcastTo([2 ** 15, 2 ** 15]);

/** Tensors of at least 2³¹ elements. */
const tooLarge: Readonly<Record<string, () => Tensor>> = {
  "full": () => full([2 ** 16, 2 ** 15], 1),
  "arange": () => arange(2 ** 31),
  "broadcastTo": () => ones([1]).broadcastTo([2 ** 20, 2 ** 20, 2 ** 20]),
  "pad": () => x.pad([[2 ** 31, 0], [0, 0]]),
  "pad of both sides": () => ones([2, 2]).pad([[2 ** 16, 0], [0, 2 ** 16]]),
  "concatenate": () => concatenate([wide, wide]),
  "stack": () => stack([wide, wide]),
  "matmul": () => ones([2 ** 16, 1]).matmul(ones([1, 2 ** 16])),
  "gather": () => gather(ones([1, 2 ** 16]), tensor(new Int32Array(2 ** 15))),
  "oneHot": () => oneHot(tensor(new Int32Array(2 ** 16)), 2 ** 16),
  "scan": () =>
    scan((carry: Tensor): [Tensor, Tensor] => [carry, carry], ones([2 ** 16]), null, { length: 2 ** 16 })[1],
  "conv2d": () => convolved({ padding: [[2 ** 15, 2 ** 15], [2 ** 15, 2 ** 15]] }),
  "add": () => ones([2 ** 16, 1]).add(ones([2 ** 16])),
};

for (const [name, call] of Object.entries(tooLarge)) {
  Deno.test(`${name} refuses results of 2³¹ elements and more`, () => {
    assertThrows(call, RangeError, "a tensor has at most 2147483647 elements");
  });
}

Deno.test("unknown words for padding are refused", () => {
  for (const word of ["Same", "SAME", "full ", ""]) {
    const padding = word as Padding;
    assertThrows(() => convolved({ padding }), RangeError, "padding");
    assertThrows(() => maxPool2d(image, { window: [2, 2], padding }), RangeError, "padding");
  }
});

Deno.test("a gradient with respect to an argument that is not passed is refused", () => {
  assertThrows(() => grad(sum, 1)(x), RangeError, "with respect to argument 1: expected a position among its 1");
});

Deno.test("numbers at the edge are accepted", () => {
  assertEquals(x.reshape([-1, 3]).shape, [8, 3]);
  assertEquals(x.slice([-2], [100]).shape, [2, 6]);
  assertEquals(x.slice([4], [2]).shape, [0, 6]);
  assertEquals(x.pad([[0, 0], [1, 0]]).shape, [4, 7]);
  assertEquals(oneHot(index.slice([0], [0]), 0).shape, [0, 0]);
  assertEquals([permutation(seed, 0).shape, split(seed, 0).shape], [[0], [0, 2]]);
  assertEquals(x.sum({ axis: -0 }).shape, [6]);
  assertEquals(fold(seed, -1).shape, [2]);
});
