import { assertEquals } from "@std/assert";
import { freeBytes } from "./free_bytes.ts";

Deno.test("freed bytes have no memory, nor have others that share it", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const part = bytes.subarray(1, 3);
  freeBytes(part);
  assertEquals([bytes.length, part.length, bytes.buffer.byteLength], [0, 0, 0]);
  freeBytes(new Uint8Array(0));
});
