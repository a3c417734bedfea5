import { assert } from "@std/assert";
import { arange, full, grad, jit, ones, scan, type Tensor, tensor } from "../core/mod.ts";
import { meanSquaredError } from "../optim/mod.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

/** What the sums and products of this file may be off, relative to the sum of magnitudes; `docs/maths.md` has bounds. */
const MOST = 4e-6;
const MOST_OF_PRODUCT = 5e-6;

const tenth = Math.fround(0.1);

async function assertClose(actual: Tensor, expected: number, most = MOST): Promise<void> {
  const data = await actual.data();
  let worst = 0;
  for (const value of data) worst = Math.max(worst, Math.abs(value - expected) / Math.abs(expected) || 0);
  assert(data.length > 0 && data.every((value) => !Number.isNaN(value)));
  assert(worst <= most, `expected ${expected}, but the relative error is ${worst} > ${most}`);
}

for (const count of [1e6, 1e6 + 1, 2 ** 20 - 1, 999_983, 10_000_019, 1e7]) {
  testOnEveryDevice(`the sum and the mean of ${count} equal numbers keep their digits`, async () => {
    const x = full([count], 0.1);
    await assertClose(x.sum(), count * tenth);
    await assertClose(x.mean(), tenth);
    x.dispose();
  });
}

const shapes: readonly [number, number][] = [
  [2_500_000, 4],
  [99_991, 3],
  [300_007, 1],
  [30_011, 67],
  [4097, 64],
  [4, 2_500_000],
  [3, 99_991],
  [1, 300_007],
  [67, 30_011],
  [1000, 4099],
];

for (const [rows, columns] of shapes) {
  testOnEveryDevice(`the means along both axes of ${rows} x ${columns} equal numbers keep their digits`, async () => {
    const x = full([rows, columns], 0.1);
    await assertClose(x.mean({ axis: 0 }), tenth);
    await assertClose(x.mean({ axis: 1 }), tenth);
    x.dispose();
  });
}

testOnEveryDevice("the sum of a long and several short axes keeps its digits", async () => {
  for (
    const [shape, axis] of [[[3, 70_001, 5], [0, 1]], [[3, 70_001, 5], [1, 2]], [[7, 9001, 2, 3], [1, 3]]] as const
  ) {
    await assertClose(full(shape, 0.1).mean({ axis }), tenth);
  }
});

testOnEveryDevice("products over a great depth keep their digits", async () => {
  for (const [rows, depth, columns] of [[1, 1e6, 1], [3, 300_007, 5], [33, 100_003, 17], [64, 65_536, 64]]) {
    const [a, b] = [full([rows, depth], 0.1), full([depth, columns], 0.3)];
    await assertClose(a.matmul(b), depth * tenth * Math.fround(0.3), MOST_OF_PRODUCT);
    for (const one of [a, b]) one.dispose();
  }
});

testOnEveryDevice("variances of long rows and columns keep their digits", async () => {
  const count = 1_000_003;
  const x = jit((i: Tensor) => i.mod(3))(arange(count));
  // 0, 1, 2, 0, 1, 2, …
  const thirds = [0, 1, 2].map((rest) => Math.ceil((count - rest) / 3));
  const mean = (thirds[1] + 2 * thirds[2]) / count;
  const variance = thirds.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) / count;
  await assertClose(x.variance(), variance);
  await assertClose(x.reshape([1, count]).variance({ axis: 1 }), variance);
  await assertClose(x.reshape([count, 1]).variance({ axis: 0 }), variance);
});

testOnEveryDevice("the mean squared error of a million values keeps its digits", async () => {
  const [prediction, target] = [full([1e6], 0.4), full([1e6], 0.1)];
  const error = jit((p: Tensor, t: Tensor) => meanSquaredError(p, t).mean());
  await assertClose(error(prediction, target), (Math.fround(0.4) - tenth) ** 2);
});

testOnEveryDevice("the gradient of an addition that is broadcast over a million rows keeps its digits", async () => {
  const weights = full([1e6, 3], 0.1);
  const loss = (bias: Tensor) => weights.add(bias).square().sum();
  await assertClose(jit(grad(loss))(tensor([0.2, 0.2, 0.2])), 2e6 * (tenth + Math.fround(0.2)));
});

testOnEveryDevice("long sums within a scan, and with operations fused to them, keep their digits", async () => {
  const x = full([3, 300_007], 0.1);
  const total = jit((x: Tensor) =>
    scan((sum: Tensor, row: Tensor): [Tensor, Tensor] => [sum.add(row.square().sum().sqrt()), row.mean()], tensor(0), x)
  );
  const [sum, means] = total(x);
  await assertClose(sum, 3 * Math.sqrt(300_007) * tenth);
  await assertClose(means, tenth);
});

testOnEveryDevice("a count of more than 2 ** 24 examples is exact", async () => {
  const count = 2 ** 24 + 2;
  const all = jit((x: Tensor) => x.greater(0).cast("f32").sum());
  await assertClose(all(ones([count])), count, 0);
});

testOnEveryDevice("infinities, NaN and negative zeros pass through long sums", async () => {
  const total = jit((x: Tensor) => x.sum());
  const cases: readonly [readonly number[], number][] = [
    [[Infinity], Infinity],
    [[-Infinity], -Infinity],
    [[Infinity, -Infinity], NaN],
    [[NaN], NaN],
    [[3.4e38, 3.4e38, -3.4e38], Infinity],
  ];
  for (const [some, expected] of cases) {
    const values = new Float32Array(200_003);
    some.forEach((value, i) => values[777 * i + 55_555] = value);
    const [actual] = await total(tensor(values)).data();
    assert(expected === Infinity && some.length === 3 ? actual >= 3.3e38 : Object.is(actual, expected));
  }
  assert((await total(full([200_003], -0)).data())[0] === 0);
});

testOnEveryDevice("long maxima, minima and sums of integers are exact", async () => {
  const x = arange(3_000_017, undefined, 1, { dtype: "i32" });
  const [sum, most, least] = jit((x: Tensor) => [x.mod(1000).sum(), x.max(), x.min()])(x);
  let expected = 0;
  for (let i = 0; i < 3_000_017; i++) expected += i % 1000;
  await assertClose(sum, expected, 0);
  await assertClose(most, 3_000_016, 0);
  assert((await least.data())[0] === 0);
});
