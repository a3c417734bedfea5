import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluateNest } from "./evaluate.ts";
import { ExpressionTable } from "./expression_table.ts";
import { isTileable, type Nest, pointsOf, type ReductionKind } from "./nest.ts";
import { isSplittable, longestOf, partsOf, splitNest, withinPart } from "./split.ts";
import { memoryFor, nestOf, phaseOf, randomNest, rowMajorOf, slotOf } from "./test_nests.ts";

/** A nest in parts: the nest of the parts, the nest that joins them, and how many parts there are. */
function inParts(nest: Nest, wanted: number, unit = 1) {
  const table = new ExpressionTable();
  const turns = partsOf(table, longestOf(nest.phases[0].inner), { wanted, unit });
  const split = splitNest(nest, { table, part: turns.part });
  return { ...split, parts: withinPart(split.parts, table, turns), turns };
}

/** The contents of memory after a nest has run in parts. */
function evaluatedInParts(nest: Nest, wanted: number): Float64Array[] {
  const memory = memoryFor(nest);
  const { parts, joined, scratchBytes } = inParts(nest, wanted);
  const scratch = new Float64Array(scratchBytes / 4).fill(NaN);
  evaluateNest(parts, [...memory, scratch]);
  assert(scratch.every((value) => !Number.isNaN(value)), "every part has its results");
  evaluateNest(joined, [...memory, scratch]);
  return memory;
}

function assertSameWhole(nest: Nest, wanted: number): void {
  const whole = memoryFor(nest);
  evaluateNest(nest, whole);
  evaluatedInParts(nest, wanted).forEach((cells, slot) =>
    cells.forEach((value, i) => assertAlmostEquals(value, whole[slot][i], 1e-9 * Math.max(1, Math.abs(value))))
  );
}

/** out[i] = the values x[i, k] · y[k] reduced. */
function rowwise(kinds: readonly ReductionKind[], [rows, columns]: readonly [number, number]): Nest {
  const table = new ExpressionTable();
  const [i, k] = [table.variable("i", rows), table.variable("k", columns)];
  const value = table.apply("mul", "f32", [table.load("f32", 0, rowMajorOf(table, [i, k])), table.load("f32", 1, k)]);
  const reductions = kinds.map((kind, id) => ({ id, kind, value, dtype: "f32" as const }));
  const stores = reductions.map(({ id }) => ({
    slot: 2,
    index: table.affine([[i, kinds.length]], id),
    value: table.result("f32", id),
  }));
  return nestOf({
    slots: [slotOf(rows * columns), slotOf(columns), slotOf(rows * kinds.length, "write")],
    outer: [i],
    phases: [phaseOf({ inner: [k], reductions }), phaseOf({ stores })],
  });
}

Deno.test("the parts and the nest that joins them compute what the whole nest computes", () => {
  for (const wanted of [2, 3, 4, 7, 100]) {
    assertSameWhole(rowwise(["sum"], [3, 7]), wanted);
    assertSameWhole(rowwise(["max", "sum", "prod", "min"], [2, 12]), wanted);
    assertSameWhole(rowwise(["sum"], [1, 1]), wanted);
  }
});

Deno.test("any splittable nest computes the same in parts", () => {
  let split = 0;
  fc.assert(
    fc.property(randomNest, fc.integer({ min: 2, max: 4 }), ({ nest }, wanted) => {
      if (!isSplittable(nest) || nest.phases[0].inner.length === 0) return;
      split++;
      assertSameWhole(nest, wanted);
    }),
    { seed: 17, numRuns: 200 },
  );
  assert(split > 40, `${split} nests were split`);
});

Deno.test("nests that find positions, store at once or reduce nothing are not split", () => {
  assert(isSplittable(rowwise(["sum", "max"], [2, 3])));
  assert(!isSplittable(rowwise(["sum", "argmax"], [2, 3])));
  const nest = rowwise(["sum"], [2, 3]);
  assert(!isSplittable({ ...nest, phases: nest.phases.slice(1) }));
  assert(!isSplittable({ ...nest, phases: [phaseOf({}), ...nest.phases] }));
});

Deno.test("the longest loop is the first one of those of equal length", () => {
  const table = new ExpressionTable();
  const [short, long, alike] = [2, 5, 5].map((extent) => table.variable("k", extent));
  assertEquals(longestOf([short, long, alike]), long);
  assertEquals(longestOf([alike, long, short]), alike);
});

Deno.test("a loop is split into at most the wanted number of parts, each a multiple of the unit", () => {
  const table = new ExpressionTable();
  for (const extent of [1, 7, 64, 1000]) {
    for (const wanted of [1, 3, 16, 5000]) {
      for (const unit of [1, 16]) {
        const { length, part } = partsOf(table, table.variable("k", extent), { wanted, unit });
        assertEquals(length % unit, 0);
        assert(part.extent <= wanted && part.extent * length >= extent && (part.extent - 1) * length < extent);
      }
    }
  }
});

Deno.test("a product in parts is still a product, with the part in its batch", () => {
  const table = new ExpressionTable();
  const [i, j, d] = [table.variable("i", 3), table.variable("j", 4), table.variable("k", 10)];
  const [left, right] = [
    table.load("f32", 0, rowMajorOf(table, [i, d])),
    table.load("f32", 1, rowMajorOf(table, [d, j])),
  ];
  const value = table.apply("mul", "f32", [left, right]);
  const nest = nestOf({
    slots: [slotOf(30), slotOf(40), slotOf(12, "write")],
    outer: [i, j],
    phases: [
      phaseOf({ inner: [d], reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }] }),
      phaseOf({ stores: [{ slot: 2, index: rowMajorOf(table, [i, j]), value: table.result("f32", 0) }] }),
    ],
    contraction: { batch: [], rows: [i], columns: [j], depth: [d], left, right },
  });
  const { parts, joined, turns, scratchBytes } = inParts(nest, 4);
  assert(isTileable(parts) && joined.contraction === undefined);
  assertEquals(parts.contraction.batch, [turns.part]);
  assertEquals(parts.contraction.depth.map(({ extent }) => extent), [3]);
  assertEquals([turns.part.extent, scratchBytes], [4, 4 * 4 * pointsOf(nest.outer)]);
  assertSameWhole(nest, 4);
});

Deno.test("the results of a part are stored in the requested order of loops", () => {
  const nest = rowwise(["sum"], [3, 7]);
  const table = new ExpressionTable();
  const [{ inner: [k] }] = nest.phases;
  const { part } = partsOf(table, k, { wanted: 2 });
  const other = table.variable("j", 2);
  const { parts } = splitNest({ ...nest, outer: [...nest.outer, other] }, {
    table,
    part,
    points: [other, ...nest.outer],
  });
  const [store] = parts.phases[1].stores;
  assert(store.index.kind === "affine");
  assertEquals(store.index.terms.map(([term, factor]) => [term, factor]), [[part, 6], [other, 3], [nest.outer[0], 1]]);
});
