import { assertEquals } from "@std/assert";
import { fitImage } from "./fit_image.ts";

/** Four columns of two pixels each: 10, 20, 30, 40. */
const wide = { width: 4, height: 2, channels: 1, values: Uint8Array.of(10, 20, 30, 40, 10, 20, 30, 40) };
const tall = { width: 1, height: 3, channels: 3, values: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };

const square = { width: 2, height: 2, ground: 255 };

Deno.test("cover takes the middle of a picture", () => {
  assertEquals([...fitImage(wide, { ...square, fit: "cover" }).values], [20, 30, 20, 30]);
  assertEquals([...fitImage(tall, { width: 1, height: 1, ground: 0, fit: "cover" }).values], [4, 5, 6]);
});

Deno.test("contain adds borders in the color of the ground", () => {
  const { values } = fitImage(wide, { width: 4, height: 4, ground: 255, fit: "contain" });
  assertEquals([...values], [255, 255, 255, 255, 10, 20, 30, 40, 10, 20, 30, 40, 255, 255, 255, 255]);
  const inner = fitImage(tall, { width: 3, height: 3, ground: 0, fit: "contain" });
  assertEquals([...inner.values.subarray(9, 18)], [0, 0, 0, 4, 5, 6, 0, 0, 0]);
});

Deno.test("stretch changes the shape", () => {
  // Weights of pixel 0: centers 0.5 and 1.5 at distance 0.5 of 2, the third at 1.5 of 2: 3, 3, 1, of 7.
  const [left] = fitImage(wide, { ...square, fit: "stretch" }).values;
  assertEquals(left, Math.round((3 * 10 + 3 * 20 + 1 * 30) / 7));
});

Deno.test("very long pictures keep at least one row", () => {
  const line = { width: 100, height: 1, channels: 1, values: new Uint8Array(100).fill(9) };
  assertEquals([...fitImage(line, { ...square, fit: "contain" }).values], [9, 9, 255, 255]);
});
