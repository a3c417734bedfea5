import { assertAlmostEquals, assertEquals } from "@std/assert";
import { setDevice } from "../../core/mod.ts";
import { benchmark } from "./benchmark.ts";

Deno.test("a benchmark ends as soon as its seconds have passed, and counts the products until then", async () => {
  await setDevice("wasm");
  let calls = 0;
  const { products, seconds, size, gflops } = await benchmark(1, new AbortController().signal, () => 200 * calls++);
  assertEquals([products, seconds], [2, 1.2]);
  assertAlmostEquals(gflops, 2 * size ** 3 * 2 / 1.2 / 1e9);
});
