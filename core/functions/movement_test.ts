import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { testComputation } from "../../tests/computation.ts";
import { numbers, reference } from "../../tests/oracle.ts";
import { arange, ones, tensor } from "../creation.ts";
import { stridesOf } from "../shape.ts";
import * as movement from "./movement.ts";

const x = arange(6).reshape([2, 3]);

Deno.test("one extent may follow from the others", async () => {
  assertEquals(movement.reshape(x, [-1]).shape, [6]);
  assertEquals(await movement.reshape(x, [3, -1]).toArray(), [[0, 1], [2, 3], [4, 5]]);
  assertEquals(movement.reshape(ones([0, 3]), [0, -1]).shape, [0, 0]);
  assertThrows(
    () => movement.reshape(x, [4, -1]),
    TypeError,
    "Cannot reshape [2, 3] to [4, -1]: 6 elements are not divisible by 4",
  );
  assertThrows(() => movement.reshape(x, [4]), TypeError, "reshape");
});

Deno.test("an operation without effect returns the tensor itself", () => {
  const same = [
    movement.reshape(x, [2, 3]),
    movement.transpose(x, [0, 1]),
    movement.broadcastTo(x, [2, 3]),
    movement.slice(x, { start: [0, -3], stop: [2] }),
    movement.pad(x, [[0, 0], [0, 0]]),
    movement.flip(x, []),
    movement.squeeze(x),
  ];
  for (const one of same) assertStrictEquals(one, x);
});

Deno.test("axes are permuted, and reversed by default", async () => {
  assertEquals(await movement.transpose(x).toArray(), [[0, 3], [1, 4], [2, 5]]);
  const cube = arange(24).reshape([2, 3, 4]);
  assertEquals(movement.transpose(cube, [-1, 0, 1]).shape, [4, 2, 3]);
  assertEquals(await movement.transpose(cube, [2, 0, 1]).slice([1, 1, 2], [2, 2, 3]).item(), 21);
  assertThrows(() => movement.transpose(x, [0, 2]), RangeError, "Cannot transpose along axis 2");
  assertThrows(() => movement.transpose(x, [0, 0]), RangeError, "each axis must be named once");
});

Deno.test("elements are repeated along axes of extent 1 and along new axes in front, nowhere else", async () => {
  assertEquals(await movement.broadcastTo(tensor([1, 2]), [2, 2]).toArray(), [[1, 2], [1, 2]]);
  assertEquals(await movement.broadcastTo(tensor([[1], [2]]), [1, 2, 2]).toArray(), [[[1, 1], [2, 2]]]);
  assertEquals(movement.broadcastTo(ones([1]), [0]).shape, [0]);
  assertThrows(() => movement.broadcastTo(ones([2]), [3]), TypeError, "Cannot broadcast [2] and [3]");
  assertThrows(() => movement.broadcastTo(ones([2, 3]), [3]), TypeError, "Cannot broadcast [2, 3] to [3]");
  assertThrows(() => movement.broadcastTo(ones([2]), [1]), TypeError, "Cannot broadcast [2] to [1]");
});

Deno.test("bounds of a slice work as for JavaScript's arrays, with a step", async () => {
  const bound = fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.nat(7), bound, bound, fc.integer({ min: 1, max: 3 }), async (length, start, stop, step) => {
      const list = Array.from({ length }, (_, i) => i);
      const bounds = {
        start: start === undefined ? [] : [start],
        ...stop !== undefined && { stop: [stop] },
        step: [step],
      };
      const [{ values }] = await reference(
        (x) => movement.slice(x, bounds),
        [{ shape: [length], dtype: "f32", values: Float64Array.from(list) }],
      );
      assertEquals([...values], list.slice(start, stop).filter((_, i) => i % step === 0));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("a slice has no more axes than the tensor", () => {
  assertEquals(movement.slice(x, { start: [1] }).shape, [1, 3]);
  assertThrows(
    () => movement.slice(x, { start: [0, 0, 0] }),
    TypeError,
    "Cannot slice [2, 3] from [0, 0, 0]: it has 2 axes",
  );
});

Deno.test("padding surrounds the elements, and a flip reverses its axes", async () => {
  assertEquals(await movement.pad(tensor([1, 2]), [[1, 2]], 7).toArray(), [7, 1, 2, 7, 7]);
  assertEquals(await movement.flip(x).toArray(), [[5, 4, 3], [2, 1, 0]]);
  assertEquals(await movement.flip(x, -1).toArray(), [[2, 1, 0], [5, 4, 3]]);
});

Deno.test("axes of extent 1 are added and removed", () => {
  const y = ones([1, 2, 1]);
  assertEquals(movement.squeeze(y).shape, [2]);
  assertEquals(movement.squeeze(y, -1).shape, [1, 2]);
  assertThrows(() => movement.squeeze(y, 1), TypeError, "Cannot squeeze [1, 2, 1] at axis 1: its extent is 2, not 1");
  assertEquals([0, 2, -1, -3].map((axis) => movement.expandDims(x, axis).shape), [
    [1, 2, 3],
    [2, 3, 1],
    [2, 3, 1],
    [1, 2, 3],
  ]);
  assertThrows(() => movement.expandDims(x, 3), RangeError, "Cannot expand dimensions along axis 3");
});

Deno.test("tensors are joined along any axis, in the first of their element types", async () => {
  const [a, b] = [tensor([[1], [2]]), tensor(Int32Array.of(3, 4, 5, 6), [2, 2])];
  const joined = movement.concatenate([a, b], -1);
  assertEquals([joined.dtype, await joined.toArray()], ["f32", [[1, 3, 4], [2, 5, 6]]]);
  assertEquals(await movement.concatenate([tensor([1]), ones([0]), tensor([2])]).toArray(), [1, 2]);
  assertThrows(() => movement.concatenate([]), TypeError, "Cannot concatenate no tensors: expected at least one");
  assertThrows(() => movement.concatenate([a, ones([3, 1])], 1), TypeError, "concat");
});

Deno.test("tensors are stacked along a new axis, counted from either end", async () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4])];
  assertEquals(await movement.stack([a, b]).toArray(), [[1, 2], [3, 4]]);
  assertEquals(await movement.stack([a, b], -1).toArray(), [[1, 3], [2, 4]]);
  assertEquals(await movement.stack([a, b], 1).toArray(), [[1, 3], [2, 4]]);
  assertEquals(await movement.stack([tensor(1), tensor(2)]).toArray(), [1, 2]);
  assertThrows(() => movement.stack([]), TypeError, "no tensors");
});

Deno.test("a transposition moves every element", async () => {
  const shape = [2, 3, 4];
  for (const axes of [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const input = numbers(shape);
    const [moved] = await reference((x) => movement.transpose(x, axes), [input]);
    const [from, to] = [stridesOf(shape), stridesOf(moved.shape)];
    moved.values.forEach((value, position) => {
      const index = to.map((stride, axis) => Math.floor(position / stride) % moved.shape[axis]);
      assertEquals(value, input.values[axes.reduce((sum, axis, i) => sum + index[i] * from[axis], 0)]);
    });
  }
});

testComputation(
  "a sequence of movements",
  (x) => movement.stack([movement.flip(movement.pad(x, [[1, 0], [0, 2]]), 1), movement.pad(x, [[0, 1], [1, 1]])], -1),
  [numbers([3, 5])],
);
