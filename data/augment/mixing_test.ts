import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { jit, random, setDevice, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { betaQuantiles, QUANTILES } from "./beta.ts";
import { partnersOf } from "./mixing.ts";
import { cutmix, mixup } from "./mod.ts";
import { below, imagesOf, mapPixels, SEED, tensorOf, wordsOf } from "./test_words.ts";

/** Quantiles of Beta(α, α) by SciPy 1.17: α, their number, x. */
const quantiles: readonly (readonly [number, number, number])[] = [
  [0.2, 3, 1.155983401e-11],
  [0.2, 200, 0.007097771779],
  [0.2, 400, 0.1964900171],
  [0.2, 511, 0.4984695709],
  [0.2, 900, 0.999367933],
  [0.5, 3, 2.882516199e-05],
  [0.5, 200, 0.09164971357],
  [0.5, 400, 0.3322774265],
  [0.5, 511, 0.4992330099],
  [0.5, 900, 0.9645372906],
  [2, 3, 0.03414471543],
  [2, 200, 0.2837092609],
  [2, 400, 0.4268877688],
  [2, 511, 0.4996744791],
  [2, 900, 0.783220692],
  [30, 3, 0.3299413846],
  [30, 200, 0.4446393407],
  [30, 400, 0.4820885173],
  [30, 511, 0.4999206652],
  [30, 900, 0.5755290067],
  [0.001, 50, 2.225073859e-308],
  [0.001, 300, 3.748021035e-232],
  [0.001, 480, 2.646779032e-28],
  [0.001, 511, 0.2732904365],
  [0.03, 50, 2.797991208e-34],
  [0.03, 300, 1.841971666e-08],
  [0.03, 480, 0.1036487955],
  [0.03, 511, 0.4915292032],
  [1000, 50, 0.4815394534],
  [1000, 300, 0.4939250368],
  [1000, 480, 0.4991369409],
  [1000, 511, 0.4999863142],
];

const classes = [2, 0, 1, 2, 0];
const examples = classes.length;

/** Shares of examples themselves, and their partners. */
function mixtures(words: readonly (readonly number[])[], alpha: number): { share: number; partner: number }[] {
  const all = betaQuantiles(alpha);
  return words.map(([partner, share], i) => ({
    share: all[below(share, QUANTILES)],
    partner: (i + 1 + below(partner, words.length - 1)) % words.length,
  }));
}

const rowsOf = (numbers: readonly number[]): number[][] =>
  numbers.map((one) => [0, 1, 2].map((c) => one === c ? 1 : 0));

async function assertNear(actual: Tensor, wanted: readonly number[]): Promise<void> {
  const found = [...await actual.data()];
  assertEquals(found.length, wanted.length);
  found.forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-5));
}

testOnEveryDevice("mixup mixes inputs and targets by the same shares", async () => {
  for (const alpha of [0.3, 1, 8]) {
    const images = imagesOf([examples, 2, 3, 1]);
    const mix = jit((key: Tensor, x: Tensor, y: Tensor) => mixup({ alpha, nClass: 3 })(key, { x, y }));
    const { x, y } = mix(random.key(SEED), tensorOf(images, [examples, 2, 3, 1]), tensor(Int32Array.from(classes)));
    const chosen = mixtures(wordsOf(examples, 2), alpha);
    const mixed = (rows: readonly (readonly number[])[]): number[] =>
      chosen.flatMap(({ share, partner }, i) => rows[i].map((one, j) => share * one + (1 - share) * rows[partner][j]));
    await assertNear(x, mixed(images.map((one) => one.flat(2))));
    await assertNear(y, mixed(rowsOf(classes)));
    assertEquals([y.dtype, y.shape], ["f32", [examples, 3]]);
  }
});

testOnEveryDevice(
  "targets of floats are mixed as they are, of records all, and weights count as in both costs",
  async () => {
    const [weights, targets] = [[1, 0, 2, 0.5, 0], [0.5, -1, 2, 4, 8]];
    const x = { image: zeros([examples, 2]), table: tensor(targets.map((one) => [one, 1])) };
    const batch = {
      x,
      y: { value: tensor(targets.map((one) => [one])), kind: tensor(Int32Array.from(classes)) },
      weights: tensor(weights),
    };
    const { x: inputs, y, weights: found } = mixup({ alpha: 1 })(random.key(SEED), batch, {
      nClass: { value: 1, kind: 3 },
    });
    const chosen = mixtures(wordsOf(examples, 2), 1);
    const total = chosen.map(({ share, partner }, i) => share * weights[i] + (1 - share) * weights[partner]);
    const mixed = (rows: readonly (readonly number[])[]): number[] =>
      chosen.flatMap(({ share, partner }, i) =>
        rows[i].map((one, j) => {
          // Where neither example counts, any targets do.
          if (total[i] === 0) return share * one + (1 - share) * rows[partner][j];
          return (share * weights[i] * one + (1 - share) * weights[partner] * rows[partner][j]) / total[i];
        })
      );
    await assertNear(found, total);
    await assertNear(y.value, mixed(targets.map((one) => [one])));
    await assertNear(y.kind, mixed(rowsOf(classes)));
    await assertNear(
      inputs.table,
      chosen.flatMap(({ share, partner }) => [share, partner]).flatMap((_, k, all) =>
        k % 2 ? [1] : [all[k] * targets[k / 2] + (1 - all[k]) * targets[all[k + 1]]]
      ),
    );
  },
);

