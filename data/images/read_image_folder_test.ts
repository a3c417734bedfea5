import { assert, assertEquals, assertRejects } from "@std/assert";
import { data } from "../data.ts";
import { CacheError, DataError } from "../errors.ts";
import { GreyLevels } from "../grey_levels.ts";
import type { SampleSource } from "../sample_source.ts";
import { kFolds, split } from "../split.ts";
import { ImageFolder } from "./image_folder.ts";
import { readImageFolder } from "./read_image_folder.ts";
import { readImages } from "./read_images.ts";
import { jpegCases, pngFile, withImages } from "./test_images.ts";

/** A gray picture of 4 by 4 pixels of one level. */
const plain = (level: number): Uint8Array<ArrayBuffer> => pngFile(4, 1, Array<number>(16).fill(level));

const size = [4, 4] as const;
const gray = { size, channels: 1 } as const;

/** The levels of the first pixels of all pictures. */
function firstLevels({ x }: ImageFolder): number[] {
  const [count] = x.shape;
  const levels = new Uint8Array(count * 16);
  if (x instanceof GreyLevels) levels.set(x.levels);
  else (x as SampleSource).readLevels!(Int32Array.from({ length: count }, (_, i) => i), levels);
  return Array.from({ length: count }, (_, i) => levels[i * 16]);
}

const animals = {
  "b/2.png": plain(21),
  "b/10.png": plain(20),
  "a/x.PNG": plain(1),
  "a/deep/y.png": plain(2),
  "C/z.jpg": jpegCases.gray.file,
};

Deno.test("folders are classes in the order of their names, and pictures in that of their paths", async () => {
  await withImages(
    { ...animals, "a/readme.txt": "no picture", ".hidden/a.png": plain(9), "list.csv": "1" },
    async (folder) => {
      const pictures = await readImageFolder(folder, gray);
      assert(pictures instanceof ImageFolder);
      assertEquals(pictures.classes, ["C", "a", "b"]);
      assertEquals(pictures.files, ["C/z.jpg", "a/deep/y.png", "a/x.PNG", "b/10.png", "b/2.png"]);
      assertEquals([pictures.y, pictures.length], [Int32Array.of(0, 1, 1, 2, 2), 5]);
      assertEquals(pictures.counts, { C: 1, a: 2, b: 2 });
      assertEquals(pictures.x.shape, [5, 1, 4, 4]);
      assertEquals(firstLevels(pictures).slice(1), [2, 1, 20, 21]);
      assertEquals([pictures.ignored, pictures.skipped], [["list.csv", "a/readme.txt"], []]);
    },
  );
});

