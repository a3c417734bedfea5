import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Expression } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Phase, Store } from "../../nest/nest.ts";
import { makePhase, makeSlot, store } from "../test_support.ts";
import { vectorElement, vectorSlots } from "./vectors.ts";

const table = new ExpressionTable();
const thread = table.variable("thread", 10);

/** The element number `4 · thread + place`. */
const at = (place: number): Expression => table.affine([[thread, 4]], place);

Deno.test("an element has a place in a vector where its index is a multiple of four and something known", () => {
  const element = vectorElement(table, table.affine([[thread, 8]], 7))!;
  assertStrictEquals(element.vector, table.affine([[thread, 2]], 1));
  assertEquals(element.component, 3);
  const before = vectorElement(table, at(-1))!;
  assertStrictEquals(before.vector, table.affine([[thread, 1]], -1));
  assertEquals(before.component, 3);
  assertEquals(vectorElement(table, table.literal("i32", 6))?.component, 2);
  assertEquals(vectorElement(table, thread), undefined);
  assertEquals(vectorElement(table, table.affine([[thread, 2]])), undefined);
});

/** The slots that are vectors, of slots 0 (loaded from) and 1 (stored to), for a thread of four points. */
function slotsOf(load: (place: number) => Expression, more: Partial<Store> = {}, elements = 40): number[] {
  const points = [0, 1, 2, 3].map((place): Phase[] => [
    makePhase({ stores: [store(1, at(place), table.load("f32", 0, load(place)), more)] }),
  ]);
  return [...vectorSlots(table, [makeSlot(elements), makeSlot(40, "write"), makeSlot(40)], points)];
}

Deno.test("slots are read and written as vectors where every access has a known place", () => {
  assertEquals(slotsOf(at), [0, 1]);
  assertEquals(slotsOf(() => at(2)), [0, 1], "the same component for all points");
  assertEquals(slotsOf(() => thread), [1], "read at any place");
  assertEquals(slotsOf(at, {}, 42), [1], "no whole number of vectors");
});

Deno.test("a slot is stored to as vectors where four stores make a whole one", () => {
  assertEquals(slotsOf(at, { guard: table.load("bool", 2, thread) }), [0]);
  assertEquals(slotsOf(at, { add: true }), [0]);
  assertEquals(slotsOf(at, { index: at(0) }), [0]);
});
