import { assert, assertEquals } from "@std/assert";
import { resize } from "./resize.ts";

// deno-fmt-ignore
const noise = {
  width: 7,
  height: 5,
  channels: 1,
  values: Uint8Array.of(
    248, 194, 190, 207, 147, 26, 237,
    21, 245, 211, 239, 45, 5, 157,
    159, 60, 54, 236, 109, 46, 199,
    82, 32, 205, 36, 7, 134, 222,
    57, 146, 8, 149, 14, 15, 22,
  ),
};

/** Fails unless the levels differ by at most 1: Pillow rounds between the two axes. */
function assertLevels(got: Uint8Array, expected: readonly number[]): void {
  assertEquals(got.length, expected.length);
  got.forEach((level, i) => assert(Math.abs(level - expected[i]) <= 1, `${i}: ${level}, expected ${expected[i]}`));
}

Deno.test("pictures are resized as Pillow's filter BILINEAR does it", () => {
  // Image.fromarray(noise).resize((width, height), Image.BILINEAR), Pillow 12.3
  assertLevels(resize(noise, { width: 3, height: 2 }).values, [157, 163, 100, 91, 95, 91]);
  // deno-fmt-ignore
  assertLevels(resize(noise, { width: 7, height: 3 }).values, [
    151, 216, 199, 221, 103, 17, 203, 111, 95, 122, 192, 72, 56, 195, 68, 97, 92, 101, 11, 66, 108,
  ]);
  // deno-fmt-ignore
  assertLevels(resize(noise, { width: 4, height: 5 }).values, [
    222, 196, 140, 142, 126, 226, 91, 87, 112, 106, 132, 129, 66, 123, 41, 174, 93, 75, 52, 19,
  ]);
  assertLevels(resize(noise, { width: 1, height: 1 }).values, [120]);
  const larger = resize(noise, { width: 10, height: 9 }).values;
  assertLevels(larger.subarray(0, 10), [248, 218, 193, 190, 201, 186, 141, 56, 121, 237]);
  assertLevels(larger.subarray(10, 20), [172, 193, 208, 198, 210, 181, 108, 42, 105, 210]);
  assertLevels(larger.subarray(80), [57, 106, 112, 15, 100, 102, 14, 15, 18, 22]);
});

Deno.test("a part of a picture is resized as with Pillow's option box", () => {
  const part = { left: 1, top: 0, width: 5, height: 5 };
  assertLevels(resize(noise, { width: 3, height: 3 }, part).values, [201, 190, 73, 107, 150, 80, 92, 79, 51]);
});

Deno.test("a picture of the wanted size is kept, and a picture of one level stays so", () => {
  assert(resize(noise, { width: 7, height: 5 }) === noise);
  for (const channels of [1, 3]) {
    const plain = { width: 5, height: 3, channels, values: new Uint8Array(15 * channels).fill(77) };
    for (const size of [{ width: 1, height: 9 }, { width: 64, height: 64 }, { width: 2, height: 1 }]) {
      const { values } = resize(plain, size);
      assertEquals(values.length, size.width * size.height * channels);
      assert(values.every((level) => level === 77));
    }
  }
});

Deno.test("a part of a picture may become as large as the picture", () => {
  const square = { width: 2, height: 2, channels: 1, values: Uint8Array.of(10, 20, 30, 40) };
  const parts = [[0, 0, 2, 1], [0, 1, 2, 1], [0, 0, 1, 2], [1, 0, 1, 2]];
  const made = parts.map((
    [left, top, width, height],
  ) => [...resize(square, { width: 2, height: 2 }, { left, top, width, height }).values]);
  assert(made.every((values) => String(values) !== String([...square.values])), JSON.stringify(made));
});

Deno.test("each channel is resized by itself", () => {
  const values = Uint8Array.of(0, 10, 20, 100, 110, 120);
  assertEquals([...resize({ width: 2, height: 1, channels: 3, values }, { width: 1, height: 1 }).values], [50, 60, 70]);
});

Deno.test("a line of many pixels takes no more memory than it has pixels", () => {
  const count = 2_000_000;
  const values = Uint8Array.from({ length: count }, (_, i) => i < count / 2 ? 40 : 80);
  for (const [width, height] of [[1, count], [count, 1]]) {
    // Columns first, the picture in between would have 512 MB.
    const small = resize({ width, height, channels: 1, values }, { width: 64, height: 64 });
    assertEquals([small.values[0], small.values.at(-1)], [40, 80]);
  }
});
