import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../data/mod.ts";
import { digitOf } from "./digit.ts";
import type { Grey } from "./grey.ts";

/** A picture of a function of x and y. */
function draw(width: number, height: number, shade: (x: number, y: number) => number): Grey {
  return {
    width,
    height,
    values: Float32Array.from({ length: width * height }, (_, i) => shade(i % width, Math.floor(i / width))),
  };
}

/** A bar of ink from (left, top), w wide and h high. */
const bar = (left: number, top: number, w: number, h: number) => (x: number, y: number): number =>
  x >= left && x < left + w && y >= top && y < top + h ? 1 : 0;

function extentOf(pixels: Float32Array): { left: number; right: number; top: number; bottom: number } {
  const inked = [...pixels.keys()].filter((i) => pixels[i] > 0.1);
  const [xs, ys] = [inked.map((i) => i % 28), inked.map((i) => Math.floor(i / 28))];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

Deno.test("a picture of one side of 28 pixels is changed like others", () => {
  for (const [width, height] of [[28, 56], [56, 28]]) {
    const pixels = digitOf(draw(width, height, bar(4, 4, 4, 20)));
    assertEquals([pixels.length, extentOf(pixels)], [784, { left: 13, right: 16, top: 5, bottom: 24 }]);
  }
});

Deno.test("a thin line is at least one pixel wide", () => {
  const pixels = digitOf(draw(100, 100, bar(50, 0, 1, 100)));
  assertEquals([pixels.some((pixel) => pixel > 0.5), pixels.some(Number.isNaN)], [true, false]);
});

Deno.test("ink of any size and position becomes 20 pixels high, in the middle", () => {
  for (const [size, left, top, w, h] of [[200, 10, 90, 20, 100], [64, 40, 3, 8, 40], [1000, 0, 0, 100, 500]]) {
    const pixels = digitOf(draw(size, size, bar(left, top, w, h)));
    assertEquals(extentOf(pixels), { left: 13, right: 16, top: 5, bottom: 24 });
    assertAlmostEquals(Math.max(...pixels), 1, 1e-6);
  }
});

Deno.test("wide ink becomes 20 pixels wide", () => {
  assertEquals(extentOf(digitOf(draw(90, 30, bar(20, 10, 60, 12)))), { left: 5, right: 24, top: 13, bottom: 16 });
});

Deno.test("small pictures are enlarged", () => {
  assertEquals(extentOf(digitOf(draw(8, 8, bar(3, 2, 1, 5)))), { left: 13, right: 16, top: 5, bottom: 24 });
});

Deno.test("dark ink on light gives the same as light ink on dark", () => {
  const shape = bar(30, 20, 12, 50);
  const light = digitOf(draw(100, 100, shape));
  const dark = digitOf(draw(100, 100, (x, y) => 0.9 - 0.7 * shape(x, y)));
  light.forEach((value, i) => assertAlmostEquals(dark[i], value, 1e-5));
  assertThrows(() => digitOf(draw(100, 100, shape), "dark"), DataError, "expected dark ink on light background");
});

Deno.test("faint dirt neither moves nor shrinks the ink", () => {
  const shape = bar(30, 20, 12, 50);
  const dirty = draw(100, 100, (x, y) => Math.max(shape(x, y), x === 95 && y === 95 ? 0.05 : 0));
  assertEquals(extentOf(digitOf(dirty)), extentOf(digitOf(draw(100, 100, shape))));
});

Deno.test("in a picture of 28 by 28 pixels the ink keeps its position", () => {
  const picture = draw(28, 28, bar(2, 3, 4, 5));
  assertEquals(digitOf(picture), picture.values);
});

Deno.test("ink is centered by its mass, not by its bounding box", () => {
  // An L, whose center of mass is low.
  const pixels = digitOf(draw(100, 100, (x, y) => Math.max(bar(20, 20, 8, 60)(x, y), bar(20, 72, 40, 8)(x, y))));
  const total = pixels.reduce((sum, value) => sum + value, 0);
  const mean = (coordinate: (i: number) => number): number =>
    pixels.reduce((sum, value, i) => sum + value * coordinate(i), 0) / total;
  assert(Math.abs(mean((i) => Math.floor(i / 28)) - 14) <= 0.5);
  assert(Math.abs(mean((i) => i % 28) - 14) <= 0.5);
  assert(extentOf(pixels).bottom < 23);
});

Deno.test("a picture of one shade is refused", () => {
  assertThrows(() => digitOf(draw(50, 50, () => 1)), DataError, "got a picture of one shade");
  assertThrows(() => digitOf(draw(1, 1, () => 0.5)), DataError, "got a picture of one shade");
});

Deno.test("on a background of middle gray ink is light, and the faintest ink is a 64th", () => {
  const shape = bar(30, 20, 12, 50);
  const wanted = digitOf(draw(100, 100, shape));
  assertEquals(digitOf(draw(100, 100, (x, y) => 0.5 + 0.5 * shape(x, y))), wanted);
  assertEquals(digitOf(draw(100, 100, (x, y) => shape(x, y) / 64)), wanted);
  assertThrows(() => digitOf(draw(100, 100, (x, y) => shape(x, y) / 65)), DataError, "got a picture of one shade");
});

Deno.test("in a line of pixels each counts once for the background", () => {
  const line = (_: number, y: number): number => y === 1 || y === 2 ? 1 : 0;
  assertEquals(digitOf(draw(1, 5, line)), digitOf(draw(1, 5, line), "light"));
  assertEquals(digitOf(draw(5, 1, (x) => line(0, x))), digitOf(draw(5, 1, (x) => line(0, x)), "light"));
});

/** The strengths of ink by their definition: distances from the median of the edge, as shares of the largest. */
function strengthsOf({ width, height, values }: Grey, isDark: boolean): number[] {
  const isEdge = (x: number, y: number): boolean => x === 0 || y === 0 || x === width - 1 || y === height - 1;
  const edge = [...values].filter((_, i) => isEdge(i % width, Math.floor(i / width))).sort((a, b) => a - b);
  const ground = edge[Math.floor(edge.length / 2)];
  const strengths = [...values].map((one) => Math.max(0, isDark ? ground - one : one - ground));
  return strengths.map((one) => one / Math.max(...strengths));
}

Deno.test("ink is what differs from the median of all pixels of the edge, and from no others", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const picture = draw(28, 28, (x, y) => Math.abs(Math.sin(seed * (1 + x * 37 + y * 101 + x * y))));
    for (const ink of ["dark", "light"] as const) {
      const wanted = strengthsOf(picture, ink === "dark");
      digitOf(picture, ink).forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-6, `${seed}, ${ink}, ${i}`));
    }
    const ofAuto = [true, false].map((isDark) => strengthsOf(picture, isDark)[5].toFixed(5));
    assert(ofAuto.includes(digitOf(picture)[5].toFixed(5)));
  }
  const half = draw(28, 28, (x, y) => x === 9 && y === 9 ? 1 : x === 8 && y === 8 ? 0 : 0.5);
  assertEquals([digitOf(half)[9 * 29], digitOf(half)[8 * 29]], [1, 0]);
});