Deno.test("colors are channels, one after the other", async () => {
  await withImages({ "a/1.png": pngFile(2, 3, [1, 2, 3, 4, 5, 6]) }, async (folder) => {
    const { x } = await readImageFolder(folder, { size: [1, 2] });
    assert(x instanceof GreyLevels);
    assertEquals([x.shape, [...x.levels]], [[1, 3, 1, 2], [1, 4, 2, 5, 3, 6]]);
    await Deno.writeFile(`${folder}/a/1.png`, pngFile(2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    const { x: square } = await readImageFolder(folder, { size: [2, 2] });
    assert(square instanceof GreyLevels);
    assertEquals([...square.levels], [1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]);
  });
});

Deno.test("a broken picture is named, or skipped and reported", async () => {
  const files = { ...animals, "b/3.png": plain(5).slice(0, 40), "b/4.gif": "GIF89a", "b/5.png": "" };
  await withImages(files, async (folder) => {
    await assertRejects(
      () => readImageFolder(folder, gray),
      DataError,
      `Cannot read ${folder}/b/3.png: expected a complete PNG file, got a damaged one (it is cut short)`,
    );
    const pictures = await readImageFolder(folder, { ...gray, broken: "skip" });
    assertEquals(pictures.skipped.map(({ file }) => file), ["b/3.png", "b/4.gif", "b/5.png"]);
    assertEquals(
      pictures.skipped[1].reason,
      `Cannot read ${folder}/b/4.gif: expected a PNG or JPEG file, got a GIF file; convert it`,
    );
    assertEquals(firstLevels(pictures).slice(1), [2, 1, 20, 21]);
    assertEquals(pictures.counts, { C: 1, a: 2, b: 2 });
  });
  await withImages({ "a/1.png": "", "a/2.png": "" }, async (folder) => {
    const message = "expected some that can be read, got 2 that are broken; the first one: Cannot read";
    await assertRejects(() => readImageFolder(folder, { ...gray, broken: "skip" }), DataError, message);
  });
});

Deno.test("folders that are no data set are refused", async () => {
  const refuse = async (files: Record<string, Uint8Array | string>, message: string) =>
    await withImages(files, async (folder) => {
      await assertRejects(() => readImageFolder(folder, gray), DataError, message);
    });
  await refuse({ "1.png": plain(1), "2.png": plain(2) }, "expected a folder for each class, such as");
  await refuse({ "1.png": plain(1), "2.png": plain(2) }, "got 2 pictures");
  await refuse({ ".a/1.png": plain(1) }, "got an empty folder");
  await refuse({ "notes.txt": "cats" }, "got other files");
  await refuse({ ...animals, "A/.keep": "" }, "expected PNG or JPEG files in A, got none; remove the folder");
  await refuse({ ...animals, "d/.keep": "" }, "expected PNG or JPEG files in d, got none; remove the folder");
  await refuse({ "\u00e9/1.png": plain(1), "e\u0301/1.png": plain(1) }, "twice, in two forms of Unicode");
  await withImages(animals, async (folder) => {
    await assertRejects(
      () => readImageFolder(`${folder}/a/x.PNG`, gray),
      DataError,
      "got a file; pass single pictures",
    );
    await assertRejects(() => readImageFolder(`${folder}/nowhere`, gray), Deno.errors.NotFound, "Cannot read");
  });
});

Deno.test("links are followed, but not in circles", async () => {
  await withImages(animals, async (folder) => {
    await Deno.symlink(`${folder}/a`, `${folder}/a/deep/loop`);
    await Deno.symlink(`${folder}/b`, `${folder}/d`);
    await Deno.symlink(folder, `${folder}/b/up`);
    const pictures = await readImageFolder(folder, gray);
    assertEquals(pictures.counts, { C: 1, a: 2, b: 2, d: 2 });
    await Deno.symlink(`${folder}/nowhere.png`, `${folder}/a/lost.png`);
    await assertRejects(() => readImageFolder(folder, gray), Deno.errors.NotFound, "a/lost.png: there is no such file");
    const { skipped } = await readImageFolder(folder, { ...gray, broken: "skip" });
    assertEquals(skipped.map(({ file }) => file), ["a/lost.png"]);
  });
});

Deno.test("pictures are divided by class, and by subfolders whose classes are those of the training", async () => {
  const files = Object.fromEntries(
    ["train", "val"].flatMap((part, k) => [1, 2, 3, 4].map((i) => [`${part}/${i % 2}/${i}.png`, plain(10 * k + i)])),
  );
  await withImages(files, async (folder) => {
    const training = await readImageFolder(`${folder}/train`, gray);
    const validation = await readImageFolder(`${folder}/val`, { ...gray, classes: training.classes });
    const sets = data([training, validation]);
    assertEquals([sets.training.length, sets.validation.length, sets.classes], [4, 4, 2]);
    assertEquals(sets.preprocessing, training.preprocessing);
    for (const part of split(training, [0.5, 0.5], { stratify: true })) {
      assertEquals([...part.y as Int32Array].sort(), [0, 1]);
      assertEquals(part.preprocessing, training.preprocessing);
    }
    assertEquals(kFolds(training, 2)[0].validation.preprocessing, training.preprocessing);
    await Deno.rename(`${folder}/val/1`, `${folder}/val/one`);
    const message = `expected only folders that the option classes names, got one`;
    await assertRejects(() => readImageFolder(`${folder}/val`, { ...gray, classes: ["0", "1"] }), DataError, message);
    const twice = { ...gray, classes: ["0", "1", "0"] };
    await assertRejects(
      () => readImageFolder(`${folder}/val`, twice),
      DataError,
      "each name of classes once, got 0 twice",
    );
    const other = await readImageFolder(`${folder}/val`, gray);
    await assertRejects(
      async () => await Promise.resolve(data([training, other])),
      DataError,
      "expected pictures read with",
    );
    const standardized = () => data([training, validation], { preprocessing: "standardize" });
    await assertRejects(async () => await Promise.resolve(standardized()), DataError, "expected pictures without");
  });
});

Deno.test("a class that a set lacks still counts", async () => {
  await withImages({ "a/1.png": plain(1), "b/1.png": plain(2) }, async (folder) => {
    const training = await readImageFolder(folder, { ...gray, classes: ["a", "b", "c"] });
    assertEquals([training.counts, data([training, training]).classes], [{ a: 1, b: 1, c: 0 }, 3]);
    await Deno.mkdir(`${folder}/c`);
    const other = await readImageFolder(folder, { ...gray, classes: ["c", "b", "a"] });
    assertEquals([other.files, other.y], [["b/1.png", "a/1.png"], Int32Array.of(1, 2)]);
  });
});

Deno.test("a signal ends the reading, and the progress counts pictures", async () => {
  await withImages(animals, async (folder) => {
    const seen: number[] = [];
    await readImageFolder(folder, {
      ...gray,
      onProgress: ({ done, total }) => void seen.push(done, total),
    });
    assertEquals(seen, [1, 5, 2, 5, 3, 5, 4, 5, 5, 5]);
    const controller = new AbortController();
    const ended = new Error("ended");
    const onProgress = () => controller.abort(ended);
    const reading = () => readImageFolder(folder, { ...gray, signal: controller.signal, onProgress, broken: "skip" });
    assertEquals(await assertRejects(reading), ended);
    assertEquals(await assertRejects(reading), ended);
  });
});

Deno.test("decoded pictures are kept in a cache, until a picture changes", async () => {
  await withImages({ ...animals, "b/3.png": "broken" }, async (folder) => {
    const cache = `${folder}/../cache-${crypto.randomUUID()}`;
    try {
      let decoded = 0;
      const read = (options = {}) =>
        readImageFolder(folder, { ...gray, cache, broken: "skip", onProgress: () => decoded++, ...options });
      const first = await read();
      assertEquals([decoded, firstLevels(first).slice(1), first.skipped.length], [5, [2, 1, 20, 21], 1]);
      const second = await read();
      assertEquals([decoded, firstLevels(second), second.files], [5, firstLevels(first), first.files]);
      assertEquals(second.skipped, first.skipped);
      // With less memory than they take, they are read from the file.
      using onDemand = await read({ limitBytes: 10 });
      assert("read" in onDemand.x);
      assertEquals([decoded, firstLevels(onDemand), onDemand.x.shape], [5, firstLevels(first), [5, 1, 4, 4]]);
      assert((await read({ limitBytes: 6 * 16 })).x instanceof GreyLevels);
      await assertRejects(() => read({ broken: "refuse" }), DataError, "b/3.png");
      decoded = 0;
      await Deno.writeFile(`${folder}/b/2.png`, plain(99));
      assertEquals([firstLevels(await read()).at(-1), decoded], [99, 5]);
      for (const { name } of Deno.readDirSync(cache)) await Deno.writeTextFile(`${cache}/${name}`, "damaged");
      assertEquals([firstLevels(await read()).at(-1), decoded], [99, 10]);
      assertEquals([...Deno.readDirSync(cache)].filter(({ name }) => name.endsWith(".part")), []);
    } finally {
      await Deno.remove(cache, { recursive: true });
    }
  });
});

Deno.test("a reading that ends early leaves nothing in the cache, and a cache that cannot be written is named", async () => {
  await withImages({ ...animals, "../no folder": "a file" }, async (folder) => {
    const cache = await Deno.makeTempDir();
    const controller = new AbortController();
    const options = { ...gray, cache, signal: controller.signal, onProgress: () => controller.abort() };
    await assertRejects(() => readImageFolder(folder, options));
    await withImages({ "a/1.png": "x" }, async (broken) => {
      await assertRejects(() => readImageFolder(broken, { ...gray, cache }), DataError);
    });
    assertEquals([...Deno.readDirSync(cache)], []);
    await Deno.remove(cache);
    const message = "Cannot write decoded pictures to";
    await assertRejects(
      () => readImageFolder(folder, { ...gray, cache: `${folder}/../no folder` }),
      CacheError,
      message,
    );
    await Deno.remove(`${folder}/../no folder`);
  });
});

Deno.test("more pictures than memory may take are refused before they are read", async () => {
  await withImages(animals, async (folder) => {
    const message = "expected at most 79 bytes in memory, got 5 pictures with 80 bytes; choose a smaller size";
    await assertRejects(() => readImageFolder(folder, { ...gray, limitBytes: 79 }), DataError, message);
    assertEquals((await readImageFolder(folder, { ...gray, limitBytes: 80 })).length, 5);
  });
});

Deno.test("single pictures are read like those of a folder, from paths, bytes and blobs", async () => {
  await withImages(animals, async (folder) => {
    const pictures = await readImageFolder(folder, gray);
    const one = `${folder}/C/z.jpg`;
    const { file } = jpegCases.gray;
    const made = await readImages([one, file, new Blob([file]), new Response(file)], pictures.preprocessing);
    assertEquals(made.shape, [4, 1, 4, 4]);
    const expected = (pictures.x as GreyLevels).values.slice(0, 16);
    for (let i = 0; i < 4; i++) assertEquals(made.values.slice(i * 16, (i + 1) * 16), expected);
    assertEquals((await readImages(one, gray)).values, expected);
    const message = "expected at most 31 bytes in memory, got 2 pictures with 32 bytes";
    await assertRejects(() => readImages([file, file], gray, { limitBytes: 31 }), DataError, message);
    assertEquals((await readImages([file, file], gray, { limitBytes: 32 })).shape, [2, 1, 4, 4]);
    await assertRejects(
      () => readImages([file, new Uint8Array(3)], gray),
      DataError,
      "Cannot read picture 1: expected a PNG or JPEG",
    );
    await assertRejects(
      () => readImages(one, undefined),
      TypeError,
      "trained on readImageFolder, got none; pass { size",
    );
  });
});
