import { assertEquals, assertThrows } from "@std/assert";
import { explain, jit, random, setDevice, type Tensor, tensor } from "../../core/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import {
  type Augmentation,
  chainAugmentations,
  type ConfiguredAugmentation,
  cutmix,
  gaussianNoise,
  getAugmentation,
  mixup,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomErasing,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "./mod.ts";
import type { DrawnAugmentation } from "./augmentation.ts";
import { augmentations } from "./registry.ts";
import { imagesOf, SEED, tensorOf, wordsOf } from "./test_words.ts";

const shape = [5, 2, 7, 6] as const;

/** What augmentations return one after the other, without a chain, with the words that a chain draws for them. */
function separately(parts: readonly ConfiguredAugmentation[], x: Tensor): Tensor {
  const counts = parts.map((one) => (one as DrawnAugmentation).recipe.words);
  const total = counts.reduce((sum, one) => sum + one, 0);
  const words = wordsOf(x.shape[0], total);
  let first = 0;
  return parts.reduce((batch, one) => {
    const { recipe } = one as DrawnAugmentation;
    const own = Array.from(
      { length: recipe.words },
      (_, j) => tensor(Uint32Array.from(words, (row) => row[first + j])),
    );
    first += recipe.words;
    return recipe.change(own, batch);
  }, { x }).x;
}

testOnEveryDevice("a chain computes what its parts compute one after the other, however they are joined", async () => {
  const x = tensorOf(imagesOf(shape), shape);
  const chains: readonly (readonly ConfiguredAugmentation[])[] = [
    [randomCrop({ padding: 2, fill: 3 }), randomFlip({ mode: "horizontal_and_vertical" }), randomTranslation()],
    [randomFlip(), randomCrop({ padding: 3, fillMode: "nearest" }), randomErasing({ p: 1 }), randomFlip()],
    [randomRotation({ degrees: 50 }), randomCrop(), randomZoom({ scale: [0.6, 1.5] }), randomFlip()],
    [randomCrop(), randomAffine({ degrees: 90, interpolation: "nearest" }), randomRotation({ fill: 1 })],
    [randomBrightness(), randomCrop({ imageShape: [4, 3, 7] }), randomFlip({ imageShape: [2, 7, 6] })],
    [gaussianNoise()],
    [],
  ];
  for (const parts of chains) {
    const chain = chainAugmentations(parts);
    const found = jit((key: Tensor) => chain(key, { x }).x)(random.key(SEED));
    const near = (values: ArrayLike<number>): number[] => Array.from(values, (one) => Math.fround(one * 1024) / 1024);
    const [ours, theirs] = [await found.data(), await separately(parts, x).data()].map(near);
    assertEquals(ours.map((one) => one.toFixed(2)), theirs.map((one) => one.toFixed(2)));
  }
});

testOnEveryDevice("functions of one's own get the key of their place", async () => {
  const own: Augmentation<{ x: Tensor }> = (key, { x }) => ({ x: x.add(random.uniform(key, x.shape)) });
  const chain = chainAugmentations([own, randomFlip({ p: 1 }), own]);
  const x = tensor([[[1, 2, 3]]]);
  const key = random.key(7);
  const first = x.add(random.uniform(random.fold(key, 0), x.shape)).flip(-1);
  assertEquals(
    await chain(key, { x }).x.toArray(),
    await first.add(random.uniform(random.fold(key, 2), x.shape)).toArray(),
  );
});

Deno.test("moves in a row look up each pixel once, so they share a kernel", async () => {
  await setDevice("wasm");
  const x = tensorOf(imagesOf(shape), shape);
  const plan = (parts: readonly ConfiguredAugmentation[]): number => {
    const chain = chainAugmentations(parts);
    const run = jit((key: Tensor, x: Tensor) => chain(key, { x }).x);
    return Number(/(\d+) dispatches/.exec(explain(run, {}, random.key(1), x))?.[1]);
  };
  // One kernel draws the random words.
  assertEquals(plan([randomCrop()]), 2);
  assertEquals(plan([randomCrop(), randomFlip()]), 2);
  assertEquals(plan([randomCrop(), randomFlip(), randomTranslation(), randomFlip()]), 2);
  assertEquals(plan([randomFlip(), randomCrop(), gaussianNoise(), randomBrightness()]), 2);
  assertEquals(plan([randomCrop(), randomFlip({ imageShape: [2, 7, 6] })]), 3);
});

Deno.test("a chain among augmentations is taken apart", async () => {
  await setDevice("wasm");
  const parts = [randomCrop(), randomFlip(), randomErasing()];
  const [x, key] = [tensorOf(imagesOf(shape), shape), random.key(3)];
  const nested = chainAugmentations([parts[0], chainAugmentations<{ x: Tensor }>(parts.slice(1))]);
  assertEquals(
    await nested(key, { x }).x.toArray(),
    await chainAugmentations(parts)(key, { x }).x.toArray(),
  );
});

Deno.test("what is no augmentation is refused, and so are unknown names and options", async () => {
  await setDevice("wasm");
  assertThrows(() => chainAugmentations([3 as never]), TypeError, "Cannot chain augmentations: expected");
  assertThrows(() => getAugmentation("randomFlop"), RangeError, "did you mean randomFlip?");
  assertThrows(() => getAugmentation("randomFlip", { P: 1 }), RangeError, "did you mean p?");
  assertThrows(() => randomCrop({ padding: -1 }), RangeError, "expected padding to be a whole number of at least 0");
  assertThrows(() => randomZoom({ scale: [2, 1] }), RangeError, "the lower one first");
  assertThrows(() => randomFlip({ imageShape: [8, 8] }), TypeError, "expected imageShape to be three whole numbers");
  const chain = chainAugmentations([randomFlip()]);
  assertThrows(
    () => Reflect.apply(chain, undefined, [random.key(1), { y: 1 }]),
    TypeError,
    "Cannot augment with randomFlip: expected a batch with",
  );
});

Deno.test("names, options and defaults of all augmentations can be read from their configurations", async () => {
  await setDevice("wasm");
  const made = [
    randomCrop(),
    randomFlip({ p: 0.25 }),
    randomTranslation({ widthFactor: 0.5 }),
    randomRotation({ degrees: [1, 2] }),
    randomZoom(),
    randomAffine({ scale: [1, 2] }),
    gaussianNoise({ input: "a" }),
    randomBrightness({ valueRange: [0, 1] }),
    randomContrast(),
    randomErasing({ imageShape: [1, 2, 3] }),
    mixup({ nClass: 3 }),
    cutmix(),
  ];
  assertEquals(made.map(({ configuration: [name] }) => name), Object.keys(augmentations));
  for (const { configuration: [name, options] } of made) {
    const again = JSON.parse(JSON.stringify(options));
    assertEquals(getAugmentation(name, again).configuration, [name, options]);
  }
  assertEquals(made[2].configuration, ["randomTranslation", {
    fillMode: "constant",
    fill: 0,
    heightFactor: 0.1,
    widthFactor: 0.5,
  }]);
});

Deno.test("a chain names those that draw random numbers if a batch has no inputs", () => {
  const darken = (_key: Tensor, { x }: { x: Tensor }) => ({ x: x.mul(0.5) });
  const chain = chainAugmentations<{ x: Tensor }>([darken, randomFlip(), randomErasing()]);
  assertThrows(
    () => Reflect.apply(chain, undefined, [random.key(1), {}]),
    TypeError,
    "Cannot augment with randomFlip, randomErasing: expected a batch with the field x",
  );
});
