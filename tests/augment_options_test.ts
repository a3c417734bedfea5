/**
 * Tests each option of augmentations against what its definition says, in plain numbers.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { random, type Tensor, tensor } from "../core/mod.ts";
import * as augment from "../data/augment/mod.ts";
import { randomBrightnessOptions, randomContrastOptions } from "../data/augment/brightness.ts";
import { randomCropOptions } from "../data/augment/crop.ts";
import { cutmixOptions } from "../data/augment/cutmix.ts";
import { randomErasingOptions } from "../data/augment/erasing.ts";
import { randomFlipOptions } from "../data/augment/flip.ts";
import { mixupOptions } from "../data/augment/mixup.ts";
import { gaussianNoiseOptions } from "../data/augment/noise.ts";
import { randomAffineOptions, randomRotationOptions, randomZoomOptions } from "../data/augment/rotation.ts";
import { randomTranslationOptions } from "../data/augment/translation.ts";
import { below, SEED, unit, wordsOf } from "../data/augment/test_words.ts";
import { assertElements, testOptions } from "./option_definitions.ts";

const key = random.key(SEED);
/** Images of 3 × 3 pixels, all different. */
const EXAMPLES = 5;
const pixels = Array.from({ length: EXAMPLES }, (_, i) => Array.from({ length: 9 }, (_, j) => i + j / 16));
const images = tensor(pixels.flat(), [EXAMPLES, 3, 3]);

/** What an augmentation does to the images. */
const applied = (one: augment.ConfiguredAugmentation): Tensor => one(key, { x: images }).x;

/** Checks pixels that are computed from those of their image by row and column. */
async function assertPixels(
  one: augment.ConfiguredAugmentation,
  pixel: (at: (r: number, c: number) => number, r: number, c: number, i: number) => number,
  tolerance = 0,
): Promise<void> {
  const wanted = pixels.flatMap((image, i) => {
    const at = (r: number, c: number): number => r < 0 || r > 2 || c < 0 || c > 2 ? NaN : image[3 * r + c];
    return image.map((_, j) => pixel(at, Math.floor(j / 3), j % 3, i));
  });
  if (tolerance === 0) return await assertElements(applied(one), wanted);
  [...await applied(one).data()].forEach((found, i) => assertAlmostEquals(found, wanted[i], tolerance));
}

const filled = (value: number, fill: number): number => Number.isNaN(value) ? fill : value;
const inside = (place: number): number => Math.min(Math.max(place, 0), 2);

/** Tests of the option `input`: only the named input changes. */
function inputTest(make: (options: { input: string }) => augment.ConfiguredAugmentation) {
  return {
    input: async () => {
      const other = tensor(Array.from({ length: EXAMPLES }, (_, i) => [i]));
      const { x } = make({ input: "b" })(key, { x: { a: other, b: images } });
      assertEquals(x.a, other);
      await assertElements(x.b, [...await make({} as never)(key, { x: images }).x.data()]);
    },
  };
}

/** Tests of options that all augmentations of images have: rows of pixels are the same images. */
function imageTests(make: (options: augment.ImageOptions) => augment.ConfiguredAugmentation) {
  return {
    ...inputTest(make),
    imageShape: async () => {
      const flat = images.reshape([EXAMPLES, 9]);
      const { x } = make({ imageShape: [1, 3, 3] })(key, { x: flat });
      assertEquals(x.shape, [EXAMPLES, 9]);
      await assertElements(x, [...await applied(make({})).data()]);
    },
  };
}

const two = wordsOf(EXAMPLES, 2);
const one = wordsOf(EXAMPLES, 1);
const shift = (i: number, axis: number, most: number): number => below(two[i][axis], 2 * most + 1) - most;

