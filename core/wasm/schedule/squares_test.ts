import { assertEquals } from "@std/assert";
import { acrossOf, isSquare } from "./squares.ts";
import { reducing, Sketch, storing } from "../testing.ts";

Deno.test("an element is in a square if its neighbors are next to it along one loop, and far along the lanes", () => {
  const s = new Sketch();
  const [i, j] = [s.variable("i", 40), s.variable("j", 50)];
  const isRead = (rows: number, columns: number): boolean =>
    isSquare(s.index([i, rows], [j, columns], 3), { lanes: i, across: j });
  assertEquals([isRead(50, 1), isRead(-50, 1), isRead(4, 1)], [true, true, true]);
  assertEquals([isRead(1, 40), isRead(0, 1), isRead(2, 1), isRead(50, 2), isRead(50, -1)], Array(5).fill(false));
  const rounded = s.index([s.table.quotient(i, 3), 50], [j, 1]);
  assertEquals(isSquare(rounded, { lanes: i, across: j }), false);
});

Deno.test("a phase has squares if it reads or stores elements in both directions, unless they are conditional", () => {
  const s = new Sketch();
  const [i, j, k] = [s.variable("i", 40), s.variable("j", 50), s.variable("k", 3)];
  const [x, y, z] = [s.slot("f32", 2000), s.slot("f32", 2000), s.slot("f32", 2000, "write")];
  const [along, across] = [s.index([i, 1], [j, 40]), s.index([i, 50], [j, 1])];
  const sum = (guard?: ReturnType<Sketch["index"]>) =>
    reducing(0, "sum", "f32", s.f32("add", s.load(x, along), s.load(y, across, guard)), [j]);
  assertEquals(acrossOf(sum(), i, [j, k]), j);
  assertEquals(acrossOf(sum(s.table.within(i, 1, 30)), i, [j]), undefined);
  assertEquals(acrossOf(sum(), i, [i, k]), undefined);
  assertEquals(acrossOf(storing([{ slot: z, index: along, value: s.load(y, across) }]), i, [j]), j);
  assertEquals(acrossOf(storing([{ slot: z, index: across, value: s.load(y, across) }]), i, [j]), undefined);
  const added = { slot: z, index: across, value: s.load(x, along), add: true };
  assertEquals(acrossOf(storing([added]), i, [j]), undefined);
});
