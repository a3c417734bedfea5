import type { NestedArray } from "../nested_array.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { numbers, reference } from "../../tests/oracle.ts";
import { arange, ones, tensor, zeros } from "../creation.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { clip, gather, gatherNearest, oneHot, scatterAdd, where } from "./selection.ts";

testOnEveryDevice("a condition chooses between tensors and numbers", async () => {
  const x = tensor([-1, 2, NaN]);
  assertEquals(await where(x.greater(0), x, 0).toArray(), [0, 2, 0]);
  assertEquals(await where(tensor([[true], [false]]), tensor([1, 2]), 7).toArray(), [[1, 2], [7, 7]]);
});

testOnEveryDevice("elements are clipped to bounds, which may be tensors", async () => {
  const x = tensor([-1, 0.5, 2]);
  assertEquals(await clip(x, 0, 1).toArray(), [0, 0.5, 1]);
  assertEquals(await clip(x, tensor([-2, 1, 0]), tensor([-1.5, 3, 1])).toArray(), [-1.5, 1, 1]);
  assertEquals(await clip(x, -Infinity, Infinity).toArray(), [-1, 0.5, 2]);
  const whole = clip(tensor(Int32Array.of(-5, 3, 9)), 0, 5);
  assertEquals([whole.dtype, await whole.toArray()], ["i32", [0, 3, 5]]);
});

/** Indices that the host does not have, so they are not refused. */
function onDevice(indices: NestedArray): Tensor {
  return tensor(indices).add(0);
}

testOnEveryDevice("the upper bound wins if the bounds cross", async () => {
  assertEquals(await clip(tensor([0, 5, 10]), 7, 3).toArray(), [3, 3, 3]);
});

testOnEveryDevice("a bound that is NaN gives NaN, alone and compiled", async () => {
  const x = tensor([-1, 0.5, NaN]);
  const bounds = tensor([NaN, 0, 0]);
  const f = (x: Tensor, bounds: Tensor): Tensor[] => [
    clip(x, NaN, 1),
    clip(x, -1, NaN),
    clip(x, bounds, 1),
    clip(x, -2, bounds),
    clip(x, -2, 1),
    clip(x.slice([0], [2]).cast("i32"), NaN, 1),
  ];
  for (const clipped of [f, jit(f)]) {
    assertEquals(await Promise.all(clipped(x, bounds).map((y) => y.toArray())), [
      [NaN, NaN, NaN],
      [NaN, NaN, NaN],
      [NaN, 0.5, NaN],
      [NaN, 0, NaN],
      [-1, 0.5, NaN],
      [NaN, NaN],
    ]);
  }
});

testOnEveryDevice("the gradient of clipping to bounds that are tensors is 1 on them, too", async () => {
  const slope = grad((x: Tensor) => clip(x, tensor(0), tensor([1])).sum())(tensor([-1, 0, 0.5, 1, 2]));
  assertEquals(await slope.toArray(), [0, 1, 1, 1, 0]);
});

testOnEveryDevice("the gradient of clipping is 1 within the bounds and on them, and 0 outside", async () => {
  const slope = grad((x: Tensor) => clip(x, 0, 1).sum())(tensor([-1, 0, 0.5, 1, 2]));
  assertEquals(await slope.toArray(), [0, 1, 1, 1, 0]);
});

testOnEveryDevice("a row has 1 at its index, and zeros elsewhere", async () => {
  const rows = oneHot(onDevice([2, 0]), 3);
  assertEquals([rows.dtype, await rows.toArray()], ["f32", [[0, 0, 1], [1, 0, 0]]]);
  assertEquals(oneHot(ones([4, 2]), 5).shape, [4, 2, 5]);
  assertEquals(await oneHot(tensor(1), 2).toArray(), [0, 1]);
  assertEquals(oneHot(zeros([0]), 3).shape, [0, 3]);
});

