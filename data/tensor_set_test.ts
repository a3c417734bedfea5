import { assertEquals, assertThrows } from "@std/assert";
import { GreyLevels } from "./grey_levels.ts";
import type { SampleSource, SourceSet } from "./sample_source.ts";
import { samples } from "./samples.ts";
import { type Scaling, scalingOf } from "./scaling.ts";
import { Tensor } from "../core/tensor.ts";
import { firstExamples, tensorSet } from "./tensor_set.ts";

const x = samples([[1, 2], [3, 4], [5, 6]]);
const y = Int32Array.of(0, 1, 2);
const levels = (count: number, width: number) =>
  new GreyLevels(Uint8Array.from({ length: count * width }, (_, i) => 51 * (i % 6)), [count, width]);
const source: SampleSource = {
  shape: [3, 4],
  read: (numbers, target) => numbers.forEach((number, i) => target.fill(number / 255, 4 * i, 4 * i + 4)),
  readLevels: (numbers, target) => numbers.forEach((number, i) => target.fill(number, 4 * i, 4 * i + 4)),
};
const dtypesOf = (set: SourceSet, scaling?: Scaling): string[] => {
  const { x, y } = tensorSet(set, scaling).rows;
  return [x.dtype, y.dtype];
};

/** The inputs of a set of one input. */
function inputsOf({ x }: { readonly x: unknown }): Tensor {
  if (x instanceof Tensor) return x;
  throw new Error("expected inputs without names");
}

Deno.test("rows are whole numbers, floats or packed gray levels", () => {
  const scaling = scalingOf({ kind: "normalize", min: [0, 0, 0, 0], max: [1, 1, 1, 1] });
  assertEquals(dtypesOf({ x, y }), ["f32", "i32"]);
  assertEquals(dtypesOf({ x: { values: Int32Array.of(1, 2, 3), shape: [3, 1] }, y: x }), ["i32", "f32"]);
  assertEquals(dtypesOf({ x: levels(3, 4), y }), ["u32", "i32"]);
  assertEquals(dtypesOf({ x: levels(3, 6), y }), ["f32", "i32"]);
  assertEquals(dtypesOf({ x: levels(3, 4), y }, scaling), ["f32", "i32"]);
  assertEquals(dtypesOf({ x: source, y }), ["u32", "i32"]);
  assertEquals(dtypesOf({ x: source, y }, scaling), ["f32", "i32"]);
});

Deno.test("all inputs of a set are floats, also if its rows are gray levels", async () => {
  const grey = tensorSet({ x: levels(3, 4), y });
  assertEquals([grey.x.shape, grey.x.dtype, grey.x === grey.x], [[3, 4], "f32", true]);
  assertEquals([...await grey.x.data()].slice(0, 4), [0, 0.2, 0.4, 0.6].map(Math.fround));
  const read = tensorSet({ x: source, y });
  assertEquals(await read.x.slice([2], [3]).toArray(), [new Array(4).fill(Math.fround(2 / 255))]);
  const first = firstExamples(grey, 2);
  assertEquals([first.length, inputsOf(first).shape], [2, [2, 4]]);
  assertEquals(firstExamples(grey, 3) === grey, true);
  const plain = firstExamples(tensorSet({ x, y }), 1);
  assertEquals([plain.length, await inputsOf(plain).toArray()], [1, [[1, 2]]]);
});

Deno.test("parts have as many examples as fit into the bytes, one at least", () => {
  const weights = { values: Float32Array.of(1, 2, 3), shape: [3] };
  const set = tensorSet({ x, y, weights });
  assertEquals([set.length, set.exampleBytes], [3, 8 + 4 + 4]);
  const lengths = (bytes: number) => set.parts(bytes).map(({ x }) => x.shape[0]);
  assertEquals([0, 8, 15, 16, 23, 24, Infinity].map(lengths), [
    ...[[1, 1, 1], [1, 1, 1], [1, 1, 1], [2, 1], [2, 1], [3], [3]],
  ]);
  assertEquals(set.parts(16) === set.parts(17), true);
  assertThrows(() => set.parts(-1), RangeError, "mostBytes");
  assertEquals(set.weights?.shape, [3]);
  assertEquals(tensorSet({ x, y }).weights, undefined);
});
