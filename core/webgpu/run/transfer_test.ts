import { assertEquals, assertRejects } from "@std/assert";
import { pretendGpu } from "../../../tests/pretended_gpu.ts";
import { noStatistics } from "../../backend.ts";
import { record as layout } from "../../nest/index_checks.ts";
import { BufferPool } from "./buffers.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { IndexRecord, RECORD_BYTES } from "./index_record.ts";
import { Transfer } from "./transfer.ts";

/** Transfers on a device that runs nothing, but keeps what is written and copied. */
async function transfers() {
  using _ = pretendGpu("hardware");
  const open = await OpenDevice.open(await chooseAdapter());
  const statistics = noStatistics();
  const { device } = open;
  const [made, destroyed]: number[][] = [[], []];
  const { createBuffer } = device;
  device.createBuffer = (given) => {
    const buffer = createBuffer.call(device, given);
    const { destroy } = buffer;
    buffer.destroy = () => (destroyed.push(given.size), destroy.call(buffer));
    made.push(given.size);
    return buffer;
  };
  const pool = new BufferPool(open, statistics, { maxBytes: 2 ** 27, memoryLimit: Infinity });
  const record = new IndexRecord(open, statistics);
  return { moved: new Transfer(open, statistics), statistics, pool, record, made, destroyed, device };
}

const singles = (...values: number[]): Float32Array<ArrayBuffer> => Float32Array.from(values);

Deno.test("what is written is read, and a copy has its own contents", async () => {
  const { moved, pool, statistics } = await transfers();
  const [x, y] = [pool.allocate(16), pool.allocate(16)];
  moved.write(x, singles(1, 2, 3, 4));
  moved.copy(x, y, 8);
  moved.write(x, singles(7));
  moved.write(x, singles());
  moved.copy(x, y, 0);
  assertEquals([statistics.submissions, statistics.reads], [1, 0]);
  assertEquals(new Float32Array(await moved.read(y, 16)), singles(1, 2, 0, 0));
  assertEquals(new Float32Array(await moved.read(x, 8)), singles(7, 2));
  assertEquals([statistics.submissions, statistics.reads], [3, 2]);
});

Deno.test("bytes that fill no word are read, and reading none submits nothing", async () => {
  const { moved, pool, statistics } = await transfers();
  const x = pool.allocate(16);
  moved.write(x, Uint32Array.of(0x04030201, 0x08070605));
  assertEquals([...new Uint8Array(await moved.read(x, 5))], [1, 2, 3, 4, 5]);
  assertEquals((await moved.read(x, 0)).byteLength, 0);
  assertEquals([statistics.submissions, statistics.reads], [1, 2]);
});

Deno.test("staging buffers are used again for sizes alike, counted, and destroyed at the end", async () => {
  const { moved, pool, statistics, made, destroyed } = await transfers();
  const x = pool.allocate(5000);
  const { allocations, reservedBytes } = statistics;
  made.length = 0;
  for (let i = 0; i < 3; i++) await moved.read(x, 4);
  assertEquals([made.length, statistics.allocations - allocations], [1, 1]);
  assertEquals(statistics.reservedBytes - reservedBytes, made[0]);
  await moved.read(x, 5000);
  assertEquals([made.length, made[1] >= 5000, statistics.reservedBytes - reservedBytes], [2, true, made[0] + made[1]]);
  // Contents that can be read at once leave their buffer before the next read begins.
  await Promise.all([moved.read(x, 4), moved.read(x, 4)]);
  assertEquals(made.length, 2);
  moved.close();
  assertEquals(destroyed.toSorted((a, b) => a - b), [...made].sort((a, b) => a - b));
  await moved.read(x, 4);
  assertEquals(made.length, 3);
});

Deno.test("the device is probed without counting, and a device that maps later is awaited", async () => {
  for (const late of [false, true]) {
    const { moved, pool, statistics, device } = await transfers();
    const { createBuffer } = device;
    let mappings = 0;
    device.createBuffer = (given) => {
      const buffer = createBuffer.call(device, given);
      const { mapAsync, getMappedRange } = buffer;
      let mapped = given.mappedAtCreation === true;
      buffer.unmap = () => void (mapped = false);
      buffer.mapAsync = async (...range) => {
        if (!late) mapped = true;
        await mapAsync.apply(buffer, range);
        mapped = true;
        mappings++;
      };
      buffer.getMappedRange = (...range) => {
        if (!mapped) throw new Error("not mapped");
        return getMappedRange.apply(buffer, range);
      };
      return buffer;
    };
    const x = pool.allocate(16);
    await moved.prove(x);
    assertEquals([statistics.reads, statistics.submissions], [0, 0]);
    moved.write(x, singles(3, 4));
    assertEquals(new Float32Array(await moved.read(x, 8)), singles(3, 4));
    assertEquals(mappings, 2);
  }
});

Deno.test("the record of indices is made once, read with other contents, and cleared", async () => {
  const { moved, pool, statistics, record, device, made } = await transfers();
  const x = pool.allocate(16);
  moved.write(x, singles(5));
  const { allocations, reservedBytes } = statistics;
  const { buffer } = record;
  assertEquals([record.buffer === buffer, made.at(-1), RECORD_BYTES], [true, RECORD_BYTES, 4 * layout.words]);
  assertEquals([statistics.allocations - allocations, statistics.reservedBytes - reservedBytes], [1, RECORD_BYTES]);
  assertEquals(new Float32Array(await moved.read(x, 4, record)), singles(5));
  assertEquals(record.used, false);
  record.used = true;
  assertEquals(new Float32Array(await moved.read(x, 4, record)), singles(5));
  assertEquals(record.used, false);
  device.queue.writeBuffer(buffer, 0, new Int32Array(layout.words).fill(1));
  assertEquals(new Float32Array(await moved.read(x, 4, record)), singles(5), "no kernel has noted anything since");
  record.used = true;
  await assertRejects(() => moved.read(x, 0, record), RangeError);
  assertEquals(record.used, false);
  record.used = true;
  assertEquals((await moved.read(x, 0, record)).byteLength, 0);
  record.close();
  assertEquals(record.buffer === buffer, false);
});
