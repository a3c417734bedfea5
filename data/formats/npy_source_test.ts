import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { data } from "../data.ts";
import { digestOf } from "../digest.ts";
import { DataError } from "../errors.ts";
import { ImageSet } from "../mnist/image_set.ts";
import { openNpy, openNpySet } from "./npy_source.ts";
import { parseNpy } from "./npy.ts";
import { samples } from "../samples.ts";
import { headerOf, npy } from "./test_npy.ts";

const folder = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

function fileOf(name: string, header: string, content: Iterable<number>): string {
  const path = join(folder, name);
  Deno.writeFileSync(path, npy(header, content));
  return path;
}

function floatFile(name: string, shape: string, values: Float32Array): string {
  return fileOf(name, headerOf("<f4", shape), new Uint8Array(values.buffer));
}

Deno.test("rows of every element type are read in any order, as numbers", () => {
  const cases: [string, number][] = [
    ["|b1", 1],
    ["|u1", 1],
    ["|i1", 1],
    ["<u2", 2],
    [">i2", 2],
    ["<i4", 4],
    [">u4", 4],
    ["<i8", 8],
    ["<f2", 2],
    ["<f4", 4],
    [">f4", 4],
    ["<f8", 8],
  ];
  for (const [descr, bytes] of cases) {
    // Bytes that are small positive numbers in every type.
    const content = Array.from({ length: 5 * 3 * bytes }, (_, i) => i % bytes === 0 ? i % 7 : 0);
    const path = fileOf(`of ${descr.slice(1)}.npy`, headerOf(descr, "(5, 3)"), content);
    const { values } = parseNpy(Deno.readFileSync(path));
    using source = openNpy(path);
    const rows = [4, 0, 2, 2];
    const target = new Float32Array(13).fill(-1);
    source.read(Int32Array.from(rows), target);
    const expected = rows.flatMap((row) => [...values.subarray(3 * row, 3 * row + 3)]);
    assertEquals([source.shape, [...target]], [[5, 3], [...Float32Array.from(expected), -1]], descr);
  }
});

Deno.test("rows far from each other and rows larger than one reading are found, too", () => {
  const far = Float32Array.from({ length: 4000 * 20 }, (_, i) => i);
  using source = openNpy(floatFile("far.npy", "(4000, 20)", far));
  const numbers = Int32Array.from({ length: 300 }, (_, i) => Math.imul(i, 2654435) >>> 0).map((one) => one % 4000);
  numbers.set([3999, 0, 1, 1999]);
  const target = new Float32Array(300 * 20);
  source.read(numbers, target);
  numbers.forEach((number, i) => assertEquals([target[20 * i], target[20 * i + 19]], [20 * number, 20 * number + 19]));
  const wide = Float32Array.from({ length: 3 * 300_000 }, (_, i) => i % 997);
  using large = openNpy(floatFile("wide.npy", "(3, 300000)", wide));
  const rows = new Float32Array(2 * 300_000);
  large.read(Int32Array.of(2, 0), rows);
  const some = [0, 1, 262_144, 299_999, 300_000, 562_145, 599_999];
  assertEquals(some.map((i) => rows[i]), some.map((i) => wide[i < 300_000 ? 600_000 + i : i - 300_000]));
});

Deno.test("rows that fill the memory for one reading are read, and so are the rows that follow them", () => {
  const width = 2 ** 17;
  const floats = Float32Array.from({ length: 3 * width }, (_, i) => i % 997);
  using source = openNpy(floatFile("full.npy", `(3, ${width})`, floats));
  const rows = new Float32Array(3 * width);
  source.read(Int32Array.of(0, 1, 2), rows);
  assert(rows.every((value, i) => value === floats[i]));
});

Deno.test("the order of the axes does not matter if there is only one", () => {
  using source = openNpy(fileOf("one axis.npy", headerOf("|u1", "(3,)", "True"), [4, 5, 6]));
  const target = new Float32Array(2);
  source.read(Int32Array.of(2, 0), target);
  assertEquals([...target], [6, 4]);
});

