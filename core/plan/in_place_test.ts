import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Expression, Variable } from "../nest/expression.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Nest, Phase, Store } from "../nest/nest.ts";
import { showNest } from "../nest/show.ts";
import { evaluated, nestOf, phaseOf, slotOf } from "../nest/test_nests.ts";
import { overwrites } from "./in_place.ts";

const ROWS = 4;
const COLUMNS = 3;
const SIZE = ROWS * COLUMNS;

/** Expressions over rows and columns of slot 0, which is written and is read through slot `from`. */
class Sketch {
  readonly table = new ExpressionTable();
  readonly row: Variable = this.table.variable("i", ROWS);
  readonly column: Variable = this.table.variable("k", COLUMNS);
  /** Positions of an element: its own, that with the axes in another order, the first of its row, a constant one. */
  readonly places: readonly Expression[] = [
    this.table.affine([[this.row, COLUMNS], [this.column, 1]]),
    this.table.affine([[this.row, 1], [this.column, ROWS]]),
    this.table.affine([[this.row, COLUMNS]]),
    this.table.literal("i32", 5),
  ];

  constructor(readonly from = 0) {}

  read(place: number, slot = this.from): Expression {
    return this.table.load("f32", slot, this.places[place]);
  }

  plus(a: Expression, b: Expression): Expression {
    return this.table.apply("add", "f32", [a, b]);
  }

  store(place: number, value: Expression): Store {
    return { slot: 0, index: this.places[place], value };
  }

  nest(phases: readonly Phase[], outer: readonly Variable[] = [this.row]): Nest {
    return nestOf({ slots: [slotOf(SIZE, "readwrite"), slotOf(SIZE)], outer, phases });
  }
}

function along(stores: (sketch: Sketch) => Store[]): Nest {
  const sketch = new Sketch();
  return sketch.nest([phaseOf({ inner: [sketch.column], stores: stores(sketch) })]);
}

Deno.test("a nest may overwrite a slot exactly if it reads each element where it writes it", () => {
  const one = (store: (sketch: Sketch) => Store): boolean => overwrites(along((sketch) => [store(sketch)]), 0);
  assert(one((s) => s.store(0, s.plus(s.read(0), s.read(0, 1)))));
  assert(one((s) => s.store(0, s.read(1, 1))), "a slot that is not read at all");
  assert(!one((s) => s.store(0, s.read(1))), "another place");
  assert(!one((s) => s.store(0, s.plus(s.read(0), s.read(2)))), "another place too");
  assert(!one((s) => ({ ...s.store(0, s.read(0)), guard: s.table.apply("lt", "bool", [s.read(1), s.read(0)]) })));
});

Deno.test("indices of stores that are loaded from memory count as reads", () => {
  const sketch = new Sketch();
  const index = sketch.table.apply("cast", "i32", [sketch.read(1)]);
  const nest = sketch.nest([
    phaseOf({ inner: [sketch.column], stores: [{ slot: 0, index, value: sketch.read(0, 1) }] }),
  ]);
  assert(!overwrites(nest, 0));
});

Deno.test("a slot that is written twice, or never, is not overwritten", () => {
  assert(!overwrites(along((s) => [s.store(0, s.read(0)), s.store(0, s.read(0, 1))]), 0));
  const sketch = new Sketch();
  const phase = phaseOf({ inner: [sketch.column], stores: [sketch.store(0, sketch.read(0))] });
  assert(!overwrites(sketch.nest([phase, phase]), 0));
  assert(!overwrites(sketch.nest([phase]), 1));
});

Deno.test("a later phase that reads the slot forbids it, an earlier one at the same place does not", () => {
  const sketch = new Sketch();
  const store = phaseOf({ inner: [sketch.column], stores: [sketch.store(0, sketch.read(0))] });
  const sum = (place: number): Phase =>
    phaseOf({ inner: [sketch.column], reductions: [{ id: 0, kind: "sum", value: sketch.read(place), dtype: "f32" }] });
  assert(!overwrites(sketch.nest([store, sum(0)]), 0));
  const ofOther = { id: 0, kind: "sum", value: sketch.read(0, 1), dtype: "f32" } as const;
  assert(overwrites(sketch.nest([store, phaseOf({ inner: [sketch.column], reductions: [ofOther] })]), 0));
  assert(overwrites(sketch.nest([sum(0), store]), 0));
  assert(!overwrites(sketch.nest([sum(1), store]), 0));
});

