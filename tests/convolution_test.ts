import { assert, assertEquals, assertThrows } from "@std/assert";
import { ones, tensor, zeros } from "../core/creation.ts";
import { averagePool2d, maxPool2d, type PoolingOptions } from "../core/functions/pooling.ts";
import { conv2d, type ConvolutionOptions } from "../core/functions/products.ts";
import { jit, versionOf } from "../core/jit.ts";
import { key, uniform } from "../core/random/mod.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/transform.ts";
import { testComputation } from "./computation.ts";
import { testOnEveryDevice } from "./on_every_device.ts";
import { numbers } from "./oracle.ts";

const convolutions: readonly [name: string, options: ConvolutionOptions, channels: number][] = [
  ["convolution", {}, 4],
  ["convolution with strides and as many outputs as needed", { padding: "same", strides: [2, 3] }, 4],
  ["convolution with every overlap and spread taps", { padding: "full", dilations: [2, 1] }, 4],
  ["convolution in groups", { groups: 2 }, 2],
  ["convolution of each channel by itself", { groups: 4, padding: "same" }, 1],
  [
    "convolution with everything",
    { groups: 2, strides: [2, 1], padding: [[2, 0], [1, 3]], dilations: [1, 2] },
    2,
  ],
  ["convolution of a part of the image", { padding: [[-1, 0], [0, -2]] }, 4],
];

for (const [name, options, channels] of convolutions) {
  testComputation(name, (x, w) => conv2d(x, w, options), [numbers([2, 4, 6, 7]), numbers([4, channels, 3, 2])]);
}

const poolings: readonly [name: string, options: PoolingOptions][] = [
  ["windows side by side", { window: [2, 2] }],
  ["windows that overlap", { window: [3, 2], strides: [2, 1] }],
  ["windows with gaps", { window: [2, 2], strides: [3, 3] }],
  ["padding", { window: [3, 3], strides: [2, 2], padding: [[1, 1], [1, 1]] }],
  ["padding as needed", { window: [3, 3], strides: [3, 3], padding: "same" }],
  ["windows that hang over", { window: [2, 3], strides: [2, 3], ceilMode: true }],
  ["padding and windows that hang over", {
    window: [3, 3],
    strides: [2, 2],
    padding: [[1, 1], [1, 1]],
    ceilMode: true,
  }],
  ["padding that does not count", {
    window: [3, 2],
    strides: [2, 2],
    padding: [[1, 0], [0, 1]],
    ceilMode: true,
    countIncludePad: false,
  }],
];

for (const [name, options] of poolings) {
  testComputation(`maxima with ${name}`, (x) => maxPool2d(x, options), [numbers([2, 3, 7, 8])]);
  testComputation(`means with ${name}`, (x) => averagePool2d(x, options), [numbers([2, 3, 7, 8])]);
}

testOnEveryDevice("the gradient of a maximum goes to the first of equals", async () => {
  const gradient = grad((x: Tensor) => maxPool2d(x, { window: [2, 2] }).sum())(ones([1, 1, 2, 4]));
  assertEquals(await gradient.toArray(), [[[[1, 0, 1, 0], [0, 0, 0, 0]]]]);
});

testOnEveryDevice("means count padding as PyTorch does", async () => {
  const x = ones([1, 1, 3, 3]);
  const options: PoolingOptions = { window: [2, 2], strides: [2, 2], padding: [[1, 1], [1, 1]] };
  assertEquals(await averagePool2d(x, options).toArray(), [[[[0.25, 0.5], [0.5, 1]]]]);
  assertEquals(await averagePool2d(x, { ...options, countIncludePad: false }).toArray(), [[[[1, 1], [1, 1]]]]);
});

testOnEveryDevice("the gradient of a large batch takes little memory, and has the bits of its parts", async () => {
  const [batch, filters, space] = [190, 50, 8];
  const w = uniform(key(1), [filters, 20, 5, 5]);
  const cotangents = uniform(key(2), [batch, filters, space, space]);
  const gradient = jit((cotangents: Tensor) =>
    grad((x: Tensor) => conv2d(x, w).mul(cotangents).sum())(zeros([cotangents.shape[0], 20, 12, 12]))
  );
  const whole = await gradient(cotangents).data();
  const { temporaries, program } = versionOf(gradient).compiled.plan;
  const bytes = temporaries.reduce((sum, buffer) => sum + program.buffers[buffer].bytes, 0);
  assert(bytes < 20 * 2 ** 20, `${bytes} bytes of temporaries`);
  const part = await gradient(cotangents.slice([150], [190])).data();
  assertEquals(whole.subarray(-part.length), part);
});

Deno.test("a filter larger than the image is refused, also by one", () => {
  const [x, w] = [ones([1, 1, 4, 6]), ones([1, 1, 5, 5])];
  assertThrows(() => conv2d(x, w), TypeError, "Cannot convolve [1, 1, 4, 6] with [1, 1, 5, 5]");
  assertThrows(() => conv2d(ones([1, 1, 2, 2]), w), TypeError, "larger than the padded input");
  assertThrows(() => maxPool2d(x, { window: [5, 5] }), TypeError, "larger than the image");
});

Deno.test("channels that do not fit are named", () => {
  assertThrows(() => conv2d(ones([1, 3, 5, 5]), ones([4, 2, 3, 3])), TypeError, "got 3 and 4");
  assertThrows(() => conv2d(ones([1, 4, 5, 5]), ones([3, 2, 3, 3]), { groups: 2 }), TypeError, "got 4 and 3");
  assertThrows(() => conv2d(tensor([1]), ones([3, 2, 3, 3])), TypeError, "[batch, channels, height, width]");
});
