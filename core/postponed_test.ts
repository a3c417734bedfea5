import { assertEquals } from "@std/assert";
import { tensor } from "./creation.ts";
import { scan } from "./scan.ts";
import type { Tensor } from "./tensor.ts";

// This module loads no device by its imports, so operations wait for the first read.

Deno.test("what is not computed yet keeps the elements that it needs, also in loops", async () => {
  const [x, one, rows, start] = [tensor([2, 3]), tensor([1]), tensor([2, 3]), tensor([1])];
  const doubled = x.add(x);
  const [product, before] = scan((sum: Tensor, row: Tensor): [Tensor, Tensor] => [sum.mul(row), sum], start, rows);
  assertEquals([doubled.node.op, product.node.op], ["add", "pick"]);
  // Each value is needed twice, but is looked at once.
  let deep = one;
  for (let i = 0; i < 40; i++) deep = deep.add(deep);
  for (const given of [x, one, rows, start]) given.dispose();
  await import("./wasm/default_device.ts");
  assertEquals([await doubled.toArray(), await deep.toArray()], [[4, 6], [2 ** 40]]);
  assertEquals([await product.toArray(), await before.toArray()], [[6], [[1], [2]]]);
});
