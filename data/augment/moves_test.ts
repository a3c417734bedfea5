import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { jit, random, setDevice, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { deviceKinds, testOnEveryDevice } from "../../tests/on_every_device.ts";
import {
  type ConfiguredAugmentation,
  randomAffine,
  randomCrop,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
} from "./mod.ts";
import { below, type Images, imagesOf, mapPixels, SEED, shapes, tensorOf, unit, wordsOf } from "./test_words.ts";

type Pixels = readonly (readonly number[])[];

/** A pixel, or what is beyond the borders. */
const pixelOf = (channel: Pixels, r: number, c: number, fill: number | "nearest" = 0): number => {
  if (fill !== "nearest") return channel[r]?.[c] ?? fill;
  const clamp = (at: number, count: number): number => Math.min(Math.max(at, 0), count - 1);
  return channel[clamp(r, channel.length)][clamp(c, channel[0].length)];
};

/** The images after an augmentation, computed on the device in one kernel. */
async function moved(
  augmentation: ConfiguredAugmentation,
  images: Images,
  shape: readonly number[],
): Promise<number[]> {
  const run = jit((key: Tensor, x: Tensor) => augmentation(key, { x }).x);
  const x = run(random.key(SEED), tensorOf(images, shape));
  assertEquals(x.shape, shape);
  return [...await x.data()];
}

/** Checks an augmentation on images of all shapes, with and without an axis of channels, and as rows of pixels. */
async function check(
  make: (options: { imageShape?: number[] }) => ConfiguredAugmentation,
  expected: (images: Images) => Images,
  { isNear = false } = {},
): Promise<void> {
  for (const shape of shapes) {
    const [examples, channels, rows, columns] = shape;
    const images = imagesOf(shape);
    const wanted = expected(images).flat(3);
    const forms: [ConfiguredAugmentation, number[]][] = [
      [make({}), [...shape]],
      [make({ imageShape: [channels, rows, columns] }), [examples, channels * rows * columns]],
      ...channels === 1 ? [[make({}), [examples, rows, columns]] as [ConfiguredAugmentation, number[]]] : [],
    ];
    for (const [augmentation, form] of forms) {
      const found = await moved(augmentation, images, form);
      if (!isNear) assertEquals(found, wanted, `${form}`);
      else found.forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-3, `${form} at ${i}`));
    }
  }
}

testOnEveryDevice("randomCrop takes each image out of its padded one, at the place of its random numbers", async () => {
  for (const padding of [0, 1, 3]) {
    for (const fill of [0, -2.5, "nearest"] as const) {
      const options = fill === "nearest" ? { fillMode: fill } : { fill };
      await check((shape) => randomCrop({ padding, ...options, ...shape }), (images) => {
        const words = wordsOf(images.length, 2);
        return mapPixels(images, (channel, { i, r, c }) => {
          const [down, right] = words[i].map((word) => below(word, 2 * padding + 1) - padding);
          return pixelOf(channel, r + down, c + right, fill);
        });
      });
    }
  }
});

testOnEveryDevice("randomTranslation shifts each image by its random numbers", async () => {
  const [heightFactor, widthFactor] = [0.4, 0.25];
  await check((shape) => randomTranslation({ heightFactor, widthFactor, fill: 9, ...shape }), (images) => {
    const words = wordsOf(images.length, 2);
    return mapPixels(images, (channel, { i, r, c }) => {
      const most = [Math.round(heightFactor * channel.length), Math.round(widthFactor * channel[0].length)];
      const [down, right] = most.map((one, axis) => below(words[i][axis], 2 * one + 1) - one);
      return pixelOf(channel, r - down, c - right, 9);
    });
  });
});

