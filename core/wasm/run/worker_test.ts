import { assertEquals } from "@std/assert";
import { Worker } from "node:worker_threads";

Deno.test("the backend computes inside a worker, with its own threads", async () => {
  const worker = new Worker(new URL("./test_worker.ts", import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.on("message", resolve);
  worker.on("error", reject);
  assertEquals(await promise, 1, "the mean of e⁰");
  await worker.terminate();
});
