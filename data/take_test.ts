import { assertEquals } from "@std/assert";
import { arePackable, GreyLevels, packedShape } from "./grey_levels.ts";
import { isSource, type SampleSource } from "./sample_source.ts";
import { samples } from "./samples.ts";
import { takeExamples } from "./take.ts";

const numbers = Int32Array.of(2, 0, 2);
const x = samples([[1, 2], [3, 4], [5, 6]]);

Deno.test("examples are taken in the order of their numbers, with their targets and weights", () => {
  const set = takeExamples({ x, y: Int32Array.of(7, 8, 9), weights: samples([[1], [2], [3]]) }, numbers);
  assertEquals(set.x, { values: Float32Array.of(5, 6, 1, 2, 5, 6), shape: [3, 2] });
  assertEquals(set.y, Int32Array.of(9, 7, 9));
  assertEquals(set.weights, { values: Float32Array.of(3, 1, 3), shape: [3, 1] });
  assertEquals(Object.keys(takeExamples({ x, y: Int32Array.of(7, 8, 9) }, numbers)), ["x", "y"]);
  const words = { values: Int32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };
  const named = takeExamples({ x: { a: x, b: words }, y: { p: x } }, Int32Array.of(1));
  assertEquals(named, {
    x: { a: { values: Float32Array.of(3, 4), shape: [1, 2] }, b: { values: Int32Array.of(3, 4), shape: [1, 2] } },
    y: { p: { values: Float32Array.of(3, 4), shape: [1, 2] } },
  });
  const none = takeExamples({ x, y: Int32Array.of(7, 8, 9) }, new Int32Array(0));
  assertEquals([none.x.shape, none.y], [[0, 2], new Int32Array(0)]);
});

Deno.test("gray levels stay levels, and sources are read by the numbers of what was taken", () => {
  const levels = new GreyLevels(Uint8Array.of(0, 51, 102, 153, 204, 255), [3, 2]);
  const { x: taken } = takeExamples({ x: levels, y: new Int32Array(3) }, numbers);
  if (!(taken instanceof GreyLevels)) throw new Error("expected gray levels");
  assertEquals([[...taken.levels], taken.shape], [[204, 255, 0, 51, 204, 255], [3, 2]]);
  assertEquals([...taken.values], [0.8, 1, 0, 0.2, 0.8, 1].map(Math.fround));
  const source: SampleSource = {
    shape: [3, 1],
    read: (own, target) => own.forEach((number, i) => target[i] = 10 * number),
    readLevels: (own, target) => own.forEach((number, i) => target[i] = number),
  };
  const { x: view } = takeExamples({ x: source, y: new Int32Array(3) }, Int32Array.of(2, 1));
  if (!isSource(view)) throw new Error("expected a source");
  const [values, bytes] = [new Float32Array(2), new Uint8Array(2)];
  view.read(Int32Array.of(1, 0), values);
  view.readLevels?.(Int32Array.of(1, 0), bytes);
  assertEquals([view.shape, [...values], [...bytes]], [[2, 1], [10, 20], [1, 2]]);
  const { readLevels: _, ...without } = source;
  const { x: plain } = takeExamples({ x: without, y: numbers }, numbers);
  assertEquals(Object.keys(plain), ["shape", "read"]);
});

Deno.test("gray levels are packed in fours along the last axis", () => {
  assertEquals([[8], [2, 8], [2, 6], [2, 3, 4]].map(arePackable), [false, true, false, true]);
  assertEquals(packedShape([2, 4, 8]), [2, 4, 2]);
  const bytes = Uint8Array.of(9, 9, 9, 9, 1, 2, 3, 4, 0, 0, 0, 1);
  const words = [1 + 2 * 2 ** 8 + 3 * 2 ** 16 + 4 * 2 ** 24, 2 ** 24];
  const aligned = new GreyLevels(bytes.subarray(4), [2, 4]);
  assertEquals([[...aligned.words()], aligned.words().buffer === bytes.buffer], [words, true]);
  const moved = new GreyLevels(Uint8Array.of(9, ...bytes.subarray(4)).subarray(1), [2, 4]);
  assertEquals([...moved.words()], words);
});
