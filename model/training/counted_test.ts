import { assertEquals } from "@std/assert";
import { arrayRows } from "../../data/rows.ts";
import { anyCounts } from "./counted.ts";

/** A set of targets, i32 [example] or [example, time], with weights of the same or fewer axes. */
function setOf(classes: readonly number[], shape: readonly number[], weights?: readonly number[]) {
  const y = arrayRows("i32", Int32Array.from(classes), shape);
  const [length, time = 1] = shape;
  if (weights === undefined) return { length, rows: { y } };
  const each = weights.length === length ? [length] : [length, time];
  return { length, rows: { y, weights: arrayRows("f32", Float32Array.from(weights), each) } };
}

Deno.test("a target counts if its weight is above 0, and its class is not ignored, wherever it is", () => {
  assertEquals(anyCounts(setOf([0, 0], [2]), 0), false);
  assertEquals(anyCounts(setOf([0, 1], [2]), 0), true);
  assertEquals(anyCounts(setOf([0, 1], [2], [1, 0]), 0), false);
  assertEquals(anyCounts(setOf([0, 1], [2], [0, 0.5]), 0), true);
  assertEquals(anyCounts(setOf([0, 1], [2], [0, 0])), false);
  // Weights of examples, and of their time steps.
  assertEquals(anyCounts(setOf([0, 1, 1, 0], [2, 2], [0, 1]), 0), true);
  assertEquals(anyCounts(setOf([1, 1, 0, 0], [2, 2], [0, 1]), 0), false);
  assertEquals(anyCounts(setOf([0, 1, 1, 0], [2, 2], [1, 0, 0, 1]), 0), false);
  assertEquals(anyCounts(setOf([0, 1, 1, 0], [2, 2], [0, 0, 1, 0]), 0), true);
  // The last of more examples than are read at a time.
  const many = new Array<number>(3000).fill(0);
  assertEquals(anyCounts(setOf(many, [3000]), 0), false);
  assertEquals(anyCounts(setOf(many.with(2999, 1), [3000]), 0), true);
  assertEquals(anyCounts(setOf(many.with(2999, 1), [3000], many.with(0, 1)), 0), false);
});
