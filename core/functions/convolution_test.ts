import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertNear, numbers, reference } from "../../tests/oracle.ts";
import { ones, tensor, zeros } from "../creation.ts";
import { jit, versionOf } from "../jit.ts";
import { key, uniform } from "../random/mod.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { conv2d, type ConvolutionOptions } from "./convolution.ts";
import { elementAt, indexAt, paddingOf } from "./test_windows.ts";

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

Deno.test("same padding gives as many outputs as inputs divided by the stride, with an odd zero at the end", async () => {
  const extent = fc.integer({ min: 1, max: 12 });
  const small = fc.integer({ min: 1, max: 4 });
  await fc.assert(
    fc.asyncProperty(extent, small, small, small, async (extent, window, stride, dilation) => {
      const options = { padding: "same", strides: [stride, 1], dilations: [dilation, 1] } as const;
      const x = numbers([1, 1, extent, 1]);
      const [{ shape, values }] = await reference((x) => conv2d(x, ones([1, 1, window, 1]), options), [x]);
      const span = (window - 1) * dilation + 1;
      if (span >= stride) assertEquals(shape, [1, 1, Math.ceil(extent / stride), 1]);
      const [low] = paddingOf("same", { extent, window, stride, dilation }, 0);
      values.forEach((value, i) => {
        const taps = range(window).map((u) => x.values[i * stride + u * dilation - low] ?? 0);
        assertNear([value], [taps.reduce((a, b) => a + b)], "windows", { tolerance: 1e-12 });
      });
    }),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("full padding includes every overlap, and pairs may cut off elements", () => {
  const shapeWith = (padding: ConvolutionOptions["padding"]): Shape =>
    conv2d(ones([1, 1, 7, 7]), ones([1, 1, 3, 2]), { dilations: [2, 1], ...padding && { padding } }).shape.slice(2);
  assertEquals(shapeWith(undefined), [3, 6]);
  assertEquals(shapeWith("valid"), [3, 6]);
  assertEquals(shapeWith("full"), [11, 8]);
  assertEquals(shapeWith([[1, 0], [-1, 2]]), [4, 7]);
  assertThrows(() => shapeWith([[1, 1]]), TypeError, "Cannot pad 2 spatial axes by [[1,1]]: expected a pair for each");
});

const convolutions: readonly [name: string, options: ConvolutionOptions, channels: number][] = [
  ["convolution", {}, 4],
  ["convolution with strides and padding as needed", { padding: "same", strides: [2, 3] }, 4],
  ["convolution with every overlap and dilated taps", { padding: "full", dilations: [2, 1] }, 4],
  ["convolution in groups", { groups: 2 }, 2],
  ["convolution of each channel separately", { groups: 4, padding: "same" }, 1],
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

Deno.test("a convolution is Σ x · w over channels of the group and taps of the window", async () => {
  for (const [name, options, depth] of convolutions) {
    const { strides = [1, 1], dilations = [1, 1], groups = 1, padding = "valid" } = options;
    const [x, w] = [numbers([2, 4, 6, 7]), numbers([4, depth, 3, 2])];
    const low = [[6, 3], [7, 2]].map(([extent, window], axis) =>
      paddingOf(padding, { extent, window, stride: strides[axis], dilation: dilations[axis] }, axis)[0]
    );
    const [{ shape, values }] = await reference((x, w) => conv2d(x, w, options), [x, w]);
    values.forEach((value, position) => {
      const [n, o, i, j] = indexAt(shape, position);
      let sum = 0;
      for (const c of range(depth)) {
        const channel = Math.floor(o / (4 / groups)) * depth + c;
        for (const u of range(3)) {
          for (const v of range(2)) {
            const [row, column] = [[i, u], [j, v]].map(([i, u], axis) =>
              i * strides[axis] + u * dilations[axis] - low[axis]
            );
            sum += elementAt(x.values, x.shape, [n, channel, row, column]) * elementAt(w.values, w.shape, [o, c, u, v]);
          }
        }
      }
      assertNear([value], [sum], name, { tolerance: 1e-12 });
    });
  }
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

Deno.test("a filter larger than the image is refused, even by one", () => {
  const [x, w] = [ones([1, 1, 4, 6]), ones([1, 1, 5, 5])];
  assertThrows(() => conv2d(x, w), TypeError, "Cannot convolve [1, 1, 4, 6] with [1, 1, 5, 5]");
  assertThrows(() => conv2d(ones([1, 1, 2, 2]), w), TypeError, "larger than the padded input");
});

Deno.test("channels that do not fit are reported", () => {
  assertThrows(() => conv2d(ones([1, 3, 5, 5]), ones([4, 2, 3, 3])), TypeError, "got 3 and 4");
  assertThrows(() => conv2d(ones([1, 4, 5, 5]), ones([3, 2, 3, 3]), { groups: 2 }), TypeError, "got 4 and 3");
  assertThrows(() => conv2d(tensor([1]), ones([3, 2, 3, 3])), TypeError, "[batch, channels, height, width]");
});
