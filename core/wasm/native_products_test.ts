import { assert, assertEquals } from "@std/assert";
import type { Nest } from "../nest/nest.ts";
import type { Program } from "../nest/program.ts";
import { openWasm } from "./backend.ts";
import { nativeProducts } from "./native_products.ts";
import { nativeShape } from "./schedule/micro_kernels.ts";
import { compileProgram } from "./steps.ts";
import { numbers, programOf, reducing, runOn, Sketch, storing } from "./testing.ts";

const ignore = "refused" in nativeProducts();

/** `out[i, j] = Σ left[i, k] · right[k, j]`. */
function product(m: number, n: number, k: number): Nest {
  const s = new Sketch();
  const [i, j, d] = [s.variable("i", m), s.variable("j", n), s.variable("k", k)];
  const [x, y, out] = [s.slot("f32", m * k), s.slot("f32", k * n), s.slot("f32", m * n, "write")];
  const [left, right] = [s.load(x, s.index([i, k], [d, 1])), s.load(y, s.index([d, n], [j, 1]))];
  return s.nest([i, j], [
    reducing(0, "sum", "f32", s.f32("mul", left, right), [d]),
    storing([{ slot: out, index: s.index([i, n], [j, 1]), value: s.table.result("f32", 0) }]),
  ], { contraction: { batch: [], rows: [i], columns: [j], depth: [d], left, right } });
}

/** The buffers of a program after it ran with and without machine code. */
async function bothKinds(program: Program, threads: number) {
  const inputs = program.buffers.map(({ dtype, bytes }, i) => numbers(dtype, bytes / 4, i + 1));
  return await Promise.all([true, false].map(async (native) => {
    const backend = openWasm({ threads, native });
    const found = await runOn(backend, program, inputs);
    await backend.close();
    return found;
  }));
}

/** Asks for the shape of AVX2 kernels, and counts how often. */
function asked() {
  const counted = {
    times: 0,
    native: () => {
      counted.times++;
      return nativeShape({ rows: 6, columns: 16 });
    },
  };
  return counted;
}

Deno.test("kernels in machine code are asked for only by programs with products that are packed", () => {
  const few = asked();
  compileProgram(programOf(product(2, 3, 4)), few);
  assertEquals(few.times, 0);
  const many = asked();
  const { listing } = compileProgram(programOf(product(64, 64, 64)), many);
  assertEquals(many.times, 1);
  assert(listing.includes("native product 64 × 64"), listing);
});

Deno.test("products that would leave much of the panels unused keep the narrow kernels, and import nothing", () => {
  const flat = programOf(product(400, 8, 300));
  const { listing, bytes } = compileProgram(flat, { native: () => nativeShape({ rows: 8, columns: 32 }) });
  assert(listing.includes("product 400 × 8") && !listing.includes("native"), listing);
  assertEquals(bytes, compileProgram(flat).bytes);
  assert(compileProgram(flat, asked()).listing.includes("native product"), "half a panel of 16 columns is enough");
});

Deno.test("parts of a deep product are one tile each if all threads get equally many", () => {
  const deep = programOf(product(64, 256, 4096));
  const tilesOf = (threads: number): string | undefined =>
    compileProgram(deep, { native: () => nativeShape({ rows: 8, columns: 32 }), threads }).listing
      .match(/native product 64 × 256, tiles (.*?),.* (\d+) units/)?.slice(1).join(": ");
  assertEquals([1, 2].map(tilesOf), ["64 × 256: 2", "64 × 256: 2"]);
  assertEquals(tilesOf(3), "32 × 64: 16");
});

Deno.test({
  name: "sizes beside those of panels and blocks have the same bits with machine code, on 1, 2, 3 and 8 threads",
  ignore,
  async fn() {
    const sizes = [[7, 33, 385], [17, 31, 129], [65, 127, 9], [3, 100, 1000], [250, 70, 769], [101, 257, 383], [
      50,
      70,
      2100,
    ]];
    for (const [m, n, k] of sizes) {
      for (const threads of [1, 2, 3, 8]) {
        const [native, plain] = await bothKinds(programOf(product(m, n, k)), threads);
        assertEquals(native, plain, `${m} × ${k} × ${n} on ${threads} threads`);
      }
    }
  },
});

Deno.test({
  name: "machine code reads and writes memory that has grown since it was made",
  ignore,
  async fn() {
    const program = programOf(product(90, 70, 110));
    const inputs = program.buffers.map(({ dtype, bytes }, i) => numbers(dtype, bytes / 4, i + 1));
    const backend = openWasm({ threads: 3 });
    const [, , before] = await runOn(backend, program, inputs);
    const { allocations: grown } = backend.statistics;
    const large = [1, 2, 3].map(() => backend.allocate(2 ** 28));
    const [, , after] = await runOn(backend, program, inputs);
    assertEquals(after, before);
    assert(backend.statistics.allocations > grown);
    // Buffers beyond the first two gigabytes have addresses that are negative as whole numbers with a sign.
    for (let turn = 0; turn < 6; turn++) large.push(backend.allocate(2 ** 28));
    large.push(...Array.from({ length: 2000 }, () => backend.allocate(2 ** 14)));
    const [, , far] = await runOn(backend, program, inputs);
    assertEquals(far, before);
    await backend.close();
  },
});

Deno.test({
  name: "programs with machine code are freed with their executables, in all threads",
  ignore,
  async fn() {
    const backend = openWasm({ threads: 3 });
    const inputs = [60 * 50, 50 * 40, 60 * 40].map((count, i) => numbers("f32", count, i + 1));
    await runOn(backend, programOf(product(60, 40, 50)), inputs);
    const executable = backend.load(programOf(product(61, 40, 50)));
    const { programs } = backend.statistics;
    executable.dispose();
    assertEquals(backend.statistics.programs, programs - 1);
    await backend.close();
    assertEquals([backend.statistics.programs, backend.statistics.modules, backend.statistics.threads], [0, 0, 0]);
  },
});
