import { assertEquals } from "@std/assert";
import { zeros } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import type { Rows } from "../../data/rows.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import { kindOfRows, otherThanRows } from "./row_kinds.ts";
import { belowZero, findTarget, outsideShares, readingOnce, type RowKind } from "./target_scan.ts";

/** A set with these rows of targets, in single precision. */
function rowsOf(rows: readonly (readonly number[])[]): TargetSet {
  const set = { x: samples(rows.map((_, i) => [i])), y: samples(rows.map((row) => [...row])) };
  return data([set, set]).training;
}

/** Rows of each kind, the one that allows least first. */
const kinds: Readonly<Record<RowKind, readonly (readonly number[])[]>> = {
  class: [[1, 0, 0], [0, 0, 1], [-1, 1, -1]],
  distribution: [[0, 0.5, 0.5], [0.2, 0.3, 0.5], [0.5, 0.5005, 0]],
  shares: [[0, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0.5, 0.25], [2, 0, 0]],
  numbers: [[1, -1, 0], [-1, -1, -1], [0, 0, -1], [-0.5, 1, 0.5]],
};
const names: readonly RowKind[] = ["class", "distribution", "shares", "numbers"];

Deno.test("a row is a class, probabilities that sum to 1, other numbers from 0, or any numbers", () => {
  for (const name of names) {
    for (const row of kinds[name]) {
      // Rows of classes around it, before and behind, do not change its kind.
      for (const rows of [[row], [row, [0, 1, 0]], [[0, 0, 1], row, [1, 0, 0]]]) {
        assertEquals(kindOfRows(rowsOf(rows), 3).kind, name, JSON.stringify(rows));
      }
    }
  }
  assertEquals(kindOfRows(rowsOf([[1], [0]]), 1).kind, "shares");
});

Deno.test("the kind of all rows is that of the row that allows most, and the first row of numbers is found", () => {
  const mixed = [kinds.class[0], kinds.shares[0], kinds.distribution[0]];
  assertEquals(kindOfRows(rowsOf(mixed), 3), { kind: "shares" });
  const { kind, odd } = kindOfRows(rowsOf([...mixed, [0, 2, -3], [5, -5, 0]]), 3);
  assertEquals([kind, odd?.row, odd?.numbers], ["numbers", 3, [0, 2, -3]]);
});

Deno.test("rows are refused from the kind behind the allowed one on", () => {
  for (const [i, most] of names.entries()) {
    for (const [j, name] of names.entries()) {
      const set = rowsOf([[0, 1, 0], kinds[name][0], [0, 1, 0]]);
      assertEquals(findTarget(set, otherThanRows(3, most))?.row, j > i ? 1 : undefined, `${name}, at most ${most}`);
    }
  }
});

Deno.test("one pass over rows tells what later checks need not read, and nothing that is not so", () => {
  const after = (row: readonly number[]) =>
    readingOnce(() => {
      const set = rowsOf([[0, 1, 0], row]);
      kindOfRows(set, 3);
      return [belowZero, outsideShares].map((misfit) => findTarget(set, misfit)?.value);
    });
  assertEquals(after([1, 0, 0]), [undefined, undefined]);
  assertEquals(after([-1, 1, -1]), [-1, -1]);
  assertEquals(after([2, 0, 0]), [undefined, 2]);
  assertEquals(after([0.5, 0, 0.25]), [undefined, undefined]);
  assertEquals(after([0, -3, 1]), [-3, -3]);
});

Deno.test("rows of which one pass knows the kind are not read again", () => {
  const readsAfter = (row: readonly number[]): number => {
    let reads = 0;
    const copy: Rows["copy"] = (_, target) => void (reads++, target.set(row));
    const set = { rows: { y: { dtype: "f32", shape: [1, 3], copy, tensor: () => zeros([1, 3]) } as const }, length: 1 };
    readingOnce(() => {
      kindOfRows(set, 3);
      kindOfRows(set, 3);
      [belowZero, outsideShares].forEach((misfit) => findTarget(set, misfit));
    });
    return reads;
  };
  // Classes are from 0 to 1; of other rows it is known only whether they are from 0 on.
  assertEquals([[0, 1, 0], [0, 0.5, 0], [0, -1, 0]].map(readsAfter), [1, 2, 3]);
});

Deno.test("the first row of another kind is found, and none among rows that fit", () => {
  const first = otherThanRows(2, "class");
  assertEquals(first(new Float32Array([0, 1, 1, 0])), -1);
  assertEquals(first(new Float32Array([0, 1, 0.5, 0.5, 1, 0])), 2);
  assertEquals(first(new Float32Array()), -1);
});
