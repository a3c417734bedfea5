import { assert, assertEquals } from "@std/assert";
import { schedulerFor } from "./choose.ts";
import { leastMemory, persistentSchedule } from "./persistent.ts";
import type { LoopWork, RowWork } from "./schedule.ts";

const product = (points: number, depth: number): RowWork => ({ points, depth, sharesMatrix: true });
const elementwise = (points: number): RowWork => ({ points, depth: 0, sharesMatrix: false });

/** A recurrent layer whose product has `columns` columns, and whose rows have `units` points. */
const layer = (rows: number, units: number, columns = 4 * units): LoopWork => ({
  turns: 28,
  rows,
  nests: [product(columns, units), elementwise(units)],
});

const rowsFor = (work: LoopWork): number | undefined => persistentSchedule(work)?.rows;

Deno.test("there are about as many workgroups as multiprocessors, of at most eight rows", () => {
  assertEquals([1, 2, 64, 128].map((rows) => rowsFor(layer(rows, 128))), [1, 1, 1, 1]);
  assertEquals([129, 256, 257, 500, 1024].map((rows) => rowsFor(layer(rows, 128))), [2, 2, 3, 4, 8]);
  assertEquals(rowsFor(layer(2000, 64)), 8);
});

Deno.test("the factors of the rows fit into the workgroup memory of every device", () => {
  for (const depth of [1, 3, 500, 1021, 1700]) {
    const rows = rowsFor({ turns: 28, rows: 250, nests: [product(16, depth)] });
    assert(rows !== undefined && rows * Math.ceil(depth / 4) * 16 <= leastMemory, `${rows} rows of ${depth}`);
  }
});

Deno.test("loops without products have enough rows for the threads of a workgroup", () => {
  const of = (rows: number, points: number) =>
    persistentSchedule({ turns: 9, rows, nests: [elementwise(points), elementwise(1)] });
  assertEquals(of(8192, 1), { kind: "persistent", rows: 64, lanes: 64 });
  assertEquals(of(64, 128), { kind: "persistent", rows: 1, lanes: 128 });
  assertEquals(of(7, 3), { kind: "persistent", rows: 7, lanes: 64 });
  assertEquals(of(1_000_000, 1), { kind: "persistent", rows: 7813, lanes: 256 });
});

Deno.test("a workgroup has up to 256 threads, as many as its widest nest needs", () => {
  const lanesFor = (units: number) => persistentSchedule(layer(64, units))?.lanes;
  assertEquals([1, 17, 32, 33, 128].map(lanesFor), [64, 128, 128, 256, 256]);
});

Deno.test("large matrices, very many rows, and very many turns are launched turn by turn", () => {
  assertEquals([128, 200, 256].map((units) => rowsFor(layer(64, units)) !== undefined), [true, true, true]);
  assertEquals([300, 1024].map((units) => rowsFor(layer(64, units))), [undefined, undefined]);
  assertEquals(rowsFor(layer(100_000, 128)), undefined);
  assertEquals(rowsFor({ ...layer(64, 128), turns: 10_000_000 }), undefined);
  assert(rowsFor({ ...layer(64, 128), turns: 10_000 }));
});

Deno.test("a loop that is a single launch stays one", () => {
  assertEquals(persistentSchedule({ turns: 1, rows: 64, nests: [elementwise(128)] }), undefined);
  assert(persistentSchedule({ turns: 2, rows: 64, nests: [elementwise(128)] }));
  assert(persistentSchedule({ ...layer(64, 128), turns: 1 }));
});

Deno.test("software drivers launch all loops turn by turn", () => {
  assertEquals(schedulerFor("software").loop, undefined);
});
