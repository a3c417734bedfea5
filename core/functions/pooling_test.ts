import { assertEquals, assertThrows } from "@std/assert";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertNear, numbers, reference } from "../../tests/oracle.ts";
import { arange, ones, tensor } from "../creation.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { averagePool2d, maxPool2d, type PoolingOptions } from "./pooling.ts";
import { elementAt, indexAt, paddingOf } from "./test_windows.ts";

const poolings: readonly [name: string, options: PoolingOptions][] = [
  ["windows side by side", { window: [2, 2] }],
  ["windows that overlap", { window: [3, 2], strides: [2, 1] }],
  ["windows with gaps", { window: [2, 2], strides: [3, 3] }],
  ["padding", { window: [3, 3], strides: [2, 2], padding: [[1, 1], [1, 1]] }],
  ["padding as needed", { window: [3, 3], strides: [3, 3], padding: "same" }],
  ["windows that extend beyond the end", { window: [2, 3], strides: [2, 3], ceilMode: true }],
  ["padding, and windows that extend beyond the end", {
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
  ...[[1, 0], [0, 1]].map(([low, high]): [string, PoolingOptions] => [
    `padding that does not count, ${low} before and ${high} after`,
    { window: [2, 3], strides: [2, 2], padding: [[low, high], [low, high]], countIncludePad: false },
  ]),
  ["large windows", { window: [40, 41], strides: [13, 17], padding: "full" }],
  ["windows that are wide", { window: [3, 400], strides: [2, 100], padding: "full", countIncludePad: false }],
  ["windows that are high, and extend beyond the end", {
    window: [400, 3],
    strides: [399, 3],
    padding: [[397, 0], [1, 1]],
    ceilMode: true,
  }],
];

for (const [name, options] of poolings) {
  testComputation(`maxima with ${name}`, (x) => maxPool2d(x, options), [numbers([2, 3, 7, 8])]);
  testComputation(`means with ${name}`, (x) => averagePool2d(x, options), [numbers([2, 3, 7, 8])]);
}

/** The first row (or column) of window `i`, and the first one after it. */
function spanOf(i: number, stride: number, window: number, low: number): [number, number] {
  return [i * stride - low, i * stride - low + window];
}

Deno.test("pooling combines the elements of each window that are in the image", async () => {
  const x = numbers([2, 3, 7, 8]);
  for (const [name, options] of poolings) {
    const { window, strides: steps = window, padding = "valid", countIncludePad = true } = options;
    const pads = [7, 8].map((extent, axis) =>
      paddingOf(padding, { extent, window: window[axis], stride: steps[axis], dilation: 1 }, axis)
    );
    const [maxima, means] = await reference((x) => [maxPool2d(x, options), averagePool2d(x, options)], [x]);
    maxima.values.forEach((value, position) => {
      const [n, c, i, j] = indexAt(maxima.shape, position);
      const elements: number[] = [];
      let count = 0;
      const [[top, bottom], [left, right]] = [i, j].map((at, axis) =>
        spanOf(at, steps[axis], window[axis], pads[axis][0])
      );
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const inside = row >= 0 && row < 7 && column >= 0 && column < 8;
          const padded = row < 7 + pads[0][1] && column < 8 + pads[1][1];
          if (inside) elements.push(elementAt(x.values, x.shape, [n, c, row, column]));
          count += Number(countIncludePad ? padded : inside);
        }
      }
      assertEquals(value, Math.max(...elements), name);
      const mean = elements.reduce((a, b) => a + b, 0) / count;
      assertNear([means.values[position]], [mean], name, { tolerance: 1e-12 });
    });
  }
});

testOnEveryDevice("the gradient of a maximum goes to the first of equal elements", async () => {
  const gradient = grad((x: Tensor) => maxPool2d(x, { window: [2, 2] }).sum())(ones([1, 1, 2, 4]));
  assertEquals(await gradient.toArray(), [[[[1, 0, 1, 0], [0, 0, 0, 0]]]]);
});

testOnEveryDevice(
  "padding that comes before −Infinity gets the gradient of a window that has nothing more",
  async () => {
    const options: PoolingOptions = { window: [1, 2], strides: [1, 2], padding: [[0, 0], [1, 1]] };
    const gradient = grad((x: Tensor) => maxPool2d(x, options).sum());
    const gradientAt = (...row: number[]) => gradient(tensor([[[row]]])).toArray();
    assertEquals(await gradientAt(-Infinity, -Infinity), [[[[0, 1]]]]);
    assertEquals(await gradientAt(-3e38, -3e38), [[[[1, 1]]]]);
  },
);

testOnEveryDevice("means count padding as PyTorch does", async () => {
  const x = ones([1, 1, 3, 3]);
  const options: PoolingOptions = { window: [2, 2], strides: [2, 2], padding: [[1, 1], [1, 1]] };
  assertEquals(await averagePool2d(x, options).toArray(), [[[[0.25, 0.5], [0.5, 1]]]]);
  assertEquals(await averagePool2d(x, { ...options, countIncludePad: false }).toArray(), [[[[1, 1], [1, 1]]]]);
});

