import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { data } from "./data.ts";
import { ImageSet } from "./mnist/image_set.ts";
import { samples } from "./samples.ts";

Deno.test("samples takes rows, or a flat array and a shape", () => {
  assertEquals(samples([[1, 2, 3], [4, 5, 6]]), { values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  assertEquals(samples(new Float32Array(12), [3, 2, 2]).shape, [3, 2, 2]);
  assertEquals([samples(new Float32Array(3)).shape, samples([7, 8]).shape, samples([]).shape], [[3, 1], [2, 1], [
    0,
    0,
  ]]);
});

Deno.test("samples refuses ragged rows and shapes that do not fit", () => {
  assertThrows(() => samples([[1, 2], [3]]), TypeError, "row 0 has 2 numbers, row 1 has 1");
  assertThrows(() => samples(new Float32Array(5), [2, 3]), TypeError, "shape [2, 3]: expected 6 numbers, got 5");
});

Deno.test("a list with holes is refused: they would be left out, or crash", () => {
  const set = { x: samples([[1]]), y: Int32Array.of(0) };
  const holes = <T>(item: T): T[] => Object.assign(new Array<T>(3), { 0: item });
  assertThrows(() => samples(holes([1])), TypeError, "expected a list of rows of numbers");
  assertThrows(() => data(holes(set)), TypeError, "expected a list of sets");
});

Deno.test("an image set makes its floats once and shares its bytes with its slices", () => {
  const images = new ImageSet(Uint8Array.of(0, 51, 102, 153, 204, 255), Int32Array.of(3, 1, 4), 2);
  assertEquals(images.x.values, Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1));
  assertStrictEquals(images.x, images.x);
  const last = images.slice(1);
  assertEquals([last.length, [...last.y], [...last.pixels]], [2, [1, 4], [102, 153, 204, 255]]);
  assertStrictEquals(last.pixels.buffer, images.pixels.buffer);
});

Deno.test("an image set refuses pixels that do not fit its classes", () => {
  assertThrows(() => new ImageSet(new Uint8Array(5), new Int32Array(3), 2), TypeError, "expected 6 gray levels, got 5");
});
