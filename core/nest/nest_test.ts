import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { computedValuesOf, expressionsOf, isEmpty, isTileable, laterPhases, type Nest, pointsOf } from "./nest.ts";
import { nestOf, phaseOf, rowMajorOf, slotOf } from "./test_nests.ts";

/** A product whose results are stored where a guard allows it. */
function product(change: (nest: Nest) => Nest = (nest) => nest) {
  const table = new ExpressionTable();
  const [i, j, d] = [table.variable("i", 3), table.variable("j", 4), table.variable("k", 5)];
  const [left, right] = [
    table.load("f32", 0, rowMajorOf(table, [i, d])),
    table.load("f32", 1, rowMajorOf(table, [d, j])),
  ];
  const value = table.apply("mul", "f32", [left, right]);
  const [index, result, guard] = [rowMajorOf(table, [i, j]), table.result("f32", 0), table.load("bool", 3, i)];
  const nest = nestOf({
    slots: [slotOf(15), slotOf(20), slotOf(12, "write"), slotOf(3, "read", "bool")],
    outer: [i, j],
    phases: [
      phaseOf({ inner: [d], reductions: [{ id: 0, kind: "sum", value, dtype: "f32" }] }),
      phaseOf({ stores: [{ slot: 2, index, value: result, guard }] }),
    ],
    contraction: { batch: [], rows: [i], columns: [j], depth: [d], left, right },
  });
  return { nest: change(nest), value, index, result, guard };
}

Deno.test("a nest evaluates its values, indices and guards", () => {
  const { nest, value, index, result, guard } = product();
  assertEquals(expressionsOf(nest), [value, index, result, guard]);
  assertEquals(computedValuesOf(nest), [value, result]);
  assertEquals(expressionsOf(laterPhases(nest)), [index, result, guard]);
  assertStrictEquals(laterPhases(nest).phases[0], nest.phases[1]);
});

Deno.test("a product can be tiled where one sum is followed by stores", () => {
  assert(isTileable(product().nest));
  const spoiled: Record<string, (nest: Nest) => Nest> = {
    "no mark": ({ contraction: _, ...nest }) => nest,
    "another reduction": ({ phases: [first, ...later], ...nest }) => ({
      ...nest,
      phases: [{ ...first, reductions: first.reductions.map((one) => ({ ...one, kind: "max" as const })) }, ...later],
    }),
    "two reductions": ({ phases: [first, ...later], ...nest }) => ({
      ...nest,
      phases: [{ ...first, reductions: [...first.reductions, ...first.reductions] }, ...later],
    }),
    "a store beside the sum": ({ phases: [first, second], ...nest }) => ({
      ...nest,
      phases: [{ ...first, stores: second.stores }, second],
    }),
    "loops afterwards": ({ phases: [first, second], ...nest }) => ({
      ...nest,
      phases: [first, { ...second, inner: first.inner }],
    }),
    "a reduction afterwards": ({ phases: [first, second], ...nest }) => ({
      ...nest,
      phases: [first, { ...second, reductions: first.reductions }],
    }),
  };
  for (const [what, spoil] of Object.entries(spoiled)) assert(!isTileable(product(spoil).nest), what);
});

Deno.test("loops have as many points as their extents multiplied", () => {
  const { nest } = product();
  assertEquals([pointsOf(nest.outer), pointsOf([])], [12, 1]);
  assert(!isEmpty(nest));
  assert(isEmpty({ ...nest, outer: [...nest.outer, new ExpressionTable().variable("none", 0)] }));
});