testOnEveryDevice("cutmix replaces a rectangle, and mixes targets by the shares of pixels", async () => {
  for (const [rows, columns] of [[7, 5], [1, 9], [4, 1], [1, 1]]) {
    const images = imagesOf([examples, 2, rows, columns]);
    const all = betaQuantiles(1);
    const mix = jit((key: Tensor, x: Tensor, y: Tensor) => cutmix({ nClass: 3 })(key, { x, y }));
    const { x, y } = mix(
      random.key(SEED),
      tensorOf(images, [examples, 2, rows, columns]),
      tensor(Int32Array.from(classes)),
    );
    const chosen = wordsOf(examples, 4).map(([partner, size, down, right], i) => {
      const cut = Math.sqrt(1 - all[below(size, QUANTILES)]);
      const [top, left] = [below(down, rows), below(right, columns)];
      const [height, width] = [Math.floor(0.5 * cut * rows), Math.floor(0.5 * cut * columns)];
      const box = {
        top: Math.max(0, top - height),
        bottom: Math.min(rows, top + height),
        left: Math.max(0, left - width),
        right: Math.min(columns, left + width),
      };
      const share = 1 - (box.bottom - box.top) * (box.right - box.left) / (rows * columns);
      return { ...box, share, partner: (i + 1 + below(partner, examples - 1)) % examples };
    });
    const expected = images.map((image, i) =>
      mapPixels([image], (channel, { r, c }) => {
        const { top, bottom, left, right, partner } = chosen[i];
        const isCut = r >= top && r < bottom && c >= left && c < right;
        return isCut ? images[partner][image.indexOf(channel as never)][r][c] : channel[r][c];
      })
    );
    await assertNear(x, expected.flat(4));
    const rowsOfClasses = rowsOf(classes);
    await assertNear(
      y,
      chosen.flatMap(({ share, partner }, i) =>
        [0, 1, 2].map((c) => share * rowsOfClasses[i][c] + (1 - share) * rowsOfClasses[partner][c])
      ),
    );
  }
});

testOnEveryDevice("each other example is a partner equally often, and a single one its own", async () => {
  const count = 4;
  const x = tensor(Array.from({ length: count }, (_, i) => [0, 1, 2, 3].map((j) => i === j ? 1 : 0)));
  const mix = jit((key: Tensor) => mixup({ alpha: 1000 })(key, { x }).x);
  const pairs = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const draws = 600;
  for (let seed = 0; seed < draws; seed++) {
    const rows = await mix(random.key(seed)).toArray() as number[][];
    rows.forEach((row, i) => row.forEach((one, j) => one > 0.1 && j !== i && pairs[i][j]++));
  }
  pairs.forEach((row, i) =>
    row.forEach((one, j) => i === j || assertAlmostEquals(one, draws / 3, 5 * Math.sqrt(draws * 2 / 9)))
  );
  const alone = mixup({ alpha: 1, nClass: 2 })(random.key(1), { x: tensor([[3, 4]]), y: tensor(Int32Array.of(1)) });
  await assertNear(alone.x, [3, 4]);
  await assertNear(alone.y, [0, 1]);
});

Deno.test("quantiles are those of the beta distribution", () => {
  for (const [alpha, i, x] of quantiles) assertAlmostEquals(betaQuantiles(alpha)[i], x, 1e-6, `${alpha}, ${i}`);
  assertEquals(betaQuantiles(1), Array.from({ length: QUANTILES }, (_, i) => (i + 0.5) / QUANTILES));
  for (const alpha of [0.001, 0.2, 3, 1000]) {
    const all = betaQuantiles(alpha);
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length;
    assertAlmostEquals(mean, 0.5, 1e-9);
    assertAlmostEquals(variance, 1 / (4 * (2 * alpha + 1)), 2e-3 / (2 * alpha + 1));
    assert(all.every((one, i) => i === 0 || one >= all[i - 1]));
  }
});

Deno.test("of two examples each is the other's partner, and a single one its own", async () => {
  await setDevice("wasm");
  const words = Uint32Array.of(0, 2 ** 32 - 1);
  assertEquals([...await partnersOf(tensor(words), 2).data()], [1, 0]);
  assertEquals([...await partnersOf(tensor(words.subarray(1)), 1).data()], [0]);
});

Deno.test("targets and inputs that cannot be mixed are refused", async () => {
  await setDevice("wasm");
  const key = random.key(1);
  const x = tensor([[1, 2], [3, 4]]);
  const whole = tensor(Int32Array.of(0, 1));
  assertThrows(
    () => mixup()(key, { x, y: whole }),
    TypeError,
    "Cannot augment with mixup: expected the number of classes of targets i32[2], got none; pass option nClass",
  );
  assertThrows(
    () => mixup({ nClass: 3 })(key, { x, y: tensor(Int32Array.of(0, 1, 2, 3)).reshape([2, 2]) }),
    TypeError,
    "expected class numbers [example], or targets of floats, got i32[2, 2]",
  );
  assertThrows(() => mixup()(key, { x: whole, y: x }), TypeError, "expected inputs of floats, got i32[2]");
  assertThrows(
    () => mixup()(key, { x: { a: x, words: whole }, y: x }),
    TypeError,
    'expected the input "words" of floats, got i32[2]',
  );
  assertThrows(() => Reflect.apply(mixup(), undefined, [key, { x, y: 3 }]), TypeError, "expected y to be a tensor");
  assertThrows(() => mixup({ alpha: 0 }), RangeError, "alpha");
  // Without targets only inputs are mixed; answers to questions stay one number.
  assertEquals(mixup()(key, { x }).x.shape, [2, 2]);
  assertEquals(mixup()(key, { x, y: whole }, { nClass: 1 }).y.shape, [2]);
});