testOptions<augment.RandomCropOptions>("randomCrop", randomCropOptions, {
  ...imageTests(augment.randomCrop),
  padding: async () => {
    for (const padding of [0, 1, 2]) {
      await assertPixels(
        augment.randomCrop({ padding }),
        (at, r, c, i) => filled(at(r + shift(i, 0, padding), c + shift(i, 1, padding)), 0),
      );
    }
    await assertPixels(augment.randomCrop(), (at, r, c, i) => filled(at(r + shift(i, 0, 4), c + shift(i, 1, 4)), 0));
  },
  fill: () =>
    assertPixels(
      augment.randomCrop({ padding: 1, fill: -7 }),
      (at, r, c, i) => filled(at(r + shift(i, 0, 1), c + shift(i, 1, 1)), -7),
    ),
  fillMode: () =>
    assertPixels(
      augment.randomCrop({ padding: 2, fillMode: "nearest" }),
      (at, r, c, i) => at(inside(r + shift(i, 0, 2)), inside(c + shift(i, 1, 2))),
    ),
});

testOptions<augment.RandomFlipOptions>("randomFlip", randomFlipOptions, {
  ...imageTests(augment.randomFlip),
  mode: async () => {
    await assertPixels(augment.randomFlip({ mode: "vertical", p: 1 }), (at, r, c) => at(2 - r, c));
    await assertPixels(augment.randomFlip({ mode: "horizontal", p: 1 }), (at, r, c) => at(r, 2 - c));
    await assertPixels(augment.randomFlip({ p: 1 }), (at, r, c) => at(r, 2 - c));
    await assertPixels(augment.randomFlip({ mode: "horizontal_and_vertical", p: 1 }), (at, r, c) => at(2 - r, 2 - c));
  },
  p: async () => {
    for (const p of [0, 0.3, 0.9]) {
      await assertPixels(augment.randomFlip({ p }), (at, r, c, i) => at(r, unit(one[i][0]) < p ? 2 - c : c));
    }
    await assertPixels(augment.randomFlip(), (at, r, c, i) => at(r, unit(one[i][0]) < 0.5 ? 2 - c : c));
  },
});

testOptions<augment.RandomTranslationOptions>("randomTranslation", randomTranslationOptions, {
  ...imageTests((options) => augment.randomTranslation({ widthFactor: 0.5, ...options })),
  heightFactor: () =>
    assertPixels(
      augment.randomTranslation({ heightFactor: 0.7 }),
      (at, r, c, i) => filled(at(r - shift(i, 0, 2), c), 0),
    ),
  widthFactor: () =>
    assertPixels(
      augment.randomTranslation({ widthFactor: 0.7 }),
      (at, r, c, i) => filled(at(r, c - shift(i, 1, 2)), 0),
    ),
  fill: () =>
    assertPixels(
      augment.randomTranslation({ widthFactor: 0.3, fill: 3 }),
      (at, r, c, i) => filled(at(r, c - shift(i, 1, 1)), 3),
    ),
  fillMode: () =>
    assertPixels(
      augment.randomTranslation({ widthFactor: 0.3, fillMode: "nearest" }),
      (at, r, c, i) => at(r, inside(c - shift(i, 1, 1))),
    ),
});

/** Tests of a resampling that makes images half as large, so all but the middle is beyond the borders. */
function resamplingTests(half: (options: augment.ResamplingOptions) => augment.ConfiguredAugmentation) {
  return {
    ...imageTests(half),
    fill: () => assertPixels(half({ fill: 6 }), (at, r, c) => r === 1 && c === 1 ? at(1, 1) : 6),
    fillMode: () => assertPixels(half({ fillMode: "nearest" }), (at, r, c) => at(r, c)),
  };
}

const small = { scale: [0.5, 0.5] } as const;
/** Three quarters of a pixel beyond the middle: (1 − 1) / 4. */
const large = { scale: [4, 4] } as const;
const middle = (r: number, c: number, at: (r: number, c: number) => number): number => {
  const [down, right] = [(r - 1) / 4, (c - 1) / 4];
  return at(1, 1) + Math.abs(down) * (at(1 + Math.sign(down), 1) - at(1, 1)) +
    Math.abs(right) * (at(1, 1 + Math.sign(right)) - at(1, 1));
};

