import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import type { Program } from "../../nest/program.ts";
import { openWasm } from "../backend.ts";
import { nativeMultiply } from "../../native/call.ts";
import { control } from "../encode/shared_memory.ts";
import { HeldInstances } from "./held_instances.ts";
import { instantiate } from "./instance.ts";
import { MemoryPool } from "./memory.ts";
import { serve, Threads } from "./threads.ts";
import { numbers, programOf, reducing, Sketch, storing } from "../testing.ts";

const ROWS = 400;
const COLUMNS = 501;

/** Row sums of exponentials, then those sums minus their mean, in a loop: short steps that depend on each other. */
function chain(): Program {
  const s = new Sketch();
  const [i, j] = [s.variable("i", ROWS), s.variable("j", COLUMNS)];
  const [x, sums] = [s.slot("f32", ROWS * COLUMNS), s.slot("f32", ROWS, "readwrite")];
  const value = s.f32("exp", s.load(x, s.index([i, COLUMNS], [j, 1])));
  const rows = s.nest([i], [
    reducing(0, "sum", "f32", value, [j]),
    storing([{ slot: sums, index: i, value: s.f32("add", s.load(sums, i), s.table.result("f32", 0)) }]),
  ]);
  const t = new Sketch();
  const k = t.variable("k", ROWS);
  const total = t.slot("f32", ROWS);
  const mean = t.slot("f32", 1, "write");
  const sum = t.nest([], [
    reducing(0, "sum", "f32", t.load(total, k), [k]),
    storing([{ slot: mean, index: t.index(0), value: t.f32("div", t.table.result("f32", 0), t.literal(ROWS)) }]),
  ]);
  const u = new Sketch();
  const l = u.variable("l", ROWS);
  const [result, offset] = [u.slot("f32", ROWS, "readwrite"), u.slot("f32", 1)];
  const center = u.nest([l], [
    storing([{ slot: result, index: l, value: u.f32("sub", u.load(result, l), u.load(offset, u.index(0))) }]),
  ]);
  const counter = s.variable("turn", 5);
  return {
    name: "chain",
    buffers: [ROWS * COLUMNS, ROWS, 1].map((elements) => ({ dtype: "f32", bytes: 4 * elements })),
    steps: [{
      kind: "loop",
      counter,
      steps: [
        { kind: "nest", nest: rows, buffers: [0, 1] },
        { kind: "nest", nest: sum, buffers: [1, 2] },
        { kind: "nest", nest: center, buffers: [1, 2] },
      ],
    }],
  };
}

Deno.test("a thousand runs of dependent steps have the same bits on any number of threads", async () => {
  const program = chain();
  const x = new Float32Array(numbers("f32", ROWS * COLUMNS));
  const results: Float32Array[] = [];
  for (const [threads, runs] of [[1, 40], [2, 400], [3, 200], [8, 40]]) {
    const backend = openWasm({ threads });
    const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
    const executable = backend.load(program);
    backend.write(buffers[0], x);
    for (let run = 0; run < runs; run++) {
      backend.write(buffers[1], new Float32Array(ROWS));
      executable.run(buffers);
      // Meanwhile, workers start.
      if (run === 1) await new Promise((resolve) => setTimeout(resolve, 120));
      const result = new Float32Array(await backend.read(buffers[1], 4 * ROWS));
      if (run === 0) results.push(result);
      else assertEquals(result, results.at(-1));
    }
    await backend.close();
  }
  for (const result of results) assertEquals(result, results[0]);
});

Deno.test("programs of several sizes run alternately while memory grows", async () => {
  const backend = openWasm({ threads: 3 });
  for (let round = 0; round < 60; round++) {
    const count = 50_000 + 40_000 * (round % 7);
    const s = new Sketch();
    const i = s.variable("i", count);
    const [x, y] = [s.slot("f32", count), s.slot("f32", count, "write")];
    const value = s.f32("sqrt", s.f32("mul", s.load(x, i), s.f32("mul", s.load(x, i), s.literal(4))));
    const executable = backend.load(programOf(s.nest([i], [storing([{ slot: y, index: i, value }])])));
    const buffers = [backend.allocate(4 * count), backend.allocate(4 * count)];
    backend.write(buffers[0], new Float32Array(count).map((_, n) => n % 1000));
    executable.run(buffers);
    const result = new Float32Array(await backend.read(buffers[1], 4 * count));
    assert(result.every((one, n) => one === 2 * (n % 1000)));
    if (round % 3) backend.release(buffers[0]);
    if (round === 2) await new Promise((resolve) => setTimeout(resolve, 120));
  }
  assert(backend.statistics.compilations === 7);
  await backend.close();
});

