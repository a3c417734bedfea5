import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import { MemoryPool } from "./memory.ts";

Deno.test("pieces do not overlap and lie at multiples of 64 bytes", () => {
  const pool = new MemoryPool();
  const pieces = [1, 64, 100, 0, 5000, 70000].map((bytes) => pool.allocate(bytes));
  const sorted = [...pieces].sort((a, b) => a.address - b.address);
  sorted.forEach((piece, i) => {
    assertEquals(piece.address % 64, 0);
    const next = sorted[i + 1];
    if (next) assert(piece.address + piece.bytes <= next.address);
  });
});

Deno.test("what is given back is used again, neighbors together", () => {
  const pool = new MemoryPool();
  const pieces = Array.from({ length: 8 }, () => pool.allocate(100_000));
  const { growths, reservedBytes } = pool;
  for (const i of [3, 1, 2, 7, 0, 6, 4, 5]) pool.release(pieces[i]);
  assertEquals(pool.liveBytes, 0);
  pool.allocate(800_000);
  assertEquals([pool.growths, pool.reservedBytes], [growths, reservedBytes]);
});

Deno.test("the smallest free piece that fits is taken", () => {
  const pool = new MemoryPool();
  const [large, , small] = [10_000, 64, 1_000, 64].map((bytes) => pool.allocate(bytes));
  pool.release(large);
  pool.release(small);
  assertEquals(pool.allocate(900).address, small.address);
});

Deno.test("too large a piece is refused with the bytes that were asked for and that can be had", () => {
  const pool = new MemoryPool();
  const error = assertThrows(() => pool.allocate(2 ** 33), DeviceError);
  assert(/Cannot allocate 8589934592 bytes: 0 bytes are in use and at most \d+ can be had/.test(error.message));
  pool.allocate(1000);
});

Deno.test("a piece is given back once", () => {
  const pool = new MemoryPool();
  const piece = pool.allocate(10);
  pool.release(piece);
  assertThrows(() => pool.release(piece), DeviceError, "not in use");
  assertThrows(() => pool.own({ id: 99, bytes: 4 }), DeviceError, "not in use");
});