testOptions<augment.RandomZoomOptions>("randomZoom", randomZoomOptions, {
  ...resamplingTests((options) => augment.randomZoom({ ...small, ...options })),
  scale: async () => {
    await assertPixels(augment.randomZoom(large), (at, r, c) => middle(r, c, at));
    await assertPixels(augment.randomZoom({ scale: [1, 1] }), (at, r, c) => at(r, c));
    await assertDefault(augment.randomZoom, { scale: [0.9, 1.1] });
  },
  interpolation: async () => {
    await assertPixels(augment.randomZoom({ ...large, interpolation: "nearest" }), (at) => at(1, 1));
    await assertPixels(augment.randomZoom({ ...large, interpolation: "bilinear" }), (at, r, c) => middle(r, c, at));
  },
});

/** Checks that an option has this default, and that the images show it. */
async function assertDefault<O>(make: (options?: O) => augment.ConfiguredAugmentation, options: O): Promise<void> {
  await assertElements(applied(make()), [...await applied(make(options)).data()]);
}

testOptions<augment.RandomRotationOptions>("randomRotation", randomRotationOptions, {
  ...imageTests(augment.randomRotation),
  degrees: async () => {
    await assertPixels(augment.randomRotation({ degrees: [90, 90] }), (at, r, c) => at(c, 2 - r));
    await assertPixels(augment.randomRotation({ degrees: [-90, -90] }), (at, r, c) => at(2 - c, r));
    await assertPixels(augment.randomRotation({ degrees: 0 }), (at, r, c) => at(r, c));
    await assertDefault(augment.randomRotation, { degrees: [-10, 10] });
    await assertDefault(augment.randomRotation, { degrees: 10 });
  },
  interpolation: () =>
    assertPixels(augment.randomRotation({ degrees: [10, 10], interpolation: "nearest" }), (at, r, c) => at(r, c)),
  // Corners of an eighth turn are partly beyond the borders.
  fill: () =>
    assertPixels(augment.randomRotation({ degrees: [45, 45], fill: 9 }), (at, r, c) => {
      const [row, column] = eighth(r, c);
      const [top, left] = [Math.floor(row + 1e-6), Math.floor(column + 1e-6)];
      const along = (r: number): number =>
        filled(at(r, left), 9) * (1 - column + left) + filled(at(r, left + 1), 9) * (column - left);
      return along(top) * (1 - row + top) + along(top + 1) * (row - top);
    }, 1e-3),
  fillMode: () =>
    assertPixels(
      augment.randomRotation({ degrees: [45, 45], fillMode: "nearest", interpolation: "nearest" }),
      (at, r, c) => {
        const [row, column] = eighth(r, c);
        return at(inside(Math.floor(row + 0.5)), inside(Math.floor(column + 0.5)));
      },
    ),
});

/** The place from which an eighth turn counterclockwise takes a pixel. */
function eighth(r: number, c: number): [row: number, column: number] {
  const [y, x] = [r - 1, c - 1];
  return [1 + (x + y) * Math.SQRT1_2, 1 + (x - y) * Math.SQRT1_2];
}

testOptions<augment.RandomAffineOptions>("randomAffine", randomAffineOptions, {
  ...resamplingTests((options) => augment.randomAffine({ degrees: 0, ...small, ...options })),
  degrees: async () => {
    await assertPixels(augment.randomAffine({ degrees: [90, 90], scale: [1, 1] }), (at, r, c) => at(c, 2 - r));
    await assertDefault(augment.randomAffine, { degrees: 10 });
  },
  scale: async () => {
    await assertPixels(augment.randomAffine({ degrees: 0, ...large }), (at, r, c) => middle(r, c, at));
    await assertDefault(augment.randomAffine, { scale: [0.9, 1.1] });
  },
  interpolation: () =>
    assertPixels(augment.randomAffine({ degrees: 0, ...large, interpolation: "nearest" }), (at) => at(1, 1)),
});

