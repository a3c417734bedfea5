import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import type { Program } from "../../nest/program.ts";
import { WasmExecutable, type WasmModule } from "./executable.ts";
import { MemoryPool } from "./memory.ts";
import { type Job, Threads } from "./threads.ts";

/** Threads that run nothing, and remember their jobs. */
class IdleThreads extends Threads {
  readonly jobs: Job[] = [];

  override post(job: Job): void {
    this.jobs.push(job);
  }
}

interface Setup {
  readonly threads?: number;
  readonly chunks?: number;
  readonly scratchBytes?: number;
  readonly workspaceBytes?: number;
  readonly sizes?: readonly number[];
  readonly run?: WasmModule["run"];
}

/** The bytes of the buffers. */
const three = [12, 400, 8];

function setUp(
  { threads: count = 3, chunks = 5, scratchBytes = 0, workspaceBytes = 0, sizes = three, run = () => 0 }: Setup = {},
) {
  const program: Program = { name: "test", buffers: sizes.map((bytes) => ({ dtype: "f32", bytes })), steps: [] };
  const pool = new MemoryPool();
  const threads = new IdleThreads(pool, count);
  const counts = { dispatches: 0, submissions: 0 };
  const compiled = {
    ...{ bytes: new Uint8Array(), listing: "the kernels", launches: [], dispatches: 7 },
    ...{ chunks, scratchBytes, workspaceBytes },
  };
  const module: WasmModule = { number: 4, bytes: Uint8Array.of(1, 2, 3), run };
  let unloads = 0;
  const executable = new WasmExecutable({ program, compiled, module }, {
    ...{ pool, threads, counts },
    unload: () => unloads++,
  });
  const buffers = program.buffers.map(({ bytes }) => pool.allocate(bytes));
  return { pool, threads, counts, executable, buffers, module, unloads: () => unloads };
}

Deno.test("a run passes the addresses of buffers and scratch memory, and each thread has a workspace of its own", () => {
  // The table of 16 buffers and the scratch memory is one word longer than 64 bytes.
  for (const [scratchBytes, workspaceBytes, count] of [[1000, 640, 3], [0, 0, 15], [64, 1, 16], [6400, 6400, 3]]) {
    const seen: number[][] = [];
    const sizes = Array.from({ length: count }, (_, i) => three[i % 3]);
    const made = setUp({ scratchBytes, workspaceBytes, sizes, run: (...given) => Number(seen.push(given) < 0) });
    const { pool, threads, executable, buffers } = made;
    const liveBytes = pool.liveBytes;
    let taken = 0;
    const { allocate } = pool;
    pool.allocate = (bytes) => {
      const piece = allocate.call(pool, bytes);
      taken = Math.max(taken, piece.address + piece.bytes);
      return piece;
    };
    executable.run(buffers);
    const [[table, base, workspace]] = seen;
    const words = [...new Uint32Array(pool.memory.buffer, table, buffers.length + 1)];
    assertEquals(words.slice(0, -1), buffers.map(({ address }) => address));
    const scratch = words.at(-1)!;
    assert(table % 64 === 0 && scratch % 64 === 0 && workspace % 64 === 0, `${[table, scratch, workspace]}`);
    assert(scratch >= table + 4 * words.length && workspace >= scratch + scratchBytes);
    const [job] = threads.jobs;
    assertEquals({ ...job, code: 0, workspaceBytes: 0 }, {
      ...{ module: 4, code: 0, codeBytes: 3, table, base, workspace, workspaceBytes: 0 },
    });
    assert(job.workspaceBytes >= workspaceBytes && job.workspaceBytes % 64 === 0);
    assert(workspace + 3 * job.workspaceBytes <= Math.max(taken, workspace));
    assertEquals([...new Uint8Array(pool.memory.buffer, job.code, 3)], [1, 2, 3]);
    // Only the code stays, for the next run.
    assertEquals(pool.liveBytes, liveBytes + 3);
    executable.run(buffers);
    assertEquals([pool.liveBytes, threads.jobs[1].code], [liveBytes + 3, job.code]);
    assertEquals(made.counts, { dispatches: 14, submissions: 2 });
  }
});

Deno.test("work that one thread does is not posted to others", () => {
  for (const one of [{ threads: 1 }, { chunks: 1 }, { threads: 1, chunks: 1 }]) {
    const { threads, executable, buffers } = setUp({ ...one, workspaceBytes: 100 });
    executable.run(buffers);
    assertEquals(threads.jobs, []);
  }
  const { threads, executable, buffers } = setUp({ threads: 2, chunks: 2 });
  executable.run(buffers);
  assertEquals(threads.jobs.length, 1);
});

Deno.test("buffers that are too small or of no pool are refused, and memory is returned", () => {
  const { pool, executable, buffers } = setUp({ workspaceBytes: 100 });
  const small = pool.allocate(399);
  const { liveBytes } = pool;
  assertThrows(
    () => executable.run([buffers[0], small, buffers[2]]),
    DeviceError,
    "Cannot run test: buffer 1 needs 400 bytes, got 399",
  );
  assertThrows(() => executable.run([buffers[0], buffers[1], { id: 99, bytes: 8 }]), DeviceError, "not in use");
  assertEquals(pool.liveBytes, liveBytes);
  executable.run([buffers[0], pool.allocate(400), buffers[2]]);
});

Deno.test("runs that fail say why, and leave no memory behind", () => {
  const thrown = setUp({
    run: () => {
      throw new Error("out of bounds");
    },
  });
  const { liveBytes } = thrown.pool;
  assertThrows(() => thrown.executable.run(thrown.buffers), DeviceError, "Cannot run test: Error: out of bounds");
  assertEquals(thrown.pool.liveBytes, liveBytes + 3);
  assertThrows(() => thrown.executable.run(thrown.buffers), DeviceError, "Cannot run test: the device failed before: ");
  assertEquals(thrown.counts, { dispatches: 0, submissions: 0 });
  const failed = setUp({ run: () => 1 });
  assertThrows(() => failed.executable.run(failed.buffers), DeviceError, "Cannot run test: a thread failed: ");
});

Deno.test("a program is disposed once, and cannot run afterwards", () => {
  const { executable, buffers, unloads } = setUp();
  assertEquals([executable.source, executable.dispatches], ["the kernels", 7]);
  executable.dispose();
  executable.dispose();
  assertEquals(unloads(), 1);
  assertThrows(() => executable.run(buffers), DeviceError, "Cannot run test: it was disposed");
});
