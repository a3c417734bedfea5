import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { jit, random, setDevice, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { deviceKinds, testOnEveryDevice } from "../../tests/on_every_device.ts";
import { type ConfiguredAugmentation, gaussianNoise, randomBrightness, randomContrast, randomErasing } from "./mod.ts";
import { below, type Images, imagesOf, mapPixels, SEED, shapes, tensorOf, unit, wordsOf } from "./test_words.ts";

/** The images after an augmentation, computed on the device in one kernel. */
async function changed(
  augmentation: ConfiguredAugmentation,
  images: Images,
  shape: readonly number[],
): Promise<number[]> {
  const run = jit((key: Tensor, x: Tensor) => augmentation(key, { x }).x);
  return [...await run(random.key(SEED), tensorOf(images, shape)).data()];
}

/** Checks an augmentation on images of all shapes, also as rows of pixels. */
async function check(
  make: (options: { imageShape?: number[] }) => ConfiguredAugmentation,
  expected: (images: Images) => Images,
): Promise<void> {
  for (const shape of shapes) {
    const [examples, channels, rows, columns] = shape;
    const images = imagesOf(shape);
    const wanted = expected(images).flat(3);
    const forms: [ConfiguredAugmentation, number[]][] = [
      [make({}), [...shape]],
      [make({ imageShape: [channels, rows, columns] }), [examples, channels * rows * columns]],
    ];
    for (const [augmentation, form] of forms) {
      const found = await changed(augmentation, images, form);
      found.forEach((one, i) =>
        assertAlmostEquals(one, wanted[i], 1e-5 * (1 + Math.abs(wanted[i])), `${form} at ${i}`)
      );
    }
  }
}

const clip = (value: number, range: readonly number[] | undefined): number =>
  range ? Math.min(Math.max(value, range[0]), range[1]) : value;

testOnEveryDevice("randomBrightness adds one random number to each example", async () => {
  for (const valueRange of [undefined, [-1, 3]] as const) {
    await check(({ imageShape: _ }) => randomBrightness({ factor: 0.4, valueRange }), (images) => {
      const words = wordsOf(images.length, 1);
      const range = valueRange ? 4 : 1;
      return mapPixels(
        images,
        (channel, { i, r, c }) => clip(channel[r][c] + (2 * unit(words[i][0]) - 1) * 0.4 * range, valueRange),
      );
    });
  }
});

testOnEveryDevice("randomContrast multiplies differences from the mean of a channel", async () => {
  for (const valueRange of [undefined, [0.5, 2]] as const) {
    await check((shape) => randomContrast({ factor: 0.7, valueRange, ...shape }), (images) => {
      const words = wordsOf(images.length, 1);
      return mapPixels(images, (channel, { i, r, c }) => {
        const all = channel.flat();
        const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
        return clip((channel[r][c] - mean) * (1 + (2 * unit(words[i][0]) - 1) * 0.7) + mean, valueRange);
      });
    });
  }
});

/** Heights and widths of erased parts, and where they are. */
function erased([chance, size, top, left]: readonly number[], channel: readonly (readonly number[])[], p: number) {
  const [rows, columns] = [channel.length, channel[0].length];
  const level = below(size, 64 * 64);
  const area = (0.1 + 0.5 * (Math.floor(level / 64) + 0.5) / 64) * rows * columns;
  const [low, high] = [Math.log(0.4), Math.log(2)];
  const ratio = Math.exp(low + (high - low) * (level % 64 + 0.5) / 64);
  const height = Math.min(rows, Math.round(Math.sqrt(area * ratio)));
  const width = Math.min(columns, Math.round(Math.sqrt(area / ratio)));
  const [r, c] = [below(top, rows - height + 1), below(left, columns - width + 1)];
  return (row: number, column: number): boolean =>
    unit(chance) < p && row >= r && row < r + height && column >= c && column < c + width;
}

testOnEveryDevice("randomErasing replaces a rectangle of the examples that are drawn", async () => {
  for (const p of [0, 0.6, 1]) {
    await check((shape) => randomErasing({ p, scale: [0.1, 0.6], ratio: [0.4, 2], value: -3, ...shape }), (images) => {
      const words = wordsOf(images.length, 4);
      return mapPixels(images, (channel, { i, r, c }) => erased(words[i], channel, p)(r, c) ? -3 : channel[r][c]);
    });
  }
});

testOnEveryDevice("erased parts lie within images, with the areas that are asked for", async () => {
  const run = jit((key: Tensor) =>
    randomErasing({ p: 0.5, scale: [0.02, 0.33] })(key, { x: zeros([4000, 32, 32]).add(1) }).x
  );
  const left = await run(random.key(3)).mean({ axis: [1, 2] }).data();
  const areas = Array.from(left, (one) => 1 - one).filter((one) => one > 0);
  // 5 standard deviations of a fair coin, and of the mean of uniform numbers.
  assertAlmostEquals(areas.length / 4000, 0.5, 5 * Math.sqrt(0.25 / 4000));
  const mean = areas.reduce((sum, one) => sum + one, 0) / areas.length;
  assertAlmostEquals(mean, 0.175, 5 * 0.31 / Math.sqrt(12 * areas.length) + 0.003);
  assert(Math.min(...areas) > 0.01 && Math.max(...areas) < 0.36);
});

testOnEveryDevice("noise is normal, independent of pixel, example and key, and takes inputs of any shape", async () => {
  const run = jit((key: Tensor, x: Tensor) => gaussianNoise({ sigma: 0.5 })(key, { x }).x);
  const [noise, other] = [1, 2].map((seed) => run(random.key(seed), zeros([400, 250])));
  const moments = async (
    x: Tensor,
  ): Promise<number[]> => [
    await x.mean().item(),
    await x.square().mean().item(),
    await x.square().square().mean().item(),
  ];
  const [first, second, fourth] = await moments(noise);
  assertAlmostEquals(first, 0, 5 * 0.5 / Math.sqrt(1e5));
  assertAlmostEquals(second, 0.25, 5 * 0.25 * Math.sqrt(2 / 1e5));
  assertAlmostEquals(fourth, 3 / 16, 5 * Math.sqrt(96 / 1e5) / 16);
  const correlation = async (a: Tensor, b: Tensor): Promise<number> => await a.mul(b).mean().item() / 0.25;
  const pairs = [
    [noise, other],
    [noise.slice([0, 0], [400, 249]), noise.slice([0, 1], [400, 250])],
    [noise.slice([0, 0], [399, 250]), noise.slice([1, 0], [400, 250])],
  ];
  for (const [a, b] of pairs) assertAlmostEquals(await correlation(a, b), 0, 5 / Math.sqrt(0.99e5));
  for (const shape of [[5], [3, 1], [2, 3, 5, 7], [1, 2, 3]]) {
    const { x } = gaussianNoise({ sigma: 0 })(random.key(1), { x: zeros(shape).add(2) });
    assertEquals([x.shape, await x.mean().item()], [shape, 2]);
  }
});

testOnEveryDevice("the noise of an example does not depend on the number of those that follow", async () => {
  const noise = gaussianNoise();
  const few = await noise(random.key(4), { x: zeros([3, 2, 5]) }).x.data();
  const many = await noise(random.key(4), { x: zeros([7, 2, 5]) }).x.data();
  assertEquals([...few], [...many.slice(0, few.length)]);
  assert(new Set(many).size === many.length);
});

Deno.test("random choices and noise are the same on all devices, bit for bit", async () => {
  const draw = jit((key: Tensor) => [
    gaussianNoise({ sigma: 1 })(key, { x: zeros([33, 31]) }).x.bitcast("u32"),
    randomErasing()(key, { x: zeros([50, 9, 13]).add(1) }).x,
  ]);
  const results: unknown[] = [];
  for (const kind of deviceKinds) {
    await setDevice(kind);
    const found: unknown[] = [];
    for (const one of draw(random.key(5))) found.push([...await one.data()]);
    results.push(found);
  }
  for (const result of results) assertEquals(result, results[0]);
});

Deno.test("whole numbers are refused by name", async () => {
  await setDevice("wasm");
  const tokens = { x: tensor(Int32Array.of(1, 2, 3)).reshape([1, 3]) };
  for (const [name, make] of Object.entries({ gaussianNoise, randomBrightness, randomContrast, randomErasing })) {
    assertThrows(
      () => make()(random.key(1), tokens),
      TypeError,
      `Cannot augment with ${name}: expected inputs of floats, got i32[1, 3]; whole numbers, such as tokens`,
    );
  }
});