testOnEveryDevice("randomFlip exchanges left and right, or top and bottom, of the images that are drawn", async () => {
  for (const p of [0, 0.3, 1]) {
    await check((shape) => randomFlip({ p, ...shape }), (images) => {
      const words = wordsOf(images.length, 1);
      return mapPixels(
        images,
        (channel, { i, r, c }) => channel[r][unit(words[i][0]) < p ? channel[0].length - 1 - c : c],
      );
    });
    await check((shape) => randomFlip({ p, mode: "vertical", ...shape }), (images) => {
      const words = wordsOf(images.length, 1);
      return mapPixels(
        images,
        (channel, { i, r, c }) => channel[unit(words[i][0]) < p ? channel.length - 1 - r : r][c],
      );
    });
    await check((shape) => randomFlip({ p, mode: "horizontal_and_vertical", ...shape }), (images) => {
      const words = wordsOf(images.length, 2);
      return mapPixels(images, (channel, { i, r, c }) =>
        channel[unit(words[i][1]) < p ? channel.length - 1 - r : r][
          unit(words[i][0]) < p ? channel[0].length - 1 - c : c
        ]);
    });
  }
});

/** A random element of 4096 evenly spread ones. */
const spreadOut = (word: number, [low, high]: readonly [number, number]): number =>
  low === high ? low : low + (high - low) * (below(word, 4096) + 0.5) / 4096;

/** The place from which a pixel is taken: rotated clockwise and made smaller around the middle. */
function source(channel: Pixels, { r, c }: { r: number; c: number }, angle: number, scale: number): [number, number] {
  const [middleRow, middleColumn] = [(channel.length - 1) / 2, (channel[0].length - 1) / 2];
  const [up, right] = [middleRow - r, c - middleColumn];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  // The inverse of a counterclockwise rotation, with the vertical axis upward.
  const [x, y] = [(right * cosine + up * sine) / scale, (up * cosine - right * sine) / scale];
  return [middleRow - y, middleColumn + x];
}

