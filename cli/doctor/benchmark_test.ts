import { assertAlmostEquals, assertEquals } from "@std/assert";
import { deviceStatistics, jit, ones, setDevice, type Tensor } from "../../core/mod.ts";
import { benchmark } from "./benchmark.ts";

Deno.test("a benchmark ends as soon as its seconds have passed, and counts the products until then", async () => {
  await setDevice("wasm");
  let calls = 0;
  const { products, seconds, size, gflops } = await benchmark(1, new AbortController().signal, () => 200 * calls++);
  assertEquals([products, seconds, size], [2, 1.2, 1024]);
  assertAlmostEquals(gflops, 2 * size ** 3 * 2 / 1.2 / 1e9);
});

Deno.test("a benchmark counts all products that it computes, and no more", async () => {
  await setDevice("wasm");
  const launchesOf = async (work: () => Promise<unknown>): Promise<number> => {
    const { dispatches } = deviceStatistics();
    await work();
    return deviceStatistics().dispatches - dispatches;
  };
  // Each time the clock is read, 10 ms have passed.
  const measure = (seconds: number) => {
    let calls = 0;
    return benchmark(seconds, new AbortController().signal, () => 10 * calls++);
  };
  using x = ones([1024, 1024]);
  await x.data();
  using product = jit((a: Tensor) => a.matmul(a));
  const ofProduct = await launchesOf(() => product(x).data());
  const ofRead = await launchesOf(() => x.slice([0, 0], [1, 1]).data());
  const before = await launchesOf(() => measure(0));
  let products = 0;
  const all = await launchesOf(async () => ({ products } = await measure(0.09)));
  assertEquals([ofProduct > 0, products], [true, 6]);
  // One product, then two, two and one; each time one number is read.
  assertEquals(all - before, 6 * ofProduct + 4 * ofRead);
});