Deno.test("one shade in 64 is ink, and less is none", () => {
  const dot = (ink: number) => draw(28, 28, (x, y) => x === 5 && y === 6 ? ink : 0);
  assertEquals(digitOf(dot(1 / 64))[6 * 28 + 5], 1);
  assertThrows(() => digitOf(dot(1 / 65)), DataError, "Cannot find a digit: expected light ink on dark background");
  assertThrows(() => digitOf(dot(1), "dark"), DataError, "if the ink is light, use --ink light");
});

Deno.test("pictures of one row or column have an edge, too", () => {
  for (const [width, height] of [[40, 1], [1, 40]]) {
    const pixels = digitOf(draw(width, height, (x, y) => x + y === 20 ? 1 : 0));
    assertEquals([pixels.length, Math.max(...pixels), pixels.filter((one) => one > 0).length], [784, 1, 400]);
  }
});

Deno.test("ink in any corner of a picture counts", () => {
  for (const [x, y] of [[0, 0], [39, 0]]) {
    const corners = draw(40, 40, (a, b) => (a === x && b === y) || (a === 39 - x && b === 39 - y) ? 1 : 0);
    const pixels = digitOf(corners);
    assertEquals(extentOf(pixels), { left: 5, right: 24, top: 5, bottom: 24 });
    // Each dot is one of the four pixels that one pixel of the result covers.
    assertEquals([...pixels.filter((one) => one > 0)], [0.25, 0.25]);
  }
});
