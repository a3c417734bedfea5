import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DeviceError } from "../backend.ts";
import { type ScalarOp, scalarOps } from "../scalar/operations.ts";
import type { DType } from "../dtype.ts";
import { evaluateScalar } from "../scalar/evaluate.ts";
import { threefry2x32 } from "../scalar/double_precision.ts";
import { openWasm } from "./backend.ts";
import { check, numbers, programOf, reducing, runOn, Sketch, storing } from "./testing.ts";

function doubling(count: number) {
  const s = new Sketch();
  const i = s.variable("i", count);
  const [x, y] = [s.slot("f32", count), s.slot("f32", count, "write")];
  return programOf(s.nest([i], [storing([{ slot: y, index: i, value: s.f32("add", s.load(x, i), s.load(x, i)) }])]));
}

Deno.test("loading the same program again compiles nothing", async () => {
  const backend = openWasm({ threads: 1 });
  const first = backend.load(doubling(100));
  backend.load(doubling(100));
  assertEquals(backend.statistics.compilations, 1);
  backend.load(doubling(101));
  assertEquals(backend.statistics.compilations, 2);
  assert(first.source.includes("nest sketch"));
  assertEquals(first.dispatches, 1);
  await backend.close();
});

Deno.test("the programs that are loaded are counted", async () => {
  const backend = openWasm({ threads: 1 });
  const [one, other] = [backend.load(doubling(100)), backend.load(doubling(101))];
  assertEquals(backend.statistics.programs, 2);
  one.dispose();
  assertEquals(backend.statistics.programs, 1);
  other.dispose();
  assertEquals(backend.statistics.programs, 0);
  await backend.close();
});

Deno.test("the name of the device has its number of threads", async () => {
  for (const [threads, name] of [[1, "1 thread"], [2, "2 threads"]] as const) {
    const backend = openWasm({ threads, native: false });
    assertEquals(backend.info, { kind: "wasm", name: `WebAssembly SIMD, ${name}`, software: false });
    await backend.close();
  }
});

Deno.test("runs, reads and live bytes are counted", async () => {
  const backend = openWasm({ threads: 1 });
  await runOn(backend, doubling(64), [numbers("f32", 64), numbers("f32", 64)]);
  const { dispatches, submissions, reads, liveBytes, reservedBytes } = backend.statistics;
  assertEquals([dispatches, submissions, reads, liveBytes], [1, 1, 2, 0]);
  assert(reservedBytes >= 65536);
  await backend.close();
});

Deno.test("a copy has its own memory", async () => {
  const backend = openWasm({ threads: 1 });
  const [source, target] = [backend.allocate(40), backend.allocate(44)];
  backend.write(source, Float32Array.from({ length: 10 }, (_, i) => i));
  backend.write(target, new Float32Array(11).fill(-1));
  backend.copy(source, target, 36);
  backend.write(source, new Float32Array(10));
  assertEquals([...new Float32Array(await backend.read(target, 44))], [0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -1]);
  assertThrows(() => backend.copy(source, target, 44), DeviceError, "Cannot copy 44 bytes: the buffer has 40");
  await backend.close();
});

Deno.test("warming up a device starts its threads once", async () => {
  const backend = openWasm({ threads: 2 });
  await backend.warmUp!();
  await backend.warmUp!();
  assertEquals((await runOn(backend, doubling(64), [numbers("f32", 64), numbers("f32", 64)])).length, 2);
  await backend.close();
});

Deno.test("operations that exceed a buffer are refused with a reason", async () => {
  const backend = openWasm({ threads: 1 });
  const buffer = backend.allocate(40);
  assertThrows(() => backend.write(buffer, new Float32Array(11)), DeviceError, "44 bytes: the buffer has 40");
  await assertRejects(() => backend.read(buffer, 44), DeviceError, "44 bytes: the buffer has 40");
  assertThrows(() => backend.load(doubling(64)).run([buffer, buffer]), DeviceError, "needs 256 bytes, got 40");
  for (const threads of [0, 1.5, NaN]) {
    const message = `Cannot open WebAssembly: expected threads to be a whole number from 1 to 1024, got ${threads}`;
    assertThrows(() => openWasm({ threads }), RangeError, message);
  }
  await backend.close();
});

