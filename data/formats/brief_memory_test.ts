import { assert, assertEquals } from "@std/assert";
import { briefMemory, freeBytes } from "./brief_memory.ts";

Deno.test("freed bytes have no memory, nor have others that share it", () => {
  for (const length of [4, 2 ** 20 + 3]) {
    const bytes = briefMemory(length).fill(7);
    const part = bytes.subarray(1, 3);
    assertEquals([bytes.length, part.length], [length, 2]);
    freeBytes(part);
    assertEquals([bytes.length, part.length, bytes.buffer.byteLength], [0, 0, 0]);
  }
  freeBytes(new Uint8Array(0));
});

Deno.test("brief memory is zero, and long one has pages that are returned when it is freed", () => {
  assertEquals(briefMemory(0).length, 0);
  assert(briefMemory(2 ** 20).every((byte) => byte === 0));
  assertEquals([2 ** 20 - 1, 2 ** 20].map((bytes) => briefMemory(bytes).buffer.resizable), [false, true]);
});
