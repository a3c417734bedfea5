/**
 * Tests each option of the functions that read pictures against what its definition says.
 */

import { assertEquals, assertRejects } from "@std/assert";
import * as sets from "../data/mod.ts";
import { imageOptions } from "../data/images/image_options.ts";
import { readImageFolderOptions } from "../data/images/read_image_folder.ts";
import { readImagesOptions } from "../data/images/read_images_options.ts";
import { pngFile, withImages } from "../data/images/test_images.ts";
import { testOptions } from "./option_definitions.ts";

/** The levels of a picture that is read in both ways. */
async function levelsOf(file: Uint8Array, options: sets.ImageOptions): Promise<number[]> {
  const { values } = await sets.readImages(file, options);
  const levels = Array.from(values, (value) => Math.round(value * 255));
  await withImages({ "a/1.png": file }, async (folder) => {
    const { x } = await sets.readImageFolder(folder, options);
    assertEquals(Array.from((x as sets.Samples).values, (value) => Math.round(value * 255)), levels);
  });
  return levels;
}

const row = pngFile(4, 1, [10, 20, 30, 40]);
const size = [1, 2] as const;
const gray = { size, channels: 1 } as const;

const imageTests = {
  size: async () => {
    const { shape } = await sets.readImages(row, { size: [3, 5] });
    assertEquals(shape, [1, 3, 3, 5]);
    assertEquals(await levelsOf(row, { size: [1, 4], channels: 1 }), [10, 20, 30, 40]);
  },
  channels: async () => {
    const red = pngFile(1, 3, [255, 0, 0]);
    assertEquals(await levelsOf(red, { size: [1, 1], channels: 1 }), [Math.round(0.299 * 255)]);
    for (const options of [{ channels: 3 }, {}] as const) {
      assertEquals(await levelsOf(red, { size: [1, 1], ...options }), [255, 0, 0]);
    }
  },
  fit: async () => {
    assertEquals(await levelsOf(row, gray), [20, 30]);
    assertEquals(await levelsOf(row, { ...gray, fit: "cover" }), [20, 30]);
    // Weights 3, 3, 1, and the same from the other side.
    assertEquals(await levelsOf(row, { ...gray, fit: "stretch" }), [120 / 7, 230 / 7].map(Math.round));
    const square = { size: [4, 4], channels: 1, fit: "contain" } as const;
    assertEquals((await levelsOf(row, square)).slice(0, 8), [255, 255, 255, 255, 10, 20, 30, 40]);
  },
  background: async () => {
    const clear = pngFile(1, 2, [100, 0]);
    assertEquals(await levelsOf(clear, { size: [1, 1], channels: 1, background: "black" }), [0]);
    for (const options of [{ background: "white" }, {}] as const) {
      assertEquals(await levelsOf(clear, { size: [1, 1], channels: 1, ...options }), [255]);
    }
    const border = { size: [2, 4], channels: 1, fit: "contain", background: "black" } as const;
    assertEquals((await levelsOf(row, border)).filter((level) => level === 0).length, 4);
  },
};

testOptions<sets.ImageOptions>("readImages and readImageFolder", imageOptions, imageTests);

const files = { "a/1.png": row, "b/2.png": pngFile(4, 1, [1, 2, 3, 4]) };

/** Calls a function that reads two pictures, as a list and as a folder. */
async function inBothWays(
  use: (read: (options: sets.ReadImagesOptions) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await use((options) => sets.readImages(Object.values(files), gray, options));
  await withImages(files, async (folder) => {
    await use((options) => sets.readImageFolder(folder, { ...gray, ...options }));
  });
}

const readingTests = {
  limitPixels: async () => {
    assertEquals(readImagesOptions.limitPixels.default, 50_000_000);
    await inBothWays(async (read) => {
      await read({ limitPixels: 4 });
      await assertRejects(() => read({ limitPixels: 3 }), sets.DataError, "expected at most 3 pixels, got 4×1");
    });
  },
  limitBytes: async () => {
    assertEquals(readImagesOptions.limitBytes.default, 2 ** 30);
    await inBothWays(async (read) => {
      await read({ limitBytes: 4 });
      await assertRejects(() => read({ limitBytes: 3 }), sets.DataError, "expected at most 3 bytes in memory");
    });
  },
  signal: async () => {
    await inBothWays(async (read) => {
      const reason = new RangeError("enough");
      assertEquals(await assertRejects(() => read({ signal: AbortSignal.abort(reason) })), reason);
      await read({ signal: new AbortController().signal });
    });
  },
  onProgress: async () => {
    await inBothWays(async (read) => {
      const events: sets.ImageProgress[] = [];
      await read({ onProgress: (event) => void events.push(event) });
      assertEquals(events, [{ done: 1, total: 2 }, { done: 2, total: 2 }]);
    });
  },
};

testOptions<sets.ReadImagesOptions>("readImages", readImagesOptions, readingTests);

testOptions<sets.ReadImageFolderOptions>("readImageFolder", readImageFolderOptions, {
  ...imageTests,
  ...readingTests,
  classes: () =>
    withImages(files, async (folder) => {
      assertEquals([...(await sets.readImageFolder(folder, gray)).y], [0, 1]);
      const { y, classes } = await sets.readImageFolder(folder, { ...gray, classes: ["c", "b", "a"] });
      assertEquals([[...y], classes], [[1, 2], ["c", "b", "a"]]);
    }),
  broken: () =>
    withImages({ ...files, "a/3.png": "x" }, async (folder) => {
      const { length, skipped } = await sets.readImageFolder(folder, { ...gray, broken: "skip" });
      assertEquals([length, skipped.map(({ file }) => file)], [2, ["a/3.png"]]);
      for (const options of [{ broken: "refuse" }, {}] as const) {
        await assertRejects(() => sets.readImageFolder(folder, { ...gray, ...options }), sets.DataError, "a/3.png");
      }
    }),
  cache: () =>
    withImages(files, async (folder) => {
      const cache = await Deno.makeTempDir();
      let decoded = 0;
      const read = (options: { cache?: string }) =>
        sets.readImageFolder(folder, { ...gray, ...options, onProgress: () => decoded++ });
      const first = await read({ cache });
      assertEquals((await read({ cache })).x, first.x);
      assertEquals(decoded, 2);
      await read({});
      assertEquals(decoded, 4);
      await Deno.remove(cache, { recursive: true });
    }),
});