Deno.test("a buffer can have more than four million elements", async () => {
  const count = 4_500_003;
  const backend = openWasm({ threads: 2 });
  const inputs = [new Array<number>(count).fill(1).map((_, i) => i), new Array<number>(count).fill(0)];
  const [, y] = await runOn(backend, doubling(count), inputs);
  assert(y.every((value, i) => value === 2 * i));
  await backend.close();
});

Deno.test("a failing worker ends the run with an error instead of blocking it", async () => {
  const s = new Sketch();
  const i = s.variable("i", 1 << 16);
  const [far, x, y] = [s.slot("i32", 1 << 16), s.slot("f32", 4), s.slot("f32", 1 << 16, "write")];
  const value = s.f32("exp", s.f32("exp", s.load(x, s.index([s.load(far, i), 1]))));
  const program = programOf(s.nest([i], [storing([{ slot: y, index: i, value }])]));
  const outside = new Array<number>(1 << 16).fill(2 ** 29);
  for (const threads of [1, 2]) {
    const backend = openWasm({ threads });
    const inputs = [outside, numbers("f32", 4), numbers("f32", 1 << 16)];
    await assertRejects(() => runOn(backend, program, inputs), DeviceError, "Cannot run sketch");
    await backend.close();
  }
});

Deno.test("threads do not keep the process alive", async () => {
  const module = new URL("./run/test_exit.ts", import.meta.url).href;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["run", "--quiet", module] }).output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, "done\n"]);
});

const threefry = [0, 1, 2, 3].map((word) =>
  [0, 1, 0xffffffff, 12345, 0x80000000, 77].map((x, i) => (x * (word + 1) + i) >>> 0)
);

Deno.test("random bits equal those of the reference in all lanes", async () => {
  const s = new Sketch();
  const i = s.variable("i", 1001);
  const key = [s.slot("u32", 1), s.slot("u32", 1)].map((slot) => s.load(slot, s.index(0)));
  const out = s.slot("u32", 1001, "write");
  const counter = [s.literal(7, "u32"), s.apply("cast", "u32", i)];
  const value = s.apply("threefry", "u32", ...key, ...counter);
  const program = programOf(s.nest([i], [storing([{ slot: out, index: i, value }])]));
  for (const [a, b] of [threefry[0], threefry[3]].map(([a, , b]) => [a, b])) {
    const backend = openWasm({ threads: 1 });
    const [, , bits] = await runOn(backend, program, [[a], [b], numbers("u32", 1001)]);
    bits.forEach((word, n) => {
      const [x, y] = threefry2x32([a, b], [7, n]);
      assertEquals(word, (x ^ y) >>> 0);
    });
    await backend.close();
  }
});

const types: Partial<Record<ScalarOp, DType[]>> = {
  not: ["bool"],
  sign: ["f32", "i32", "u32"],
  and: ["i32", "u32", "bool"],
  or: ["i32", "u32", "bool"],
  xor: ["i32", "u32", "bool"],
  shl: ["i32", "u32"],
  shr: ["i32", "u32"],
  div: ["f32", "i32", "u32"],
  mod: ["f32", "i32", "u32"],
  add: ["f32", "i32", "u32"],
  sub: ["f32", "i32", "u32"],
  mul: ["f32", "i32", "u32"],
  neg: ["f32", "i32"],
  abs: ["f32", "i32", "u32"],
  max: ["f32", "i32", "u32", "bool"],
  min: ["f32", "i32", "u32", "bool"],
  lt: ["f32", "i32", "u32"],
  le: ["f32", "i32", "u32"],
  eq: ["f32", "i32", "u32", "bool"],
  ne: ["f32", "i32", "u32", "bool"],
};
const extremes: Record<DType, number[]> = {
  f32: [0, -0, 1, -1.5, Infinity, -Infinity, NaN, 2.5, 1e10, 3.5],
  i32: [0, 1, -1, 7, -7, 2 ** 31 - 1, -(2 ** 31), 31, 2, 64],
  u32: [0, 1, 7, 2 ** 32 - 1, 2 ** 31, 31, 2, 3, 5, 64],
  bool: [0, 1],
};
const compares = new Set<ScalarOp>(["lt", "le", "eq", "ne"]);

