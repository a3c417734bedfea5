import { assertEquals } from "@std/assert";
import { SinceBarrier } from "./since_barrier.ts";

Deno.test("what reads a written buffer waits, and what writes a used one, until there is a barrier", () => {
  const since = new SinceBarrier();
  since.add({ read: [1], written: [2] });
  const waits = (read: number[], written: number[]): boolean => since.waits({ read, written });
  assertEquals([waits([1], [3]), waits([2], []), waits([], [1]), waits([], [2])], [false, true, true, true]);
  assertEquals(since.hasWritten, true);
  since.clear();
  assertEquals([waits([2], [1]), since.hasWritten], [false, false]);
  since.add({ read: [1], written: [] });
  assertEquals([waits([1], []), waits([], [1]), since.hasWritten], [false, true, false]);
});