Deno.test("elements are gathered along any axis, in the shape of the indices", async () => {
  const x = numbers([3, 4, 2]);
  const indices = [[1, 0, 2], [2, 2, 1]];
  for (const axis of [0, 1, 2, -1]) {
    const along = axis < 0 ? axis + 3 : axis;
    const kept = indices.map((row) => row.map((i) => Math.min(i, x.shape[along] - 1)));
    const [{ shape, values }] = await reference((x) => gather(x, onDevice(kept), axis), [x]);
    assertEquals(shape, x.shape.toSpliced(along, 1, 2, 3));
    let position = 0;
    const [before, after] = [x.shape.slice(0, along), x.shape.slice(along + 1)].map((part) =>
      part.reduce((a, b) => a * b, 1)
    );
    for (let lead = 0; lead < before; lead++) {
      for (const index of kept.flat()) {
        for (let rest = 0; rest < after; rest++) {
          assertEquals(values[position++], x.values[(lead * x.shape[along] + index) * after + rest]);
        }
      }
    }
  }
});

testOnEveryDevice("an index outside takes the first or the last element, and only some gathers report it", async () => {
  const places = onDevice([-9, 0, 2, 99]).cast("i32");
  assertEquals(await gatherNearest(tensor([5, 6, 7]), places).toArray(), [5, 5, 7, 7]);
  const nearest = gather(tensor([5, 6, 7]), places);
  await assertRejects(() => nearest.data(), RangeError, "gather index -9 of row 0");
  assertEquals(await nearest.toArray(), [5, 5, 7, 7]);
});

testOnEveryDevice("a scalar index removes its axis", async () => {
  assertEquals(await gather(arange(6).reshape([2, 3]), tensor(1)).toArray(), [3, 4, 5]);
  assertEquals(await gather(arange(6).reshape([2, 3]), tensor(1), 1).toArray(), [1, 4]);
});

testOnEveryDevice("updates are added at their indices, as often as these occur", async () => {
  const counts = scatterAdd(zeros([3]), tensor([2, 0, 2]), tensor([1, 1, 1]));
  assertEquals(await counts.toArray(), [1, 0, 2]);
  const rows = scatterAdd(ones([2, 3]), tensor([1, 1]), tensor([[1, 2, 3], [10, 20, 30]]));
  assertEquals(await rows.toArray(), [[1, 1, 1], [12, 23, 34]]);
  const columns = scatterAdd(zeros([2, 3]), tensor([2]), tensor([[5], [6]]), { axis: -1 });
  assertEquals(await columns.toArray(), [[0, 0, 5], [0, 0, 6]]);
});

testOnEveryDevice("a gather and a scatter are each other's gradient", async () => {
  const places = tensor([2, 0, 2]);
  const weights = tensor([1, 10, 100]);
  assertEquals(await grad((x: Tensor) => gather(x, places).mul(weights).sum())(zeros([4])).toArray(), [10, 0, 101, 0]);
  const by = grad((u: Tensor) => scatterAdd(zeros([4]), places, u).mul(tensor([1, 2, 3, 4])).sum());
  assertEquals(await by(zeros([3])).toArray(), [3, 1, 3]);
});

Deno.test("axes and shapes that do not fit are refused", () => {
  const indices = tensor([0, 1]);
  assertThrows(() => gather(ones([2]), indices, 1), RangeError, "Cannot gather along axis 1");
  assertThrows(() => scatterAdd(ones([2]), indices, ones([2]), { axis: 2 }), RangeError, "Cannot scatter along axis 2");
  assertThrows(() => scatterAdd(ones([2, 3]), indices, ones([2, 2])), TypeError, "expected updates f32[2, 3]");
});

testComputation(
  "selection by positions",
  (x, u) => [gather(x, onDevice([1, 3, 0])), scatterAdd(x, tensor([0, 2, 2]), u), clip(x, -0.5, 0.5)],
  [numbers([4, 3]), numbers([3, 3], { seed: 2 })],
);