Deno.test("files that cannot be read row by row are refused when they are opened, and closed", () => {
  const good = npy(headerOf("|u1", "(3, 2)"), [1, 2, 3, 4, 5, 6]);
  const path = join(folder, "bad.npy");
  const cases: [Uint8Array, string][] = [
    [good.subarray(0, -1), "bytes for shape [3, 2], got"],
    [good.subarray(0, 30), "it is cut short"],
    [good.subarray(0, 5), "which starts with \\x93NUMPY"],
    [new Uint8Array(0), "which starts with \\x93NUMPY"],
    [npy(headerOf("|u1", "(3, 2)", "True"), [1, 2, 3, 4, 5, 6]), "expected rows one after the other"],
    [npy(headerOf("|u1", "()"), [1]), "got a single number"],
    [npy(headerOf("<U3", "(1,)"), [0]), "expected elements of type b1, u1"],
  ];
  for (const [bytes, message] of cases) {
    Deno.writeFileSync(path, bytes);
    assertThrows(() => openNpy(path), DataError, message);
    assertThrows(() => openNpy(path), DataError, `Cannot read ${path}`);
  }
  Deno.writeFileSync(path, npy(headerOf("<i2", "(2, 1)"), [1, 0, 2, 0]));
  assertThrows(
    () => openNpy(path, { greyLevels: true }),
    DataError,
    "as gray levels: expected elements of type u1, got i2",
  );
  Deno.writeFileSync(path, good);
  assertThrows(() => openNpySet(path, join(folder, "nowhere.npy")), Deno.errors.NotFound);
});