function interpolated(channel: Pixels, [row, column]: readonly [number, number], fill: number | "nearest"): number {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [down, right] = [row - top, column - left];
  const at = (r: number, c: number): number => pixelOf(channel, r, c, fill);
  return (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
    down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
}

testOnEveryDevice("rotations and zooms interpolate between the pixels around the place that is drawn", async () => {
  const degrees = [-70, 40] as const;
  const scale = [0.5, 1.7] as const;
  const cases: readonly [
    (shape: object) => ConfiguredAugmentation,
    readonly [number, number],
    readonly [number, number],
  ][] = [
    [(shape) => randomRotation({ degrees, fillMode: "nearest", ...shape }), degrees, [1, 1]],
    [(shape) => randomRotation({ degrees: 35, fillMode: "nearest", ...shape }), [-35, 35], [1, 1]],
    [(shape) => randomZoom({ scale, fillMode: "nearest", ...shape }), [0, 0], scale],
    [(shape) => randomAffine({ degrees, scale, fillMode: "nearest", ...shape }), degrees, scale],
  ];
  for (const [make, angles, scales] of cases) {
    await check(make, (images) => {
      const words = wordsOf(images.length, 2);
      return mapPixels(images, (channel, { i, ...at }) => {
        const angle = spreadOut(words[i][0], angles) / 180 * Math.PI;
        return interpolated(channel, source(channel, at, angle, spreadOut(words[i][1], scales)), "nearest");
      });
    }, { isNear: true });
  }
});

testOnEveryDevice("quarter turns and doubled images are exact, with a value beyond the borders", async () => {
  const images = imagesOf([2, 1, 3, 3]);
  const of = (augmentation: ConfiguredAugmentation): Promise<number[]> => moved(augmentation, images, [2, 1, 3, 3]);
  for (const interpolation of ["nearest", "bilinear"] as const) {
    const turned = mapPixels(images, (channel, { r, c }) => channel[c][2 - r]).flat(3);
    assertEquals(await of(randomRotation({ degrees: [90, 90], interpolation })), turned);
    const half = mapPixels(images, (channel, { r, c }) => channel[2 - r][2 - c]).flat(3);
    assertEquals(await of(randomRotation({ degrees: [180, 180], interpolation })), half);
    const small = mapPixels(images, (channel, { r, c }) => r === 1 && c === 1 ? channel[1][1] : 7).flat(3);
    assertEquals(await of(randomZoom({ scale: [0.25, 0.25], fill: 7, interpolation })), small);
  }
  const large = mapPixels(images, (channel, { r, c }) => interpolated(channel, [1 + (r - 1) / 2, 1 + (c - 1) / 2], 0))
    .flat(3);
  assertEquals(await of(randomZoom({ scale: [2, 2] })), large);
  const wide = await moved(
    randomRotation({ degrees: [90, 90], interpolation: "nearest", fill: 5 }),
    imagesOf([1, 1, 1, 3]),
    [1, 1, 1, 3],
  );
  assertEquals(wide, [5, 0.25, 5]);
});

Deno.test("moved pixels are the same on all devices, bit for bit, also with the nearest pixel of rotations", async () => {
  const shape = [9, 2, 11, 6] as const;
  const nearest = randomAffine({ degrees: 45, scale: [0.7, 1.4], interpolation: "nearest" });
  const all = [nearest, randomCrop(), randomFlip(), randomTranslation()];
  const results: number[][] = [];
  for (const kind of deviceKinds) {
    await setDevice(kind);
    const found: number[][] = [];
    for (const one of all) found.push(await moved(one, imagesOf(shape), shape));
    results.push(found.flat());
  }
  for (const result of results) assertEquals(result, results[0]);
});

testOnEveryDevice("an example is changed in the same way however many examples follow", async () => {
  const images = imagesOf([6, 1, 4, 5]);
  const augmentation = randomAffine({ degrees: 30, scale: [0.8, 1.2] });
  const all = await moved(augmentation, images, [6, 1, 4, 5]);
  const few = await moved(augmentation, images.slice(0, 4), [4, 1, 4, 5]);
  assertEquals(few, all.slice(0, few.length));
});

Deno.test("inputs that are no images are refused with the cure", async () => {
  await setDevice("wasm");
  const key = random.key(1);
  const flip = randomFlip();
  assertThrows(
    () => flip(key, { x: tensor([[1, 2]]) }),
    TypeError,
    "Cannot augment with randomFlip: expected images of [example, channel, row, column] or [example, row, column], got " +
      "[1, 2]; pass option imageShape: [channel, row, column] if these are rows of pixels",
  );
  assertThrows(
    () => randomFlip({ imageShape: [1, 2, 2] })(key, { x: tensor([[1, 2]]) }),
    TypeError,
    "expected inputs with the 4 pixels of imageShape [1, 2, 2], got [1, 2]",
  );
  assertThrows(
    () => flip(key, { x: tensor(Int32Array.of(1, 2)).reshape([1, 1, 2]) }),
    TypeError,
    "Cannot augment with randomFlip: expected inputs of floats, got i32[1, 1, 2]; whole numbers, such as tokens",
  );
  assertThrows(
    () => Reflect.apply(flip, undefined, [3, { x: tensor([[[1]]]) }]),
    TypeError,
    "expected key to be a tensor",
  );
  assertThrows(() => Reflect.apply(flip, undefined, [key, {}]), TypeError, "expected a batch with the field x");
  assertThrows(() => Reflect.apply(flip, undefined, [key, { x: 3 }]), TypeError, "expected a batch with the field x");
  for (const augmentation of [flip, randomFlip({ imageShape: [1, 1, 1] })]) {
    assertThrows(() => augmentation(key, { x: tensor(3) }), TypeError, "expected a batch with the field x");
  }
});

Deno.test("of several inputs one is named", async () => {
  await setDevice("wasm");
  const [image, text] = [tensor([[[1, 2]]]), tensor(Int32Array.of(7))];
  const key = random.key(1);
  const { x } = randomFlip({ p: 1, input: "image" })(key, { x: { image, text } });
  assertEquals(await x.image.toArray(), [[[2, 1]]]);
  assertEquals(x.text, text);
  assertThrows(
    () => randomFlip()(key, { x: { image, text } }),
    TypeError,
    "Cannot augment with randomFlip: expected option input, one of image, text, got nothing",
  );
  assertThrows(
    () => randomFlip({ input: "imag" })(key, { x: { image, text } }),
    RangeError,
    'there is no input "imag": did you mean image?',
  );
  assertThrows(
    () => randomFlip({ input: "text" })(key, { x: { image, text } }),
    TypeError,
    'expected the input "text" of floats, got i32[1]',
  );
  assertThrows(() => randomFlip({ input: "image" })(key, { x: image }), TypeError, "leave out input");
  assertThrows(
    () => randomFlip({ input: "image" })(key, { x: { image, other: zeros([2, 3]) } }),
    TypeError,
    "expected inputs of the same number of examples, got 1 and 2",
  );
});
