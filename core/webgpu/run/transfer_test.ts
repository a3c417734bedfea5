import { assertEquals, assertRejects } from "@std/assert";
import { pretendGpu } from "../../../tests/pretended_gpu.ts";
import { noStatistics } from "../../backend.ts";
import { record as layout } from "../../nest/index_checks.ts";
import { BufferPool } from "./buffers.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { IndexRecord, RECORD_BYTES } from "./index_record.ts";
import { Transfer } from "./transfer.ts";
import { UPLOAD_BYTES } from "./uploads.ts";
import { limitsFor, type SubmissionLimits, WorkQueue } from "./work_queue.ts";

/** Transfers on a device that runs nothing, but keeps what is written and copied. */
async function transfers(limits: Partial<SubmissionLimits> = {}) {
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
  const queue = new WorkQueue(open, statistics, { ...limitsFor("hardware"), ...limits });
  const pool = new BufferPool(queue, statistics, { maxBytes: 2 ** 27, memoryLimit: Infinity });
  const record = new IndexRecord(open, statistics);
  return { moved: new Transfer(queue, statistics), statistics, pool, record, made, destroyed, device, queue };
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
  assertEquals([statistics.submissions, statistics.reads], [0, 0]);
  assertEquals(new Float32Array(await moved.read(y, 16)), singles(1, 2, 0, 0));
  assertEquals(new Float32Array(await moved.read(x, 8)), singles(7, 2));
  assertEquals([statistics.submissions, statistics.reads], [2, 2], "a read is submitted with the copies before it");
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

Deno.test("what the host writes does not overtake copies of the buffer that were queued before", async () => {
  const { moved, pool, statistics } = await transfers();
  const [x, y, z] = [pool.allocate(16), pool.allocate(16), pool.allocate(16)];
  moved.write(x, singles(1));
  const { allocations } = statistics;
  moved.copy(x, y, 4);
  moved.write(x, singles(2));
  moved.copy(x, z, 4);
  moved.write(y, singles(3));
  moved.write(x, singles(4));
  assertEquals([statistics.submissions, statistics.allocations - allocations], [0, 1]);
  const read = async (buffer: typeof x) => new Float32Array(await moved.read(buffer, 4))[0];
  assertEquals([await read(x), await read(y), await read(z)], [4, 3, 2]);
  moved.copy(x, y, 4);
  moved.write(x, singles(5));
  assertEquals([await read(x), await read(y)], [5, 4], "the memory of these writes is used again");
  assertEquals(statistics.allocations - allocations, 2, "one for these writes, one for the reads");
});

Deno.test("writes that exceed the memory beside the queued work wait until it is submitted", async () => {
  const { moved, pool, statistics } = await transfers();
  const [x, y] = [pool.allocate(UPLOAD_BYTES), pool.allocate(UPLOAD_BYTES)];
  const words = UPLOAD_BYTES / 4;
  moved.copy(x, y, 4);
  moved.write(x, new Float32Array(words - 1).fill(1));
  moved.write(x, singles(2));
  assertEquals(statistics.submissions, 0);
  moved.write(x, singles(3));
  assertEquals(statistics.submissions, 1);
  moved.copy(x, y, UPLOAD_BYTES);
  moved.write(x, new Float32Array(words).fill(4));
  assertEquals(statistics.submissions, 1);
  moved.copy(x, y, 0);
  moved.write(x, singles(5));
  assertEquals(statistics.submissions, 2);
  assertEquals(new Float32Array(await moved.read(x, 8)), singles(5, 4));
  assertEquals(new Float32Array(await moved.read(y, 8)), singles(3, 1));
});

Deno.test("a write after enough work for a submission comes after it, and before what is queued then", async () => {
  const { moved, pool, statistics } = await transfers({ commands: 2 });
  const [x, y, z] = [pool.allocate(16), pool.allocate(16), pool.allocate(16)];
  moved.write(x, singles(1));
  moved.copy(x, y, 4);
  moved.copy(x, z, 4);
  assertEquals(statistics.submissions, 0);
  moved.write(x, singles(2));
  assertEquals(statistics.submissions, 1);
  moved.copy(x, y, 4);
  moved.write(x, singles(3));
  const values = [];
  for (const buffer of [x, y, z]) values.push(...new Float32Array(await moved.read(buffer, 4)));
  assertEquals(values, [3, 2, 1]);
});
