import { assertEquals } from "@std/assert";
import { openReference } from "../tests/reference_backend.ts";
import { relievePressure } from "./pressure.ts";

const MEBIBYTE = 2 ** 20;

/** The number of pauses for each amount in memory, in order. */
async function pauses(amounts: readonly (readonly [mebibytes: number, programs: number])[]): Promise<number[]> {
  const backend = openReference("wasm");
  const { setTimeout } = globalThis;
  let count = 0;
  globalThis.setTimeout = Object.assign((...given: Parameters<typeof setTimeout>) => {
    count++;
    return setTimeout(...given);
  }, setTimeout);
  const counts: number[] = [];
  try {
    for (const [mebibytes, programs] of amounts) {
      Object.assign(backend.statistics, { liveBytes: mebibytes * MEBIBYTE, programs });
      count = 0;
      await relievePressure(backend);
      counts.push(count);
    }
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return counts;
}

Deno.test("nothing pauses below 256 MiB and 500 programs", async () => {
  assertEquals(await pauses([[0, 0], [255, 499]]), [0, 0]);
});

Deno.test("the memory in use must double until the next pause", async () => {
  assertEquals(await pauses([[256, 0], [256, 0], [511, 0], [512, 0], [1023, 0], [1024, 0]]), [2, 0, 0, 2, 0, 2]);
});

Deno.test("so must the number of programs", async () => {
  assertEquals(await pauses([[0, 500], [0, 999], [0, 1000], [0, 1999], [0, 2000]]), [2, 0, 2, 0, 2]);
});

Deno.test("after a pause in which memory was released, the least amounts hold again", async () => {
  assertEquals(await pauses([[900, 0], [10, 0], [1800, 0], [10, 500], [100, 499], [256, 0]]), [2, 0, 2, 2, 0, 2]);
});
