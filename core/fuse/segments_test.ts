import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import type { Expression, Variable } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Nest, Phase } from "../nest/nest.ts";
import { showNest } from "../nest/show.ts";
import { evaluated, nestOf, phaseOf, randomNest, rowMajorOf, slotOf } from "../nest/test_nests.ts";
import { segmented } from "./segments.ts";

type Part = (at: Expression) => Expression;

interface Joined {
  readonly nest: Nest;
  readonly table: ExpressionTable;
}

interface JoinedOptions {
  readonly rows?: number;
  /** The computation of an element of a part, instead of two operations. */
  readonly parts?: (table: ExpressionTable) => Part;
  readonly phase?: Partial<Phase>;
}

/** Rows that consist of parts of these lengths. Each part is read from its own slot, chosen by the position. */
function joinedOf(lengths: readonly number[], { rows = 2, parts, phase }: JoinedOptions = {}): Joined {
  const table = new ExpressionTable();
  const length = lengths.reduce((a, b) => a + b);
  const outer = [table.variable("i", rows), table.variable("i", length)];
  const [row, at] = outer;
  const compute = parts?.(table) ??
    ((e: Expression) => table.apply("tanh", "f32", [table.apply("exp", "f32", [e])]));
  let start = 0;
  let value: Expression | undefined;
  lengths.forEach((extent, slot) => {
    const place = table.affine([[at, 1]], -start);
    const inside = table.within(place, 0, extent);
    const element = compute(table.load("f32", slot, table.affine([[row, extent], [place, 1]]), { guard: inside }));
    value = value ? table.apply("where", "f32", [inside, element, value]) : element;
    start += extent;
  });
  const store = { slot: lengths.length, index: rowMajorOf(table, outer), value: value! };
  const slots = [...lengths.map((extent) => slotOf(rows * extent)), slotOf(rows * length, "write")];
  return { nest: nestOf({ slots, outer, phases: [phaseOf({ stores: [store], ...phase })] }), table };
}

const extentsOf = ({ outer }: Nest): number[] => outer.map(({ extent }) => extent);

Deno.test("equal parts are computed side by side, without choices", () => {
  for (const count of [2, 3, 4, 5, 8]) {
    const { nest, table } = joinedOf(new Array<number>(count).fill(16));
    const cut = segmented(nest, table);
    assertEquals(extentsOf(cut), [2, 16]);
    assertEquals(cut.phases[0].stores.length, count);
    assert(!/where| if /.test(showNest(cut)), showNest(cut));
    assertEquals(evaluated(cut), evaluated(nest));
  }
});

Deno.test("parts that share a divisor are cut as small as necessary, and no smaller", () => {
  const { nest, table } = joinedOf([32, 16]);
  assertEquals(extentsOf(segmented(nest, table)), [2, 16]);
  const halves = joinedOf([64, 64]);
  assertEquals(extentsOf(segmented(halves.nest, halves.table)), [2, 64]);
});

Deno.test("loops are not cut if they would become short or have too many parts", () => {
  for (const lengths of [[15, 15], [16, 17], new Array<number>(9).fill(16)]) {
    const { nest, table } = joinedOf(lengths);
    assertStrictEquals(segmented(nest, table), nest);
  }
});

Deno.test("a loop is not cut if the choices are cheap compared with the rest", () => {
  const { nest, table } = joinedOf([16, 16], { parts: () => (e) => e });
  const [{ stores: [store] }] = nest.phases;
  const dear = (e: Expression): Expression => {
    let value = e;
    for (let i = 0; i < 20; i++) value = table.apply("tanh", "f32", [value]);
    return value;
  };
  const heavy = { ...nest, phases: [phaseOf({ stores: [{ ...store, value: dear(store.value) }] })] };
  assertStrictEquals(segmented(heavy, table), heavy);
  assert(segmented(nest, table) !== nest);
});