Deno.test("a window larger than the image is refused, also by one", () => {
  const x = ones([1, 1, 4, 6]);
  assertThrows(() => maxPool2d(x, { window: [5, 5] }), TypeError, "larger than the image");
  assertThrows(() => averagePool2d(x, { window: [4, 7] }), TypeError, "Cannot pool [1, 1, 4, 6]: the window [4, 7]");
});

Deno.test("windows that would start after the end of the image are left out, even if windows may extend beyond it", () => {
  const options: PoolingOptions = { window: [1, 1], strides: [2, 3], ceilMode: true };
  assertEquals(maxPool2d(ones([1, 1, 4, 6]), options).shape, [1, 1, 2, 2]);
  assertEquals(maxPool2d(ones([1, 1, 5, 7]), options).shape, [1, 1, 3, 3]);
});

Deno.test("images have batch, channels, height and width", () => {
  assertThrows(() => maxPool2d(ones([4, 4]), { window: [2, 2] }), TypeError, "Cannot pool [4, 4]: expected [batch");
});

testOnEveryDevice("a maximum of whole numbers is never taken from padding", async () => {
  const x = tensor(Int32Array.of(-3, -2, -5, -4), [1, 1, 2, 2]);
  const pool = (x: Tensor): Tensor => maxPool2d(x, { window: [2, 2], strides: [1, 1], padding: "full" });
  const expected = [[[[-3, -2, -2], [-3, -2, -2], [-5, -4, -4]]]];
  assertEquals([await pool(x).toArray(), await jit(pool)(x).toArray()], [expected, expected]);
  const wide = maxPool2d(x, { window: [2, 2000], strides: [1, 2000], padding: "full" });
  assertEquals(await wide.toArray(), [[[[-3, -2], [-3, -2], [-5, -4]]]]);
});

testOnEveryDevice("the cost of windows is bounded by the image", async () => {
  const x = tensor([[[[1, 2], [4, 9]]]]);
  const large = { window: [100_000, 100_000], padding: "full" } as const;
  assertEquals(await maxPool2d(x, large).toArray(), [[[[1, 2], [4, 9]]]]);
  assertEquals(await averagePool2d(x, { ...large, countIncludePad: false }).toArray(), [[[[1, 2], [4, 9]]]]);
  const message = "the window [100000, 100000] has too many positions, 100001, along axis 2";
  assertThrows(() => maxPool2d(x, { ...large, strides: [1, 1] }), RangeError, message);
});

Deno.test("windows of nothing but padding are refused, unless padding counts", () => {
  const x = ones([1, 1, 3, 3]);
  const cases = [[[2, 2], [0, 0]], [[0, 0], [3, 0]], [[0, 3], [0, 0]]] as const;
  for (const padding of cases) {
    const options = { window: [2, 2], strides: [1, 1], padding } as const;
    assertThrows(() => maxPool2d(x, options), TypeError, "would contain nothing but padding");
    assertThrows(() => averagePool2d(x, { ...options, countIncludePad: false }), TypeError, "nothing but padding");
    assertEquals(averagePool2d(x, options).shape.length, 4);
  }
  // The last window starts where the image ends, or the only one ends where it begins.
  const [after, before] = [[[0, 1], [0, 0]], [[2, 0], [0, 0]]] as const;
  assertThrows(() => maxPool2d(x, { window: [1, 1], padding: after }), TypeError, "nothing but padding");
  assertThrows(
    () => maxPool2d(x, { window: [2, 1], strides: [9, 1], padding: before }),
    TypeError,
    "nothing but padding",
  );
});

Deno.test("windows have as many positions as a tensor has elements", () => {
  const most = 2 ** 31 - 1;
  const shapeFor = (positions: number) => {
    let shape: readonly number[] = [];
    // Traced and given up, so that nothing is computed.
    const traced = jit((x: Tensor): Tensor => {
      ({ shape } = maxPool2d(x, {
        window: [most, 1],
        strides: [1, 1],
        padding: [[most - 1, positions - 1], [0, 0]],
      }));
      throw new Error("traced");
    });
    assertThrows(() => traced(ones([1, 1, 1, 1])), Error, "traced");
    return shape;
  };
  assertEquals(shapeFor(most), [1, 1, most, 1]);
});

testOnEveryDevice("with ceilMode, a window that is larger than the image covers all of it", async () => {
  const x = arange(1, 5).reshape([1, 1, 2, 2]);
  const options = { window: [3, 4], ceilMode: true } as const;
  assertEquals(await maxPool2d(x, options).toArray(), [[[[4]]]]);
  assertEquals(await averagePool2d(x, options).toArray(), [[[[2.5]]]]);
  assertEquals(await grad((x: Tensor) => averagePool2d(x, options).sum())(x).toArray(), [[[[0.25, 0.25], [
    0.25,
    0.25,
  ]]]]);
  assertThrows(() => maxPool2d(x, { window: [9, 1], strides: [3, 1], ceilMode: true }), TypeError, "is larger than");
});
