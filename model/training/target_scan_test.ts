import { assert, assertEquals } from "@std/assert";
import { zeros } from "../../core/mod.ts";
import type { Rows } from "../../data/rows.ts";
import {
  belowOne,
  belowZero,
  farFromShares,
  findNumber,
  findTarget,
  otherThanAnswers,
  otherThanAnswersOf,
  otherThanClasses,
  otherThanSigns,
  otherThanWhole,
  outsideShares,
  readingOnce,
  showRow,
} from "./target_scan.ts";

/** For each check: numbers that all fit, and some that do not. */
const checks = [
  ["outsideShares", outsideShares, [0, 1, 0.5], [-1e-6, 1.000001, NaN, -1, 2]],
  ["farFromShares", farFromShares, [0, 1, -5e-7, 1 + 5e-7], [-2e-6, 1.00001, NaN, -1, 2]],
  ["otherThanSigns", otherThanSigns, [0, 1, -1, -0], [0.5, 2, -2, NaN]],
  ["otherThanAnswers", otherThanAnswers, [0, 1, -1, 0.25], [-0.5, 1.5, -2, NaN]],
  ["otherThanAnswersOf(-1)", otherThanAnswersOf(-1), [1, -1, 1], [0, 0.5, NaN]],
  ["otherThanAnswersOf(0)", otherThanAnswersOf(0), [1, 0, 1], [-1, 0.5, NaN]],
  ["belowZero", belowZero, [0, 1, -0, NaN], [-1, -1e-9]],
  ["belowOne", belowOne, [1, 2, 1.5], [0, 0.5, -1]],
  ["otherThanWhole", otherThanWhole, [0, -3, 7], [0.5, -1.5, NaN]],
  ["otherThanClasses(3)", otherThanClasses(3), [0, 2, 1], [3, -1, 0.5, NaN]],
  ["otherThanClasses(3, -1)", otherThanClasses(3, -1), [0, 2, -1], [3, -2, 0.5, NaN]],
] as const;

Deno.test("a check finds the first number that does not fit, wherever it is", () => {
  for (const [name, check, fitting, others] of checks) {
    assertEquals(check(Float32Array.from(fitting)), -1, name);
    assertEquals(check(new Float32Array(0)), -1, name);
    for (const other of others) {
      for (let place = 0; place <= fitting.length; place++) {
        const values = Float32Array.from(fitting.toSpliced(place, 0, other));
        assertEquals(check(values), place, `${name} of ${values}`);
        assertEquals(check(Float32Array.of(...values, other)), place, `${name} of ${values} and ${other}`);
      }
    }
  }
});

Deno.test("messages show the first ten numbers of a row", () => {
  const numbers = [...Array(10).keys()];
  const found = { value: 0, row: 0, numbers };
  assertEquals([showRow(found, 10), showRow(found, 11)], [
    "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
    "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …]",
  ]);
});

Deno.test("classes are checked in whole numbers as in singles", () => {
  for (const ignored of [undefined, -1]) {
    const check = otherThanClasses(3, ignored);
    const fitting = ignored === undefined ? [0, 2, 1] : [0, 2, -1];
    assertEquals(check(Int32Array.from(fitting)), -1);
    for (const other of [3, -2]) {
      for (let place = 0; place <= 3; place++) {
        assertEquals(check(Int32Array.from(fitting.toSpliced(place, 0, other))), place, `${other} at ${place}`);
      }
    }
  }
});

/** Rows of three numbers that are read in pieces: zeros but for the second number of one row. */
function rowsWith(odd: number, value: number, length: number): Rows {
  return {
    dtype: "f32",
    shape: [length, 3],
    copy(numbers, target) {
      target.fill(9); // what is left of other rows
      numbers.forEach((row, i) => {
        assert(row < length, `${row} of ${length} rows`);
        target.set([0, row === odd ? value : 0, 0], 3 * i);
      });
    },
    tensor: (begin, end) => zeros([end - begin, 3]),
  };
}

Deno.test("rows that are not in memory are read in pieces to the last one, and none behind it", () => {
  for (const length of [1, 21_844, 21_845, 21_846, 50_000]) {
    for (const odd of [0, length >> 1, length - 1]) {
      const found = findNumber(rowsWith(odd, 5, length), length, outsideShares);
      assertEquals(found, { value: 5, row: odd, numbers: [0, 5, 0] }, `${odd} of ${length}`);
    }
    assertEquals(findNumber(rowsWith(0, 1, length), length, outsideShares), undefined);
  }
});

Deno.test("targets that passed a check are read once for it, and for those that ask for less", () => {
  let reads = 0;
  const y: Rows = {
    ...rowsWith(0, 1, 10),
    copy: (numbers, target) => void (reads++, target.fill(0, 0, 3 * numbers.length)),
  };
  const set = { rows: { y }, length: 10 };
  const check = () => [outsideShares, outsideShares, belowZero].map((misfit) => findTarget(set, misfit));
  assertEquals([readingOnce(check), reads], [[undefined, undefined, undefined], 1]);
  check();
  assertEquals(reads, 4);
});
