import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import { MemoryPool } from "./memory.ts";

Deno.test("pieces do not overlap, and their addresses are multiples of 64", () => {
  const pool = new MemoryPool();
  const pieces = [1, 64, 100, 0, 5000, 70000].map((bytes) => pool.allocate(bytes));
  const sorted = [...pieces].sort((a, b) => a.address - b.address);
  sorted.forEach((piece, i) => {
    assertEquals(piece.address % 64, 0);
    const next = sorted[i + 1];
    if (next) assert(piece.address + piece.bytes <= next.address);
  });
});

Deno.test("vector loads may read 64 bytes past the end of each piece, and meet no other piece", () => {
  // The last two would just fill whole pages, behind the first 4096 bytes and the pieces before.
  for (
    const sizes of [[0, 1, 16, 63, 64, 65, 100, 128, 60_000, 65_536, 200_001], [41 * 65_536 - 4096], [
      64,
      50 * 65_536 - 4224,
    ]]
  ) {
    const pool = new MemoryPool();
    const pieces = sizes.map((bytes) => pool.allocate(bytes));
    const sorted = [...pieces].sort((a, b) => a.address - b.address);
    sorted.forEach(({ address, bytes }, i) => {
      const end = sorted[i + 1]?.address ?? pool.reservedBytes;
      assert(address + bytes + 64 <= end, `${bytes} bytes at ${address}, and the next piece at ${end}`);
    });
  }
});

Deno.test("the numbers of pieces and of their bytes are those in use", () => {
  const pool = new MemoryPool();
  const [first, second] = [pool.allocate(100), pool.allocate(28)];
  assertEquals([pool.buffers, pool.liveBytes], [2, 128]);
  assertEquals(pool.own(second), second);
  pool.release(first);
  assertEquals([pool.buffers, pool.liveBytes], [1, 28]);
});

Deno.test("memory grows by what is missing, and by at least an eighth", () => {
  const pool = new MemoryPool();
  const page = 65_536;
  const first = pool.allocate(40 * page);
  // The first page has its first 4096 bytes for other purposes, and 64 bytes are read past the end.
  assertEquals([pool.growths, pool.reservedBytes], [1, 41 * page]);
  pool.allocate(page);
  assertEquals([pool.growths, pool.reservedBytes], [2, (41 + 6) * page]);
  pool.allocate(4 * page);
  assertEquals(pool.growths, 2);
  pool.release(first);
  pool.allocate(30 * page);
  assertEquals([pool.growths, pool.reservedBytes], [2, 47 * page]);
});

Deno.test("released pieces are used again, and neighbors are joined", () => {
  const pool = new MemoryPool();
  const pieces = Array.from({ length: 8 }, () => pool.allocate(100_000));
  const { growths, reservedBytes } = pool;
  for (const i of [3, 1, 2, 7, 0, 6, 4, 5]) pool.release(pieces[i]);
  assertEquals(pool.liveBytes, 0);
  pool.allocate(800_000);
  assertEquals([pool.growths, pool.reservedBytes], [growths, reservedBytes]);
});

Deno.test("the smallest free piece that fits is allocated", () => {
  const pool = new MemoryPool();
  const [large, , small] = [10_000, 64, 1_000, 64].map((bytes) => pool.allocate(bytes));
  pool.release(large);
  pool.release(small);
  assertEquals(pool.allocate(900).address, small.address);
  const exact = pool.allocate(10_000);
  assertEquals(exact.address, large.address, "a piece that is just large enough");
});

Deno.test("of free pieces that fit as well, the one with the lowest address is allocated", () => {
  const pool = new MemoryPool();
  const [first, , second] = [1_000, 64, 1_000, 64].map((bytes) => pool.allocate(bytes));
  pool.release(first);
  pool.release(second);
  assertEquals(pool.allocate(900).address, first.address);
  assertEquals(pool.allocate(900).address, second.address);
});

Deno.test("the memory grows to the last byte of 32-bit addresses, and no further", () => {
  const pool = new MemoryPool();
  const bytes = 2 ** 32 - 4096 - 64;
  assertThrows(() => pool.allocate(bytes + 1), DeviceError, `at most ${2 ** 32 - 4096} are free in one piece`);
  assertEquals(pool.reservedBytes, 65_536);
  assertEquals(pool.allocate(bytes).address, 4096);
  assertEquals([pool.reservedBytes, pool.growths], [2 ** 32, 1]);
});

Deno.test("a piece that is too large is refused with the requested and the free bytes", () => {
  const pool = new MemoryPool();
  const error = assertThrows(() => pool.allocate(2 ** 33), DeviceError);
  assert(/Cannot allocate 8589934592 bytes: 0 bytes are in use, at most \d+ are free/.test(error.message));
  pool.allocate(1000);
});

Deno.test("a piece is released once", () => {
  const pool = new MemoryPool();
  const piece = pool.allocate(10);
  pool.release(piece);
  assertThrows(() => pool.release(piece), DeviceError, "not in use");
  assertThrows(() => pool.own({ id: 99, bytes: 4 }), DeviceError, "not in use");
});