const eitherWay = (i: number): number => 2 * unit(one[i][0]) - 1;
const clip = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

testOptions<augment.GaussianNoiseOptions>("gaussianNoise", gaussianNoiseOptions, {
  ...inputTest(augment.gaussianNoise),
  sigma: async () => {
    const [before, unitNoise] = [pixels.flat(), applied(augment.gaussianNoise({ sigma: 1 }))];
    const noise = [...await unitNoise.data()].map((value, i) => value - before[i]);
    for (const sigma of [0, 0.25, 3]) {
      await assertElements(
        applied(augment.gaussianNoise({ sigma })).sub(images),
        [...await tensor(noise.map((one) => one * sigma)).data()],
      );
    }
    await assertDefault(augment.gaussianNoise, { sigma: 0.1 });
  },
});

testOptions<augment.RandomBrightnessOptions>("randomBrightness", randomBrightnessOptions, {
  ...inputTest(augment.randomBrightness),
  factor: async () => {
    await assertPixels(augment.randomBrightness({ factor: 0.7 }), (at, r, c, i) => at(r, c) + 0.7 * eitherWay(i));
    await assertPixels(augment.randomBrightness(), (at, r, c, i) => at(r, c) + 0.2 * eitherWay(i));
  },
  valueRange: () =>
    assertPixels(
      augment.randomBrightness({ factor: 0.5, valueRange: [-1, 3] }),
      (at, r, c, i) => clip(at(r, c) + 0.5 * 4 * eitherWay(i), -1, 3),
    ),
});

/** The mean of an image is that of its middle pixel. */
const contrasted = (at: (r: number, c: number) => number, [r, c]: readonly [number, number], by: number): number =>
  at(1, 1) + (at(r, c) - at(1, 1)) * (1 + by);

testOptions<augment.RandomContrastOptions>("randomContrast", randomContrastOptions, {
  ...imageTests(augment.randomContrast),
  factor: async () => {
    await assertPixels(
      augment.randomContrast({ factor: 0.9 }),
      (at, r, c, i) => contrasted(at, [r, c], 0.9 * eitherWay(i)),
    );
    await assertPixels(augment.randomContrast(), (at, r, c, i) => contrasted(at, [r, c], 0.2 * eitherWay(i)));
  },
  valueRange: () =>
    assertPixels(
      augment.randomContrast({ factor: 0.9, valueRange: [0.1, 3.2] }),
      (at, r, c, i) => clip(contrasted(at, [r, c], 0.9 * eitherWay(i)), 0.1, 3.2),
    ),
});

const four = wordsOf(EXAMPLES, 4);

/** Whether a pixel is in a rectangle of this size, where it is erased. */
const isErased = (i: number, [r, c]: readonly [number, number], height: number, width: number): boolean => {
  const [top, left] = [below(four[i][2], 4 - height), below(four[i][3], 4 - width)];
  return r >= top && r < top + height && c >= left && c < left + width;
};
const square = { scale: [4 / 9, 4 / 9], ratio: [1, 1] } as const;

