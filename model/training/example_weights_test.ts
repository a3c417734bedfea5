import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ones, setDevice, tensor } from "../../core/mod.ts";
import { productOf, readWeights, summedFrom, sumsOfExamples, weigh, weightedMean, widened } from "./example_weights.ts";

Deno.test("weights are floats, and one number per example has no axis of its own", () => {
  const shapeOf = (...shape: readonly number[]) => readWeights(ones(shape, { dtype: "i32" })).shape;
  assertEquals([shapeOf(3), shapeOf(3, 1), shapeOf(3, 2), shapeOf(3, 1, 1)], [[3], [3], [3, 2], [3, 1, 1]]);
  assertEquals(readWeights(tensor(Int32Array.of(1, 2))).dtype, "f32");
});

Deno.test("weighted values of an example are added up, and those of the weight 0 do not count", async () => {
  await setDevice("wasm");
  const values = tensor([[1, 3], [Infinity, 5], [2, 4]]);
  assertEquals(await weigh("loss", values, tensor([2, 0, 3])).toArray(), [4, 0, 9]);
  assertEquals(await weigh("loss", values, tensor([[1, 2], [0, 2], [1, 1]])).toArray(), [7, 10, 6]);
  assertEquals(await weigh("loss", tensor([1, 2, NaN]), tensor([2, 3, 0])).toArray(), [2, 6, 0]);
  const cube = tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
  assertEquals(await weigh("loss", cube, tensor([1, 2])).toArray(), [2.5, 13]);
  assertEquals(await weigh("loss", cube, tensor([[1, 2], [0, 4]])).toArray(), [8.5, 30]);
  const message = "Cannot weigh the metric of shape [3, 2]: expected weights of [3], one per example or per time step";
  assertThrows(() => weigh("metric", values, tensor([1, 2])), TypeError, message);
  assertThrows(() => weigh("metric", values, ones([3, 2, 1])), TypeError, "expected weights of [3, 2]");
});

Deno.test("weights are widened, summed and multiplied over the axes that they lack", async () => {
  await setDevice("wasm");
  const [examples, steps] = [tensor([2, 3]), tensor([[1, 2, 3], [4, 5, 6]])];
  assertEquals(await widened(examples, [2, 3]).toArray(), [[2, 2, 2], [3, 3, 3]]);
  assertStrictEquals(widened(examples, [2]), examples);
  assertEquals(await sumsOfExamples(steps).toArray(), [6, 15]);
  assertEquals(summedFrom(2, steps), steps);
  assertEquals(await summedFrom(0, steps).toArray(), 21);
  assertEquals(await productOf(examples, undefined, steps)!.toArray(), [[2, 4, 6], [12, 15, 18]]);
  assertEquals(await productOf(examples, examples)!.toArray(), [4, 9]);
  assertEquals([productOf(), productOf(undefined)], [undefined, undefined]);
});

Deno.test("a weighted mean is 0 if all weights are 0", async () => {
  await setDevice("wasm");
  const means = weightedMean(tensor([6, 0, 5]), tensor([4, 0, 1]));
  assertEquals(await means.toArray(), [1.5, 0, 5]);
});