Deno.test("reductions, sums in memory, inner loops and products are not cut", () => {
  const { nest, table } = joinedOf([16, 16]);
  const [phase] = nest.phases;
  const [store] = phase.stores;
  const loop: Variable = table.variable("k", 3);
  const reduction = { id: 0, kind: "sum", value: store.value, dtype: "f32" } as const;
  const contraction = { batch: [], rows: [], columns: [], depth: [], left: store.value, right: store.value };
  const whole: Nest[] = [
    { ...nest, phases: [{ ...phase, reductions: [reduction] }] },
    { ...nest, phases: [{ ...phase, inner: [loop] }] },
    { ...nest, phases: [{ ...phase, stores: [{ ...store, add: true }] }] },
    { ...nest, phases: [phase, phaseOf({})] },
    { ...nest, contraction },
  ];
  for (const one of whole) assertStrictEquals(segmented(one, table), one);
});

Deno.test("a choice that depends on no loop cuts nothing", () => {
  const { nest, table } = joinedOf([16, 16]);
  const flag = table.load("bool", 0, table.literal("i32", 0));
  const [{ stores: [store] }] = nest.phases;
  const value = table.apply("where", "f32", [flag, table.literal("f32", 1), table.literal("f32", 2)]);
  const plain = { ...nest, phases: [phaseOf({ stores: [{ ...store, value }] })] };
  assertStrictEquals(segmented(plain, table), plain);
});

/** A row of `length` elements, which `count` tensors take turns to fill, or 0 where the data of a flag say so. */
function alternating(length: number, count: number, flagged = false): Joined {
  const table = new ExpressionTable();
  const outer = [table.variable("i", 3), table.variable("i", length)];
  const [row, at] = outer;
  const place = table.affine([[row, length / count], [table.quotient(at, count), 1]]);
  let value: Expression | undefined;
  for (let slot = 0; slot < count; slot++) {
    const is = table.apply("eq", "bool", [table.remainder(at, count), table.literal("i32", slot)]);
    const element = table.load("f32", slot, place);
    value = value ? table.apply("where", "f32", [is, element, value]) : element;
  }
  const index = rowMajorOf(table, outer);
  const flag = table.apply("le", "bool", [table.load("f32", count, index), table.literal("f32", 0)]);
  if (flagged) value = table.apply("where", "f32", [flag, table.literal("f32", 0), value!]);
  const inputs = Array.from({ length: count }, () => slotOf(3 * length / count));
  const slots = [...inputs, slotOf(3 * length), slotOf(3 * length, "write")];
  return {
    nest: nestOf({ slots, outer, phases: [phaseOf({ stores: [{ slot: count + 1, index, value: value! }] })] }),
    table,
  };
}

Deno.test("tensors of which elements alternate are read side by side, whatever the data decide", () => {
  for (const flagged of [false, true]) {
    for (const count of [2, 3, 4]) {
      const { nest, table } = alternating(48 * count, count, flagged);
      const cut = segmented(nest, table);
      assertEquals([extentsOf(cut), cut.phases[0].stores.length], [[3, 48], count]);
      assert(!/mod|%|\//.test(showNest(cut)), showNest(cut));
      assertEquals(evaluated(cut), evaluated(nest));
    }
  }
  const { nest, table } = alternating(30, 2);
  assertStrictEquals(segmented(nest, table), nest);
});

const joined: fc.Arbitrary<Joined> = fc.record({
  part: fc.integer({ min: 14, max: 20 }),
  multiples: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 2, maxLength: 4 }),
  rows: fc.integer({ min: 1, max: 3 }),
}).map(({ part, multiples, rows }) => joinedOf(multiples.map((multiple) => multiple * part), { rows }));

Deno.test("a nest that was cut computes the same cells", () => {
  let cut = 0;
  fc.assert(
    fc.property(joined, ({ nest, table }) => {
      const parts = segmented(nest, table);
      cut += Number(parts !== nest);
      assertEquals(evaluated(parts), evaluated(nest), showNest(nest));
    }),
    { seed: 3, numRuns: 60 },
  );
  assert(cut > 20, `only ${cut} nests were cut`);
});

Deno.test("cutting does not change the meaning of any nest", () => {
  fc.assert(
    fc.property(randomNest, ({ nest, table }) => assertEquals(evaluated(segmented(nest, table)), evaluated(nest))),
    { seed: 4, numRuns: 100 },
  );
});