testOptions<augment.RandomErasingOptions>("randomErasing", randomErasingOptions, {
  ...imageTests(augment.randomErasing),
  p: async () => {
    for (const p of [0, 0.4, 1]) {
      await assertPixels(
        augment.randomErasing({ p, ...square }),
        (at, r, c, i) => unit(four[i][0]) < p && isErased(i, [r, c], 2, 2) ? 0 : at(r, c),
      );
    }
    await assertDefault(augment.randomErasing, { p: 0.5 });
  },
  scale: async () => {
    for (const size of [0, 1, 2, 3]) {
      const scale = [size ** 2 / 9, size ** 2 / 9] as const;
      await assertPixels(
        augment.randomErasing({ p: 1, scale, ratio: [1, 1] }),
        (at, r, c, i) => isErased(i, [r, c], size, size) ? 0 : at(r, c),
      );
    }
    await assertDefault(augment.randomErasing, { scale: [0.02, 0.33] });
  },
  ratio: async () => {
    const scale = [1 / 3, 1 / 3] as const;
    await assertPixels(
      augment.randomErasing({ p: 1, scale, ratio: [3, 3] }),
      (at, r, c, i) => isErased(i, [r, c], 3, 1) ? 0 : at(r, c),
    );
    await assertPixels(
      augment.randomErasing({ p: 1, scale, ratio: [1 / 3, 1 / 3] }),
      (at, r, c, i) => isErased(i, [r, c], 1, 3) ? 0 : at(r, c),
    );
    await assertDefault(augment.randomErasing, { ratio: [0.3, 3.3] });
  },
  value: () =>
    assertPixels(
      augment.randomErasing({ p: 1, value: 5, ...square }),
      (at, r, c, i) => isErased(i, [r, c], 2, 2) ? 5 : at(r, c),
    ),
});

/** The shares of targets that are 0 for the first example and 1 for the others. */
async function sharesOf(one: augment.ConfiguredAugmentation): Promise<number[]> {
  const y = tensor(Array.from({ length: EXAMPLES }, (_, i) => [i === 0 ? 0 : 1]));
  return [...await one(key, { x: images, y }).y.data()];
}

const classes = tensor(Int32Array.of(0, 1, 2, 1, 0));

testOptions<augment.MixupOptions>("mixup", mixupOptions, {
  alpha: async () => {
    // Beta(1, 1) is uniform, so its quantiles are the middles of 1024 parts.
    const own = (i: number): number => (below(two[i][1], 1024) + 0.5) / 1024;
    const first = (i: number): boolean => (i + 1 + below(two[i][0], EXAMPLES - 1)) % EXAMPLES === 0;
    const wanted = Array.from({ length: EXAMPLES }, (_, i) => i === 0 ? 1 - own(0) : first(i) ? own(i) : 1);
    await assertElements(tensor(await sharesOf(augment.mixup({ alpha: 1 }))), wanted);
    await assertDefault(augment.mixup, { alpha: 0.2 });
  },
  nClass: () => {
    assertEquals(augment.mixup({ nClass: 4 })(key, { x: images, y: classes }, { nClass: 3 }).y.shape, [EXAMPLES, 4]);
    assertEquals(augment.mixup()(key, { x: images, y: classes }, { nClass: 3 }).y.shape, [EXAMPLES, 3]);
  },
});

testOptions<augment.CutmixOptions>("cutmix", cutmixOptions, {
  ...imageTests(augment.cutmix),
  alpha: async () => {
    // Of even mixtures, 0.5 · √0.5 · 3 pixels on each side are one pixel: rectangles of 2 × 2 pixels, or less at borders.
    const size = (middle: number): number => Math.min(3, middle + 1) - Math.max(0, middle - 1);
    const own = (i: number): number => 1 - size(below(four[i][2], 3)) * size(below(four[i][3], 3)) / 9;
    const first = (i: number): boolean => (i + 1 + below(four[i][0], EXAMPLES - 1)) % EXAMPLES === 0;
    const wanted = Array.from({ length: EXAMPLES }, (_, i) => i === 0 ? 1 - own(0) : first(i) ? own(i) : 1);
    await assertElements(tensor(await sharesOf(augment.cutmix({ alpha: 1000 }))), wanted);
    await assertDefault(augment.cutmix, { alpha: 1 });
  },
  nClass: () => {
    assertEquals(augment.cutmix({ nClass: 4 })(key, { x: images, y: classes }, { nClass: 3 }).y.shape, [EXAMPLES, 4]);
    assertEquals(augment.cutmix()(key, { x: images, y: classes }, { nClass: 3 }).y.shape, [EXAMPLES, 3]);
  },
});
