import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { type BackendStatistics, DeviceError, noStatistics } from "../../backend.ts";
import { BufferPool, capacityOf, type PoolLimits } from "./buffers.ts";

/** A pool on a device that only records the sizes of the buffers it makes and destroys. */
function makePool({ maxBytes = 2 ** 20, memoryLimit = Infinity }: Partial<PoolLimits> = {}) {
  const [made, destroyed, events]: [number[], number[], string[]] = [[], [], []];
  const statistics: BackendStatistics = noStatistics();
  const device = {
    createBuffer({ size }: GPUBufferDescriptor): GPUBuffer {
      made.push(size);
      return {
        destroy: () => {
          destroyed.push(size);
          events.push("destroy");
        },
      } as GPUBuffer;
    },
  };
  const open = {
    device,
    found: { name: "a fake device" },
    check: () => {},
    watch: <T>(_: GPUErrorFilter, make: () => T): T => make(),
  };
  const queue = { open, submitAll: () => void events.push("submit") };
  return { pool: new BufferPool(queue, statistics, { maxBytes, memoryLimit }), statistics, made, destroyed, events };
}

Deno.test("a capacity holds the requested bytes in whole words, and wastes at most a fifth", () => {
  for (let bytes = 1; bytes < 100_000; bytes += 7) {
    const capacity = capacityOf(bytes, 2 ** 20);
    assert(capacity >= bytes && capacity % 4 === 0, `${capacity} bytes for ${bytes}`);
    if (bytes > 256) assert(capacity <= bytes * 1.25 + 4, `${capacity} bytes for ${bytes}`);
  }
  assertEquals([0, 1, 256].map((bytes) => capacityOf(bytes, 2 ** 20)), [256, 256, 256]);
});

Deno.test("a capacity does not exceed the limit unless the requested size does", () => {
  assertEquals(capacityOf(1000, 1010), 1010);
  assertEquals(capacityOf(1000, 900), 1000);
});

Deno.test("there are few capacities, so that buffers of similar size can replace each other", () => {
  const sizes = new Set(Array.from({ length: 4096 }, (_, i) => capacityOf(i + 4097, 2 ** 30)));
  assertEquals([...sizes], [5120, 6144, 7168, 8192]);
});

Deno.test("a released buffer is used again for sizes that fit, and no buffer is made", () => {
  const { pool, statistics, made } = makePool();
  const first = pool.allocate(1000);
  pool.release(first);
  assertStrictEquals(pool.allocate(1020), first);
  assertEquals([first.bytes, first.live], [1020, true]);
  assertNotStrictEquals(pool.allocate(1000), first);
  assertEquals([made.length, statistics.allocations], [2, 2]);
});

Deno.test("the totals are those of all buffers, and of those in use", () => {
  const { pool, statistics } = makePool();
  const [small, large] = [pool.allocate(100), pool.allocate(5000)];
  assertEquals([statistics.liveBytes, statistics.reservedBytes], [256 + 5120, 256 + 5120]);
  pool.release(small);
  assertEquals([statistics.liveBytes, statistics.reservedBytes], [5120, 256 + 5120]);
  pool.release(large);
  pool.allocate(5100);
  assertEquals([statistics.liveBytes, statistics.reservedBytes], [5120, 256 + 5120]);
});

Deno.test("unused buffers are destroyed for others, the largest first, after the queued work", () => {
  const { pool, statistics, destroyed, events } = makePool({ memoryLimit: 10_000 });
  for (const buffer of [pool.allocate(1000), pool.allocate(4000), pool.allocate(2000)]) pool.release(buffer);
  pool.allocate(8000);
  assertEquals(destroyed, [4096, 2048, 1024]);
  assertEquals(events[0], "submit");
  assertEquals([statistics.liveBytes, statistics.reservedBytes], [8192, 8192]);
});

Deno.test("buffers that are used repeatedly are kept, as long as they take little memory", () => {
  const { pool, destroyed } = makePool({ maxBytes: 2 ** 30 });
  for (let turn = 0; turn < 4; turn++) pool.release(pool.allocate(2 ** 27));
  pool.allocate(2 ** 26);
  assertEquals(destroyed, []);
  for (const buffer of [pool.allocate(2 ** 27), pool.allocate(2 ** 28), pool.allocate(2 ** 28)]) pool.release(buffer);
  pool.allocate(2 ** 25);
  assertEquals(destroyed, [2 ** 28, 2 ** 28], "unused buffers are destroyed if they exceed the others by 256 MiB");
});

Deno.test("of unused buffers, as many are kept as may be", () => {
  const { pool, destroyed } = makePool({ maxBytes: 2 ** 30 });
  for (const buffer of [pool.allocate(2 ** 28), pool.allocate(2 ** 28)]) pool.release(buffer);
  pool.allocate(2 ** 20);
  assertEquals(destroyed, [2 ** 28]);
});

Deno.test("sizes beyond the limits are refused with the available bytes", () => {
  const { pool } = makePool({ maxBytes: 8000, memoryLimit: 10_000 });
  assertThrows(() => pool.allocate(8001), DeviceError, "one buffer of a fake device has at most 8000 bytes");
  assertEquals(makePool({ maxBytes: 8000 }).pool.allocate(8000).bytes, 8000);
  assertEquals(makePool({ maxBytes: 8000, memoryLimit: 8000 }).pool.allocate(8000).bytes, 8000);
  const { pool: full, destroyed } = makePool({ maxBytes: 1024, memoryLimit: 2048 });
  full.release(full.allocate(1024));
  full.allocate(256);
  full.allocate(768);
  assertEquals(destroyed, [], "unused buffers stay as long as there is memory");
  pool.allocate(7000);
  assertThrows(() => pool.allocate(4000), DeviceError, "Cannot allocate 4000 bytes: 2832 of 10000 bytes are available");
});

Deno.test("buffers that were released or belong to another pool are refused", () => {
  const { pool } = makePool();
  const buffer = pool.allocate(8);
  assertStrictEquals(pool.own(buffer), buffer);
  pool.release(buffer);
  assertThrows(() => pool.release(buffer), TypeError, "it was released");
  assertThrows(() => pool.own(makePool().pool.allocate(8)), TypeError, "does not belong to this WebGPU device");
});

Deno.test("a closed pool has destroyed all buffers, and ignores releases", () => {
  const { pool, statistics, destroyed } = makePool();
  const [used, kept] = [pool.allocate(8), pool.allocate(1000)];
  pool.release(kept);
  pool.close();
  assertEquals([...destroyed].sort(), [1024, 256]);
  assertEquals([statistics.liveBytes, statistics.reservedBytes], [0, 0]);
  pool.release(used);
});
