import { assertEquals } from "@std/assert";
import { type KernelSchedule, threadsOf, withThreads } from "./schedule.ts";

const map: KernelSchedule = { kind: "map", lanes: 64, unroll: 4, vectors: true };
const row: KernelSchedule = { kind: "row", lanes: 32 };
const tile: KernelSchedule = {
  ...{ kind: "tile", along: "rows", alongThreads: 16, acrossThreads: 6, alongEach: 4, acrossEach: 8 },
  ...{ groups: 1, staged: 16, unroll: 0, vectors: false },
};

Deno.test("a schedule says how many threads a workgroup has", () => {
  assertEquals([map, row, { ...row, threads: 96 }, tile].map(threadsOf), [64, 32, 96, 96]);
});

Deno.test("workgroups get other numbers of threads, unless that would change the order of sums", () => {
  assertEquals(withThreads(map, 100), { ...map, lanes: 100 });
  assertEquals(withThreads(row, 100), { ...row, threads: 100 });
  assertEquals(withThreads({ ...row, threads: 100 }, 64), { ...row, threads: 64 });
  assertEquals([withThreads(row, 16), withThreads(tile, 128)], [undefined, undefined]);
  for (const one of [map, row, tile]) assertEquals(withThreads(one, threadsOf(one)), one);
});
