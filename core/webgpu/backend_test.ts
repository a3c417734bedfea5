import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DeviceError } from "../backend.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Program, ProgramStep } from "../nest/program.ts";
import { openWebgpu } from "./backend.ts";
import { schedulerFor } from "./schedule/choose.ts";
import { gpuTest, makeNest, makePhase, makeSlot, programOf, runOn, store } from "./test_support.ts";

/** Adds `i + amount` to each of `elements` elements. */
function adding(elements: number, amount = 1): Program {
  const table = new ExpressionTable();
  const i = table.variable("i", elements);
  const sum = table.apply("add", "f32", [
    table.load("f32", 0, i),
    table.apply("cast", "f32", [table.affine([[i, 1]], amount)]),
  ]);
  const nest = makeNest({
    slots: [makeSlot(elements, "readwrite")],
    outer: [i],
    phases: [makePhase({ stores: [store(0, i, sum)] })],
  });
  return programOf(nest);
}

gpuTest("a second run allocates nothing, compiles nothing, and is submitted with the read", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const executable = backend.load(adding(100));
  const buffer = backend.allocate(400);
  backend.write(buffer, new Float32Array(100));
  executable.run([buffer]);
  await backend.read(buffer, 400);
  const before = { ...backend.statistics };
  executable.run([buffer]);
  const values = new Float32Array(await backend.read(buffer, 400));
  assertEquals([values[0], values[99]], [2, 200]);
  assertEquals(backend.statistics.allocations, before.allocations);
  assertEquals(backend.statistics.compilations, before.compilations);
  assertEquals(backend.statistics.dispatches, before.dispatches + 1);
  assertEquals(backend.statistics.submissions, before.submissions + 1);
  assertEquals(backend.statistics.reads, before.reads + 1);
  await backend.close();
});

gpuTest("a copy has the contents at the time when it was queued", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const [source, target] = [backend.allocate(400), backend.allocate(400)];
  backend.write(source, new Float32Array(100).fill(2));
  backend.copy(source, target, 400);
  backend.write(source, new Float32Array(100));
  assertEquals(new Set(new Float32Array(await backend.read(target, 400))), new Set([2]));
  assertThrows(() => backend.copy(source, backend.allocate(4), 400), RangeError, "Cannot copy 400 bytes");
  await backend.close();
});

/** A program of one kernel that computes for some milliseconds on a software adapter. */
function slow(elements: number): Program {
  const table = new ExpressionTable();
  const i = table.variable("i", elements);
  let value = table.load("f32", 0, i);
  for (let turn = 0; turn < 30; turn++) value = table.apply("sin", "f32", [value]);
  const slots = [makeSlot(elements, "readwrite")];
  return programOf(makeNest({ slots, outer: [i], phases: [makePhase({ stores: [store(0, i, value)] })] }));
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

gpuTest("finish waits for all queued work and releases its memory", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  // Only time shows whether a device has work left: a read waits for it. There is more work until the wait is long. In
  // software a submission may wait for the one before, so its work grows. Other devices get more submissions.
  let [queued, left]: number[][] = [[0], []];
  for (let work = 1; median(queued) < 0.1 && work <= 4096; work *= 4) {
    [queued, left] = [[], []];
    const [elements, runs] = backend.info.software ? [2 ** 14 * work, 1] : [2 ** 18, work];
    const executable = backend.load(slow(elements));
    const buffer = backend.allocate(4 * elements);
    const queue = (): void => {
      for (let run = 0; run < runs; run++) executable.run([buffer]);
    };
    const secondsToRead = async (): Promise<number> => {
      const start = performance.now();
      await backend.read(buffer, 4);
      return (performance.now() - start) / 1000;
    };
    for (let round = 0; round < 5; round++) {
      queue();
      queued.push(await secondsToRead());
      queue();
      const { liveBytes, submissions, reads } = backend.statistics;
      await backend.finish();
      const after = { liveBytes, submissions: submissions + 1, reads: reads + 1 };
      assertEquals(backend.statistics, { ...backend.statistics, ...after });
      left.push(await secondsToRead());
    }
    backend.release(buffer);
  }
  assert(median(left) < median(queued) / 4, `${queued} s with queued work, ${left} s after it was finished`);
  await backend.close();
});

gpuTest("programs with the same text share a compiled kernel", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  backend.load(adding(100));
  backend.load(adding(100));
  assertEquals(backend.statistics.compilations, 1);
  await backend.close();
});

gpuTest("a released buffer is used again, and the totals are exact", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const before = { ...backend.statistics };
  const first = backend.allocate(1000);
  const live = backend.statistics.liveBytes - before.liveBytes;
  assert(live >= 1000 && live <= 1250, `${live} bytes for 1000`);
  backend.release(first);
  assertEquals(backend.statistics.liveBytes, before.liveBytes);
  const second = backend.allocate(990);
  assertEquals(second.id, first.id);
  assertEquals(backend.statistics.allocations, before.allocations + 1);
  await backend.close();
});