type Term = readonly [place: number, slot: 0 | 1];

interface Recipe {
  /** The term that is summed over each row first, if any. */
  readonly summed: Term | undefined;
  readonly terms: readonly Term[];
  readonly place: number;
  readonly after: Term | undefined;
}

const term = fc.tuple(fc.constantFrom(0, 0, 0, 1, 2, 3), fc.constantFrom<0 | 1>(0, 1));

const recipe: fc.Arbitrary<Recipe> = fc.record({
  summed: fc.option(term, { nil: undefined }),
  terms: fc.array(term, { minLength: 1, maxLength: 3 }),
  place: fc.constantFrom(0, 0, 1),
  after: fc.option(term, { nil: undefined, freq: 4 }),
});

/** The nest of a recipe; it reads slot 0 through slot `from`. */
function nestFor({ summed, terms, place, after }: Recipe, from: number): { nest: Nest; sketch: Sketch } {
  const sketch = new Sketch(from);
  const inner = [sketch.column];
  const value = ([place, slot]: Term): Expression => sketch.read(place, slot === 0 ? from : 1);
  const sum = (id: number, term: Term): Phase =>
    phaseOf({ inner, reductions: [{ id, kind: "sum", value: value(term), dtype: "f32" }] });
  const start = summed ? sketch.table.result("f32", 0) : sketch.table.literal("f32", 1);
  const stored = terms.map(value).reduce((a, b) => sketch.plus(a, b), start);
  const phases = [
    ...summed ? [sum(0, summed)] : [],
    phaseOf({ inner, stores: [sketch.store(place, stored)] }),
    ...after ? [sum(1, after)] : [],
  ];
  if (after) {
    const index = sketch.table.affine([[sketch.row, 1]]);
    phases.push(phaseOf({ stores: [{ slot: 2, index, value: sketch.table.result("f32", 1) }] }));
  }
  const nest = sketch.nest(phases);
  return { nest: { ...nest, slots: [...nest.slots, slotOf(ROWS, "write"), slotOf(SIZE)] }, sketch };
}

/** The same nest with its rows in the opposite direction. */
function backwards({ nest, sketch: { table, row } }: ReturnType<typeof nestFor>): Nest {
  const turned = new Map<Expression, Expression>([[row, table.affine([[row, -1]], ROWS - 1)]]);
  const go = (e: Expression): Expression => table.substitute(e, turned);
  const phases = nest.phases.map(({ inner, reductions, stores }): Phase => ({
    inner,
    reductions: reductions.map((one) => ({ ...one, value: go(one.value) })),
    stores: stores.map((one) => ({ ...one, index: go(one.index), value: go(one.value) })),
  }));
  return { ...nest, phases };
}

/** The cells after a run in which slot 3 holds what slot 0 held before. */
function cellsOf(nest: Nest): Float64Array[] {
  const old = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i + 1));
  const other = Float64Array.from({ length: SIZE }, (_, i) => Math.cos(3 * i));
  return evaluated(nest, [old.slice(), other, new Float64Array(ROWS), old]).slice(0, 3);
}

Deno.test("if overwriting is allowed, it changes nothing, whatever the order of the rows", () => {
  let allowed = 0;
  fc.assert(
    fc.property(recipe, (one) => {
      const [here, apart] = [nestFor(one, 0), nestFor(one, 3)];
      if (!overwrites(here.nest, 0)) return;
      allowed++;
      assertEquals(cellsOf(here.nest), cellsOf(apart.nest), showNest(here.nest));
      assertEquals(cellsOf(backwards(here)), cellsOf(apart.nest), showNest(here.nest));
    }),
    { seed: 1, numRuns: 500 },
  );
  assert(allowed > 50, `only ${allowed} nests may overwrite`);
});

Deno.test("the check covers nests for which overwriting would change something", () => {
  const wrong = fc.sample(recipe, { seed: 2, numRuns: 300 }).filter((one) => {
    const [here, apart] = [nestFor(one, 0), nestFor(one, 3)].map(({ nest }) => JSON.stringify(cellsOf(nest)));
    return here !== apart;
  });
  assert(wrong.length > 30, `only ${wrong.length} nests`);
  assert(wrong.every((one) => !overwrites(nestFor(one, 0).nest, 0)));
});