for (const [op, dtypes] of Object.entries(types) as [ScalarOp, DType[]][]) {
  Deno.test(`${op} is right for all its types, in lanes and as a scalar`, async () => {
    for (const dtype of dtypes) {
      const [a, b] = [
        extremes[dtype].flatMap((x) => extremes[dtype].map(() => x)),
        extremes[dtype].flatMap(() => extremes[dtype]),
      ];
      const to = compares.has(op) ? "bool" : dtype;
      const expected = a.map((x, i) => evaluateScalar(op, [x, b[i]], { to, from: dtype }));
      for (const lanes of [true, false]) {
        const s = new Sketch();
        const i = s.variable("i", lanes ? a.length : 1);
        const counter = s.variable("t", a.length);
        const at = lanes ? i : counter;
        const args = [s.slot(dtype, a.length), s.slot(dtype, a.length)].map((slot) => s.load(slot, at));
        const out = s.slot(to, a.length, "write");
        const value = s.apply(op, to, ...args.slice(0, scalarOps[op].arity));
        const nest = s.nest([i], [storing([{ slot: out, index: at, value }])], { counters: lanes ? [] : [counter] });
        const program = programOf(nest);
        const steps = lanes ? program.steps : [{ kind: "loop", counter, steps: program.steps } as const];
        const backend = openWasm({ threads: 1 });
        const [, , actual] = await runOn(backend, { ...program, steps }, [a, b, a.map(() => 0)]);
        await backend.close();
        expected.forEach((value, n) => {
          assertEquals(
            actual[n] + 0,
            Math.fround(value) === actual[n] ? actual[n] + 0 : value + 0,
            `${op}(${a[n]}, ${b[n]}) ${dtype}`,
          );
        });
      }
    }
  });
}

Deno.test("values are cast between all types", async () => {
  const values: Record<DType, number[]> = {
    f32: [0, 1.7, -2.9, 3],
    i32: [0, 5, -5, 7],
    u32: [0, 9, 2 ** 31, 1],
    bool: [0, 1, 1, 0],
  };
  for (const from of Object.keys(values) as DType[]) {
    for (const to of Object.keys(values) as DType[]) {
      const s = new Sketch();
      const i = s.variable("i", 4);
      const [x, y] = [s.slot(from, 4), s.slot(to, 4, "write")];
      const value = s.apply("cast", to, s.load(x, i));
      const given = from === "f32" && to === "u32" ? values.f32.map(Math.abs) : values[from];
      await check(programOf(s.nest([i], [storing([{ slot: y, index: i, value }])])), { inputs: [given, [0, 0, 0, 0]] });
    }
  }
});

Deno.test("a condition chooses, and a sum counts", async () => {
  const s = new Sketch();
  const i = s.variable("i", 77);
  const [x, y] = [s.slot("f32", 77), s.slot("i32", 1, "write")];
  const positive = s.apply("lt", "bool", s.literal(0), s.load(x, i));
  const phases = [
    reducing(0, "sum", "i32", s.apply("cast", "i32", positive), [i]),
    storing([{ slot: y, index: s.index(0), value: s.table.result("i32", 0) }]),
  ];
  await check(programOf(s.nest([], phases)));
});