Deno.test("after a failed run, the device refuses others with the reason", async () => {
  const s = new Sketch();
  const i = s.variable("i", 1 << 18);
  const [far, x, y] = [s.slot("i32", 1 << 18), s.slot("f32", 4), s.slot("f32", 1 << 18, "write")];
  const value = s.f32("exp", s.load(x, s.index([s.load(far, i), 1])));
  const program = programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
  const backend = openWasm({ threads: 2 });
  const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
  const executable = backend.load(program);
  backend.write(buffers[0], new Int32Array(1 << 18));
  executable.run(buffers);
  await new Promise((resolve) => setTimeout(resolve, 120));
  executable.run(buffers);
  backend.write(buffers[0], new Int32Array(1 << 18).fill(2 ** 29));
  assertThrows(() => executable.run(buffers), DeviceError, "Cannot run sketch");
  assertThrows(() => executable.run(buffers), DeviceError, "failed before");
  await backend.close();
});

Deno.test("a run fails whichever thread fails", async () => {
  const count = 1 << 18;
  const s = new Sketch();
  const i = s.variable("i", count);
  const [far, x, y] = [s.slot("i32", count), s.slot("f32", 4), s.slot("f32", count, "write")];
  const value = s.f32("exp", s.load(x, s.index([s.load(far, i), 1])));
  const program = programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
  // Any thread may come to the one wrong index, so it is tried often.
  for (let round = 0; round < 8; round++) {
    const backend = openWasm({ threads: 3 });
    const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
    const executable = backend.load(program);
    backend.write(buffers[0], new Int32Array(count));
    for (let turn = 0; backend.statistics.modules < 3 && turn < 500; turn++) {
      executable.run(buffers);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    backend.write(buffers[0], new Int32Array(count).fill(2 ** 29, count - 1));
    const { message } = assertThrows(() => executable.run(buffers), DeviceError, "Cannot run sketch");
    assertStringIncludes(message, "out of bounds");
    assertThrows(() => executable.run(buffers), DeviceError, "failed before");
    await backend.close();
  }
});

/** Waits until a condition holds, but not forever. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds() && turn < 500; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert(holds());
}

Deno.test("a worker reads a job only when its description is complete, and wakes up for it", async () => {
  const pool = new MemoryPool();
  const threads = new Threads(pool, 2);
  const words = new Int32Array(pool.memory.buffer, 0, 1024);
  const [job, module] = [control.job >> 2, control.module >> 2];
  threads.start();
  // Long enough for the worker to start, and to sleep.
  await new Promise((resolve) => setTimeout(resolve, 300));
  // While a description is written, its number is odd. This one would end the worker.
  Atomics.add(words, job, 1);
  Atomics.store(words, module, -1);
  Atomics.notify(words, job);
  await new Promise((resolve) => setTimeout(resolve, 300));
  Atomics.store(words, module, 0);
  Atomics.add(words, job, 1);
  Atomics.notify(words, job);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(threads.failure, undefined);
  // The worker sleeps again. This job has a module that is none, which it reports.
  const code = pool.allocate(8);
  const rest = { table: 0, base: 0, workspace: 0, workspaceBytes: 0 };
  threads.post({ module: 7, code: code.address, codeBytes: 8, ...rest });
  await until(() => threads.failure !== undefined);
  assertStringIncludes(threads.failure!, "CompileError");
  await threads.close();
});

/** What was done to the shared words, in order. */
interface Access {
  readonly op: "load" | "store" | "add" | "wait" | "notify";
  /** The position of the word. */
  readonly at: number;
}

/** Runs a function, and passes all accesses to shared words to `watch`, after they were done. */
function watching(watch: (access: Access) => void, run: () => void): void {
  const { load, store, add, wait, notify } = Atomics;
  const then = <R>(op: Access["op"], at: number, result: R): R => {
    watch({ op, at });
    return result;
  };
  const replaced = {
    load: (words: Int32Array, at: number) => then("load", at, load(words, at)),
    store: (words: Int32Array, at: number, value: number) => then("store", at, store(words, at, value)),
    add: (words: Int32Array, at: number, value: number) => then("add", at, add(words, at, value)),
    notify: (words: Int32Array, at: number) => then("notify", at, notify(words, at)),
    wait: (words: Int32Array, at: number, value: number) => {
      // Nobody would wake this thread.
      if (wait(words, at, value, 0) !== "not-equal") throw new Error("a worker sleeps although there is a job");
      return then("wait", at, "not-equal");
    },
  };
  try {
    Object.assign(Atomics, replaced);
    run();
  } finally {
    Object.assign(Atomics, { load, store, add, wait, notify });
  }
}

Deno.test("all words of a job are written while its number is odd, and workers are woken when it is even again", () => {
  const pool = new MemoryPool();
  const threads = new Threads(pool, 1);
  const words = new Int32Array(pool.memory.buffer, 0, 1024);
  const job = control.job >> 2;
  const rest = { code: 64, codeBytes: 10, table: 128, base: 3, workspace: 256, workspaceBytes: 32 };
  const described = ["module", "code", "codeBytes", "table", "base", "workspace", "workspaceBytes"] as const;
  const lists = ["modules", "moduleCount", "modulesChanged"] as const;
  const cases: readonly (readonly [() => void, readonly (keyof typeof control)[]])[] = [
    [() => threads.post({ module: 5, ...rest }), [...described, ...lists]],
    [() => threads.post({ module: 5, ...rest }), described],
    [() => threads.forget(5), [...described, ...lists]],
  ];
  for (const [act, written] of cases) {
    const accesses: Access[] = [];
    const before = words[job];
    watching(({ op, at }) => {
      if (op === "load") return;
      accesses.push({ op, at });
      const isOdd = words[job] % 2 === 1;
      // The number itself is the first word and the last one that is written.
      const isBetween = at !== job || op !== "notify" && accesses.length === 1;
      assertEquals(isOdd, isBetween, `${op} ${4 * at} of job ${words[job]}`);
    }, act);
    const fields = written.map((field) => ({
      op: field === "modulesChanged" ? "add" : "store",
      at: control[field] >> 2,
    }));
    assertEquals(accesses, [{ op: "add", at: job }, ...fields, { op: "add", at: job }, { op: "notify", at: job }]);
    assertEquals(words[job], before + 2);
  }
});

/** A worker on this thread, whose modules are `update`; `meanwhile` is called after each access to the shared words. */
function serveHere(
  memory: WebAssembly.Memory,
  update: (module: number) => void,
  meanwhile: (access: Access, words: Int32Array) => void,
): void {
  class Held extends HeldInstances {
    override copy() {
      return { code: undefined, existing: undefined, changed: 0 };
    }
    override update(module: number): undefined {
      update(module);
    }
  }
  const words = new Int32Array(memory.buffer, 0, 1024);
  const input = { memory, control, messageBytes: 1024, spins: 3, thread: 1 };
  watching((access) => meanwhile(access, words), () => serve(input, Held, instantiate, nativeMultiply));
}

const sharedMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

/** Writes a job that consists of its module only. */
function write(words: Int32Array, number: number, module: number): void {
  words[control.job >> 2] = number;
  words[control.module >> 2] = module;
}

Deno.test("a worker does not sleep if a job arrives after it has looked for one", () => {
  // The worker looks five times, and then sleeps. The job may arrive after any of these looks.
  for (let after = 1; after <= 5; after++) {
    let looks = 0;
    serveHere(sharedMemory(), () => {}, ({ op, at }, words) => {
      if (op === "load" && at === control.job >> 2 && ++looks === after) write(words, 2, -1);
    });
    assert(looks > after);
  }
});

Deno.test("a worker drops a job whose words change while it reads them", () => {
  const memory = sharedMemory();
  write(new Int32Array(memory.buffer), 2, 7);
  const seen: number[] = [];
  // The words of the next jobs are written while the first ones are read.
  const words = ["module", "table", "base", "workspace", "workspaceBytes"] as const;
  serveHere(memory, (module) => seen.push(module), ({ op, at }, shared) => {
    const number = shared[control.job >> 2];
    const word = words[number / 2 - 1];
    if (op === "load" && word && at === control[word] >> 2) write(shared, number + 2, number + 2 < 12 ? 7 : -1);
  });
  assertEquals(seen, []);
});

Deno.test("a worker that fails wakes the thread that waits for it, and so does a run that is given up", () => {
  const memory = sharedMemory();
  write(new Int32Array(memory.buffer), 2, 7);
  const done: string[] = [];
  const note = ({ op, at }: Access, words: Int32Array): void => {
    if (op === "notify" || op === "store") done.push(`${op} ${4 * at}: ${words[control.failed >> 2]}`);
  };
  serveHere(memory, () => {
    throw new Error("no module");
  }, note);
  const { message, failed, done: tickets } = control;
  assertEquals(done, [`store ${message}: 0`, `store ${failed}: 1`, `notify ${tickets}: 1`]);
  const pool = new MemoryPool();
  const shared = new Int32Array(pool.memory.buffer, 0, 1024);
  done.length = 0;
  watching((access) => note(access, shared), () => new Threads(pool, 1).abandon());
  assertEquals(done, [`store ${failed}: 1`, `notify ${tickets}: 1`]);
});

Deno.test("jobs are posted by even numbers, with the list of modules that exist", () => {
  const pool = new MemoryPool();
  const threads = new Threads(pool, 1);
  const words = new Int32Array(pool.memory.buffer, 0, 1024);
  const read = (address: number): number => words[address >> 2];
  const listed =
    (): number[] => [...new Int32Array(pool.memory.buffer, read(control.modules), read(control.moduleCount))];
  const rest = { code: 64, codeBytes: 10, table: 128, base: 3, workspace: 256, workspaceBytes: 32 };
  const posted = (module: number): number[] => {
    threads.post({ module, ...rest });
    return [read(control.module), read(control.job), read(control.modulesChanged), ...listed()];
  };
  assertEquals(posted(5), [5, 2, 1, 5]);
  const fields = ["code", "codeBytes", "table", "base", "workspace", "workspaceBytes"] as const;
  assertEquals(fields.map((field) => read(control[field])), fields.map((field) => rest[field]));
  assertEquals(posted(8), [8, 4, 2, 5, 8]);
  assertEquals(posted(5), [5, 6, 2, 5, 8]);
  threads.forget(5);
  assertEquals([read(control.module), read(control.job), read(control.modulesChanged), ...listed()], [0, 8, 3, 8]);
  threads.forget(5);
  assertEquals(read(control.job), 8);
  assertEquals(pool.buffers, 1);
  threads.forget(8);
  assertEquals([read(control.job), read(control.moduleCount), pool.buffers], [10, 0, 0]);
});

/** A program of its own module, large enough for several threads. */
function scaled(factor: number): Program {
  const s = new Sketch();
  const i = s.variable("i", 1 << 17);
  const [x, y] = [s.slot("f32", 1 << 17), s.slot("f32", 1 << 17, "write")];
  const value = s.f32("mul", s.f32("sqrt", s.load(x, i)), s.literal(factor));
  return programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
}

Deno.test("every thread drops the modules of disposed programs, and their bytes are overwritten", async () => {
  const backend = openWasm({ threads: 3 });
  const buffers = scaled(1).buffers.map(({ bytes }) => backend.allocate(bytes));
  backend.write(buffers[0], new Float32Array(1 << 17).fill(4));
  const { liveBytes, buffers: pieces } = backend.statistics;
  const first = backend.load(scaled(1));
  // Workers take part as soon as they have started.
  for (let turn = 0; backend.statistics.modules < 3 && turn < 2000; turn++) {
    first.run(buffers);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  first.dispose();
  let most = 0;
  for (let factor = 1; factor <= 300; factor++) {
    const executable = backend.load(scaled(factor));
    executable.run(buffers);
    assertEquals(new Float32Array(await backend.read(buffers[1], 4))[0], 2 * factor);
    most = Math.max(most, backend.statistics.modules);
    if (factor % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    executable.dispose();
    assertThrows(() => executable.run(buffers), DeviceError, "it was disposed");
  }
  assert(most === 3, `${most}: not all threads have taken part`);
  for (let turn = 0; backend.statistics.modules > 0 && turn < 2000; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { modules, programs, ...after } = backend.statistics;
  assertEquals([modules, programs, after.liveBytes, after.buffers], [0, 0, liveBytes, pieces]);
  await backend.close();
});