gpuTest("a buffer that is released while work is queued still serves that work first", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const [from, to] = [backend.allocate(4000), backend.allocate(4000)];
  backend.write(from, new Float32Array(1000).fill(1));
  backend.write(to, new Float32Array(1000));
  const executable = backend.load(adding(1000));
  executable.run([from]);
  const reading = backend.read(from, 4000);
  backend.release(from);
  const again = backend.allocate(4000);
  backend.write(again, new Float32Array(1000).fill(-5));
  assertEquals(new Float32Array(await reading)[999], 1001);
  assertEquals(new Float32Array(await backend.read(again, 4))[0], -5);
  await backend.close();
});

gpuTest("loops in loops repeat their steps with their counters", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const table = new ExpressionTable();
  const [t, u] = [table.variable("t", 3), table.variable("u", 4)];
  // In slot 0, iteration u reads one cell and writes the other; slot 1 records the values at [t, u].
  const cell = (shift: number) => table.remainder(table.affine([[u, 1]], shift), 2);
  const value = table.apply("add", "f32", [
    table.load("f32", 0, cell(0)),
    table.apply("cast", "f32", [table.affine([[t, 10], [u, 1]])]),
  ]);
  const nest = makeNest({
    slots: [makeSlot(2, "readwrite"), makeSlot(12, "write")],
    counters: [t, u],
    outer: [],
    phases: [
      makePhase({ stores: [store(0, cell(1), value), store(1, table.affine([[t, 4], [u, 1]]), value)] }),
    ],
  });
  const step: ProgramStep = { kind: "nest", nest, buffers: [0, 1] };
  const program: Program = {
    ...programOf(nest),
    steps: [{ kind: "loop", counter: t, steps: [{ kind: "loop", counter: u, steps: [step] }] }],
  };
  const [, recorded] = await runOn(backend, program, [[0, 0], new Array(12).fill(0)]);
  let carry = 0;
  const wanted = recorded.map((_, turn) => carry += Math.floor(turn / 4) * 10 + turn % 4);
  assertEquals(recorded, wanted);
  assertEquals(backend.load(program).dispatches, 12);
  await backend.close();
});

gpuTest("reading does not wait for the polling of an awaited map", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const buffer = backend.allocate(4);
  backend.write(buffer, Float32Array.of(7));
  await backend.read(buffer, 4);
  // A wait for the device takes turns of the event loop, in the first of which the timer ends.
  let turns = 0;
  for (let i = 0; i < 20; i++) {
    const timer = setTimeout(() => turns++, 0);
    await backend.read(buffer, 4);
    clearTimeout(timer);
  }
  assertEquals(turns, 0);
  await backend.close();
});

gpuTest("a buffer that exceeds the limits is refused with the needed and the available bytes", async () => {
  const backend = await openWebgpu({ allowSoftware: true, memoryLimit: 10_000 });
  assertThrows(() => backend.allocate(backend.maxBufferBytes + 4), DeviceError, `${backend.maxBufferBytes} bytes`);
  const kept = backend.allocate(8000);
  assertThrows(() => backend.allocate(8000), DeviceError, "of 10000 bytes are available");
  backend.release(kept);
  backend.allocate(4000);
  await backend.close();
});

gpuTest("writing past a buffer's end is refused", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const buffer = backend.allocate(8);
  assertThrows(() => backend.write(buffer, new Float32Array(3)), RangeError, "Cannot write 12 bytes");
  await assertRejects(() => backend.read(buffer, 12), RangeError, "Cannot read 12 bytes");
  await backend.close();
});

gpuTest("a closed device refuses work and ignores releases", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const buffer = backend.allocate(8);
  const executable = backend.load(adding(2));
  await backend.close();
  backend.release(buffer);
  assertThrows(() => backend.allocate(8), DeviceError, "was closed");
  assertThrows(() => executable.run([buffer]), DeviceError, "was closed");
});

gpuTest("a buffer that was released or belongs to another backend is refused", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const buffer = backend.allocate(8);
  backend.release(buffer);
  assertThrows(() => backend.release(buffer), TypeError, "it was released");
  assertThrows(() => backend.write({ id: 1, bytes: 8 }, new Float32Array(1)), TypeError, "does not belong");
  await backend.close();
});

gpuTest("the source names each kernel, its schedule and its workgroups", async () => {
  const backend = await openWebgpu({ allowSoftware: true, scheduler: schedulerFor("software") });
  const { source } = backend.load(adding(100));
  assertEquals(source.split("\n")[0], "// test: map, 64 lanes of 4 points, 1 x 1 x 1 workgroups");
  await backend.close();
});

gpuTest("a program of empty nests runs nothing", async () => {
  const backend = await openWebgpu({ allowSoftware: true });
  const executable = backend.load(adding(0));
  assertEquals(executable.dispatches, 0);
  executable.run([backend.allocate(0)]);
  assertEquals(backend.statistics.submissions, 0);
  await backend.close();
});
