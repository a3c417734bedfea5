import { assert, assertEquals, assertThrows } from "@std/assert";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { type Argument, assertNear, numbers, reference } from "../../tests/oracle.ts";
import { ones, tensor, zeros } from "../creation.ts";
import { sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { logSoftmax, logSumExp, mean, reduce, type ReductionOptions, softmax, variance } from "./reduction.ts";

const cube = numbers([3, 4, 5]);

/** The rows along an axis of [3, 4, 5] elements, in the order of the other axes. */
function rowsAlong(axis: 0 | 1 | 2): number[][] {
  const strides = [20, 5, 1];
  const [extent, stride] = [cube.shape[axis], strides[axis]];
  const others = [0, 1, 2].filter((one) => one !== axis);
  const starts = Array.from({ length: 60 / extent }, (_, row) => {
    const last = cube.shape[others[1]];
    return Math.floor(row / last) * strides[others[0]] + row % last * strides[others[1]];
  });
  return starts.map((start) => Array.from({ length: extent }, (_, i) => cube.values[start + i * stride]));
}

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const average = (list: readonly number[]): number => sum(list) / list.length;
const spread = (list: readonly number[]): number => sum(list.map((value) => (value - average(list)) ** 2));

type Reduction = (x: Tensor, options: ReductionOptions) => Tensor;

const meanings: readonly (readonly [string, Reduction, (row: readonly number[]) => number])[] = [
  ["sum", (x, options) => reduce("sum", x, options), sum],
  ["prod", (x, options) => reduce("prod", x, options), (row) => row.reduce((a, b) => a * b)],
  ["max", (x, options) => reduce("maxOf", x, options), (row) => Math.max(...row)],
  ["min", (x, options) => reduce("minOf", x, options), (row) => Math.min(...row)],
  ["argmax", (x, options) => reduce("argmax", x, options), (row) => row.indexOf(Math.max(...row))],
  ["argmin", (x, options) => reduce("argmin", x, options), (row) => row.indexOf(Math.min(...row))],
  ["mean", mean, average],
  ["variance", variance, (row) => spread(row) / row.length],
  [
    "sample variance",
    (x, options) => variance(x, { ...options, correction: 1 }),
    (row) => spread(row) / (row.length - 1),
  ],
  ["logSumExp", logSumExp, (row) => Math.log(sum(row.map(Math.exp)))],
];

for (const [name, reduction, meaning] of meanings) {
  Deno.test(`${name} works along any axis, which may be kept`, async () => {
    for (const axis of [0, 1, 2] as const) {
      const expected = rowsAlong(axis).map(meaning);
      for (const [given, keepDims] of [[axis, false], [axis - 3, true], [[axis], true]] as const) {
        const [{ shape, values }] = await reference((x) => reduction(x, { axis: given, keepDims }), [cube]);
        assertEquals(shape, keepDims ? cube.shape.with(axis, 1) : cube.shape.toSpliced(axis, 1));
        assertNear(values, expected, `${name} along ${axis}`, { tolerance: 1e-12 });
      }
    }
  });

  Deno.test(`${name} combines all elements by default`, async () => {
    const [{ shape, values: [value] }] = await reference((x) => reduction(x, {}), [cube]);
    assertEquals(shape, []);
    assertNear([value], [meaning([...cube.values])], name, { tolerance: 1e-12 });
  });
}

Deno.test("a reduction along no axis changes nothing, and finds each element at position 0", async () => {
  const x = tensor([3, 4]);
  assert(reduce("sum", x, { axis: [] }) === x);
  const first = reduce("argmax", x, { axis: [] });
  assertEquals([first.dtype, await first.toArray()], ["i32", [0, 0]]);
});

Deno.test("true values are counted", async () => {
  const flags = tensor([true, false, true]);
  const total = reduce("sum", flags);
  assertEquals([total.dtype, await total.item()], ["i32", 2]);
  assertEquals(await mean(flags).item(), Math.fround(2 / 3));
});

Deno.test("missing axes, and axes named twice, are refused with the name of the operation", () => {
  assertThrows(() => reduce("maxOf", ones([2]), { axis: 1 }), RangeError, "along axis 1");
  assertThrows(() => mean(ones([2, 2]), { axis: [0, -2] }), RangeError, "axis is named twice");
  assertThrows(() => softmax(ones([2]), 1), RangeError, "Cannot take the softmax along axis 1");
  assertThrows(() => logSoftmax(ones([]), -1), RangeError, "Cannot take the log softmax along axis -1");
});

Deno.test("a softmax is exp x divided by its sum, and log softmax is its logarithm", async () => {
  for (const axis of [0, 1, 2] as const) {
    const [plain, logarithm] = await reference((x) => [softmax(x, axis), logSoftmax(x, axis)], [cube]);
    assertNear(logarithm.values.map(Math.exp), plain.values, "logarithm", { tolerance: 1e-12 });
    const totals = await reference((x) => reduce("sum", softmax(x, axis), { axis }), [cube]);
    assertNear(totals[0].values, totals[0].values.map(() => 1), "sum", { tolerance: 1e-12 });
    const strides = [20, 5, 1];
    plain.values.forEach((value, position) => {
      const start = position - Math.floor(position / strides[axis]) % cube.shape[axis] * strides[axis];
      const row = Array.from({ length: cube.shape[axis] }, (_, i) => cube.values[start + i * strides[axis]]);
      assertNear([value], [Math.exp(cube.values[position]) / sum(row.map(Math.exp))], "softmax", { tolerance: 1e-12 });
    });
  }
});

testOnEveryDevice("large numbers neither overflow nor lose their order", async () => {
  const x = tensor([[1000, 1000], [-1000, 0], [500, -500]]);
  assertEquals(await softmax(x).toArray(), [[0.5, 0.5], [0, 1], [1, 0]]);
  assertNear([...await logSoftmax(x).data()], [-Math.LN2, -Math.LN2, -1000, 0, 0, -1000], "log softmax");
  assertNear([...await logSumExp(x, { axis: 1 }).data()], [1000 + Math.LN2, 0, 500], "log sum", { tolerance: 1e-6 });
});

testOnEveryDevice("the logarithm of a sum of nothing, or of infinities, is infinite", async () => {
  const x = tensor([[-Infinity, -Infinity], [Infinity, 0], [-Infinity, 3]]);
  assertEquals(await logSumExp(x, { axis: 1 }).toArray(), [-Infinity, Infinity, 3]);
});

testOnEveryDevice("the gradient of the logarithm of a sum of nothing is 0", async () => {
  const x = tensor([[-Infinity, -Infinity], [-Infinity, 3]]);
  const f = (x: Tensor): Tensor => logSumExp(x, { axis: 1 }).maximum(-1).sum();
  assertEquals(await grad(f)(x).toArray(), [[0, 0], [0, 1]]);
});

Deno.test("an empty row has nothing to normalize", () => {
  const none = zeros([2, 0]);
  for (const same of [softmax(none), logSoftmax(none)]) assert(same !== none && sameShape(same.shape, none.shape));
});

testOnEveryDevice("the gradient of a maximum goes to the first of equal elements", async () => {
  const f = (x: Tensor): Tensor => reduce("maxOf", x, { axis: 1 }).sum();
  assertEquals(await grad(f)(tensor([[2, 2, 1], [0, 3, 3]])).toArray(), [[1, 0, 0], [0, 1, 0]]);
});

const rows: readonly Argument[] = [numbers([3, 5])];

testComputation("softmax along both axes", (x) => [softmax(x), softmax(x, 0)], rows);
testComputation("log softmax along both axes", (x) => [logSoftmax(x), logSoftmax(x, 0)], rows);
testComputation(
  "means, variances and logarithms of sums",
  (x) => [mean(x, { axis: 0 }), variance(x, { axis: 1, correction: 1 }), logSumExp(x, { axis: 1, keepDims: true })],
  rows,
);

testOnEveryDevice(
  "softmax and its logarithms take whole numbers for floats, whose differences do not wrap around",
  async () => {
    const rows = [tensor(Uint32Array.of(1, 2)), tensor(Int32Array.of(-(2 ** 31), 2 ** 31 - 1)), tensor([false, true])];
    const [low, high] = [1 / (1 + Math.E), Math.E / (1 + Math.E)];
    const expected = [[low, high], [0, 1], [low, high]];
    for (const [i, x] of rows.entries()) {
      assertNear(await softmax(x).data(), expected[i], `softmax of ${x.dtype}`);
      if (i !== 1) assertNear(await logSoftmax(x).data(), expected[i].map(Math.log), `log softmax of ${x.dtype}`);
      const most = [2, 2 ** 31, 1][i];
      assertNear(await logSumExp(x).data(), [i === 1 ? most : most - Math.log(high)], `log sum exp of ${x.dtype}`);
    }
    assertEquals(await logSoftmax(rows[1]).toArray(), [-(2 ** 32), 0]);
    assertEquals(softmax(zeros([2, 0], { dtype: "i32" })).dtype, "f32");
  },
);

testOnEveryDevice("a variance with nothing to divide by is infinite, whatever the correction exceeds", async () => {
  const x = tensor([1, 3]);
  for (const [correction, expected] of [[0, 1], [1, 2], [2, Infinity], [3, Infinity]]) {
    assertEquals(await variance(x, { correction }).item(), expected);
  }
});