Deno.test("errors of an open file name it", () => {
  const path = fileOf("shrinks.npy", headerOf("<i8", "(2, 1)"), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  const source = openNpy(path);
  const target = new Float32Array(2);
  const read = (...numbers: number[]) => source.read(Int32Array.from(numbers), target);
  read(0);
  assertEquals(target[0], 1);
  assertThrows(() => read(1), DataError, `Cannot read ${path}: expected 64-bit numbers from -2147483648`);
  assertThrows(() => read(0, 2), RangeError, `Cannot read row 2 of ${path}: expected one from 0 to 1`);
  assertThrows(() => read(-1), RangeError, "Cannot read row -1");
  Deno.truncateSync(path, Deno.statSync(path).size - 4);
  assertThrows(() => read(1), DataError, "it was cut short");
  source.close();
  source.close();
  assertThrows(() => read(0), DataError, `Cannot read ${path}`);
});

const values = Float32Array.from({ length: 700 * 6 }, (_, i) => Math.fround(Math.sin(i) * (i % 6)));
const classes = Int32Array.from({ length: 700 }, (_, i) => i % 3);

function classFile(): string {
  return fileOf("classes.npy", headerOf("<i8", "(700,)"), new Uint8Array(BigInt64Array.from(classes, BigInt).buffer));
}

Deno.test("classes that 32-bit numbers with a sign cannot be are refused", () => {
  const inputs = floatFile("two.npy", "(2, 1)", Float32Array.of(1, 2));
  const labels = (...classes: number[]) =>
    fileOf("unsigned.npy", headerOf("<u4", "(2,)"), new Uint8Array(Uint32Array.from(classes).buffer));
  using set = openNpySet(inputs, labels(2, 2 ** 31 - 1));
  assertEquals(set.y, Int32Array.of(2, 2 ** 31 - 1));
  assertThrows(
    () => openNpySet(inputs, labels(2, 2 ** 32 - 1)),
    DataError,
    `unsigned.npy: expected numbers up to 2147483647, got 4294967295`,
  );
});

Deno.test("targets of one whole number per row are classes, and those of a second axis stay a source", () => {
  const inputs = floatFile("two.npy", "(2, 1)", Float32Array.of(1, 2));
  const bytes = (...numbers: number[]) => new Uint8Array(Int32Array.from(numbers).buffer);
  using flat = openNpySet(inputs, fileOf("flat.npy", headerOf("<i4", "(2,)"), bytes(1, 0)));
  assertEquals(flat.y, Int32Array.of(1, 0));
  for (const shape of ["(2, 1)", "(2, 2)"]) {
    using set = openNpySet(
      inputs,
      fileOf("more.npy", headerOf("<i4", shape), bytes(1, 0, 3, 4).subarray(0, shape === "(2, 1)" ? 8 : 16)),
    );
    assert(!(set.y instanceof Int32Array));
    assertEquals(set.y.shape, shape === "(2, 1)" ? [2, 1] : [2, 2]);
  }
});

Deno.test("sets of files are the sets of the arrays that they hold, scaled or not", async () => {
  using files = openNpySet(floatFile("x.npy", "(700, 2, 3)", values), classFile());
  assertEquals(files.y, classes);
  const arrays = { x: samples(values, [700, 2, 3]), y: classes };
  for (const preprocessing of ["normalize", "standardize", undefined] as const) {
    const options = preprocessing ? { preprocessing } : {};
    const [ofFiles, ofArrays] = [files, arrays].map((set) => data([set, set], options));
    assertEquals([ofFiles.sampleShape, ofFiles.classes], [[2, 3], 3]);
    assertEquals(await ofFiles.training.x.data(), await ofArrays.training.x.data(), preprocessing);
    assertEquals(await digestOf(ofFiles), await digestOf(ofArrays));
    const parts = ofFiles.training.parts(100 * 24);
    assertEquals(parts.length, 7);
    assertEquals(await parts[6].x.data(), (await ofArrays.training.x.data()).slice(600 * 6));
  }
});

Deno.test("gray levels of files stay bytes, as those of images do", async () => {
  const pixels = Uint8Array.from({ length: 700 * 8 }, (_, i) => i * 31 % 256);
  const path = fileOf("images.npy", headerOf("|u1", "(700, 2, 4)"), pixels);
  using files = openNpySet(path, classFile(), { greyLevels: true });
  const images = new ImageSet(pixels, classes, 8);
  const [ofFiles, ofImages] = [data([files, files]), data([images, images])];
  assertEquals(ofFiles.training.rows.x.shape, [700, 2]);
  assertEquals(ofFiles.training.exampleBytes, ofImages.training.exampleBytes);
  assertEquals(await ofFiles.training.x.data(), await ofImages.training.x.data());
  assertEquals(await digestOf(ofFiles), await digestOf(ofImages));
  using source = openNpy(path, { greyLevels: true });
  const target = new Float32Array(9).fill(51);
  source.read(Int32Array.of(3), target);
  assertEquals([...target], [...Float32Array.from(pixels.subarray(24, 32), (pixel) => pixel / 255), 51]);
  // Six pixels do not fill whole words, so they become floats.
  using odd = openNpySet(fileOf("odd.npy", headerOf("|u1", "(700, 6)"), pixels.subarray(0, 4200)), classFile(), {
    greyLevels: true,
  });
  const { training } = data([odd, odd]);
  assertEquals([training.rows.x.dtype, (await training.x.data())[7]], ["f32", Math.fround(pixels[7] / 255)]);
});

Deno.test("targets of several axes or of floats are read row by row", () => {
  const targets = floatFile("targets.npy", "(700, 6)", values);
  using set = openNpySet(floatFile("inputs.npy", "(700, 6)", values), targets);
  assert(!(set.y instanceof Int32Array));
  const { training, classes } = data([set, set]);
  assertEquals([training.y.shape, classes], [[700, 6], undefined]);
});

Deno.test("targets of one float per example stay numbers", () => {
  const targets = floatFile("line.npy", "(700,)", values.slice(0, 700));
  using set = openNpySet(floatFile("inputs.npy", "(700, 6)", values), targets);
  assert(!(set.y instanceof Int32Array));
  assertEquals(set.y.shape, [700]);
});

Deno.test("numbers that are not finite are found in files before training starts", () => {
  const wrong = values.slice();
  wrong[100 * 6 + 2] = NaN;
  using set = openNpySet(floatFile("nan.npy", "(700, 6)", wrong), classFile());
  assertThrows(() => data([set, set]), DataError, "got NaN as feature 2 of example 100");
});
