import { assertEquals } from "@std/assert";
import { jit, tensor } from "../../core/mod.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import { batchOf, type Chunk, rowsAt } from "./batch.ts";

const parts = [
  { x: tensor([[0, 1], [2, 3], [4, 5]]), y: tensor(Int32Array.of(0, 1, 2)) },
  { x: tensor([[6, 7], [8, 9], [10, 11]]), y: tensor(Int32Array.of(3, 4, 5)) },
  { x: tensor([[12, 13]]), y: tensor(Int32Array.of(6)) },
];

Deno.test("rows are found in every part", async () => {
  const rows = (of: "x" | "y") => jit(rowsAt)(parts.map((part) => part[of]), tensor(Int32Array.of(6, 0, 2, 3, 5, 99)));
  assertEquals(await rows("y").toArray(), [6, 0, 2, 3, 5, 6]);
  assertEquals(await rows("x").toArray(), [[12, 13], [0, 1], [4, 5], [6, 7], [10, 11], [12, 13]]);
});

Deno.test("a batch of the epoch is found in the chunk that contains it, for any chunks before", async () => {
  const order = tensor(Int32Array.of(6, 5, 4, 3, 2, 1));
  const batch = jit((chunk: Chunk<TensorPair>, number: typeof order) =>
    batchOf(chunk, { batch: number, batchSize: 2, size: 2 })
  );
  const numbers = async (batches: number, number: number) =>
    await batch({ order, parts, batches }, tensor(Int32Array.of(number), [])).y.toArray();
  assertEquals([await numbers(3, 0), await numbers(3, 2)], [[6, 5], [2, 1]]);
  assertEquals([await numbers(3, 3), await numbers(3, 8), await numbers(2, 3)], [[6, 5], [2, 1], [4, 3]]);
});
