import { assertEquals } from "@std/assert";
import { jit, tensor } from "../core/mod.ts";
import { batchAt } from "./batch.ts";

Deno.test("rows are found in whichever part they lie", async () => {
  const parts = [
    { x: tensor([[0, 1], [2, 3], [4, 5]]), y: tensor(Int32Array.of(0, 1, 2)) },
    { x: tensor([[6, 7], [8, 9], [10, 11]]), y: tensor(Int32Array.of(3, 4, 5)) },
    { x: tensor([[12, 13]]), y: tensor(Int32Array.of(6)) },
  ];
  const { x, y } = jit(batchAt)(parts, tensor(Int32Array.of(6, 0, 2, 3, 5, 99)));
  assertEquals(await y.toArray(), [6, 0, 2, 3, 5, 6]);
  assertEquals(await x.toArray(), [[12, 13], [0, 1], [4, 5], [6, 7], [10, 11], [12, 13]]);
});
