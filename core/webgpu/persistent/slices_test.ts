import { assert, assertEquals } from "@std/assert";
import { gradientOf, weighted } from "../../../tests/oracle.ts";
import { evaluateProgram } from "../../nest/evaluate.ts";
import type { Expression } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Nest } from "../../nest/nest.ts";
import type { LoopStep, Program, ProgramStep } from "../../nest/program.ts";
import { mapNest } from "../../nest/rewrite.ts";
import { makeNest, makePhase, makeSlot, noise, store } from "../test_support.ts";
import { findSlices, type SlicedLoop } from "./slices.ts";
import { withStarts } from "./starts.ts";
import { mixedLoops, programFor, slicedLoops } from "./test_loops.ts";

const isLoop = (step: ProgramStep): step is LoopStep => step.kind === "loop";

/** The steps of one row: its nests without their loop over the rows. */
function stepsOfRow({ counter, starts, nests, table }: SlicedLoop, number: number): ProgramStep[] {
  const [before, steps] = [starts, nests].map((all) =>
    all.map(({ nest, buffers, row }): ProgramStep => {
      const replaced = new Map<Expression, Expression>([[row, table.literal("i32", number)]]);
      const expression = table.substitution(replaced);
      const one = mapNest(nest, { expression, loops: (variables) => variables.filter((variable) => variable !== row) });
      return { kind: "nest", nest: one, buffers };
    })
  );
  return [...before, { kind: "loop", counter, steps }];
}

/** The memory after a program has run in double precision. */
function memoryAfter(program: Program): Float64Array[] {
  const memory = program.buffers.map(({ bytes }, i) => Float64Array.from(noise(bytes / 4, i + 1)));
  evaluateProgram(program, memory);
  return memory;
}

for (const [name, { fn, shapes }] of Object.entries(slicedLoops)) {
  Deno.test(`the start and all turns of a row compute the same before those of other rows: ${name}`, () => {
    for (const one of [fn, gradientOf(weighted(fn))]) {
      const program = programFor(one, shapes(3, 4, 5));
      const expected = memoryAfter(program);
      for (const isReversed of [false, true]) {
        const steps = withStarts(program.steps).flatMap((step): ProgramStep[] => {
          if (step.kind === "nest") return [step];
          const { starts, loop } = step;
          const sliced = findSlices(loop, starts) ?? findSlices(loop);
          assert(sliced && sliced.rows > 1, "a loop has rows");
          const rows = Array.from({ length: sliced.rows }, (_, row) => stepsOfRow(sliced, row));
          return [...sliced.starts.length > 0 ? [] : starts, ...(isReversed ? rows.reverse() : rows).flat()];
        });
        assertEquals(memoryAfter({ ...program, steps }), expected);
      }
    }
  });
}

Deno.test("loops whose rows need what others store have no slices", () => {
  for (const [name, { fn, shapes }] of Object.entries(mixedLoops)) {
    for (const one of [fn, gradientOf(weighted(fn))]) {
      const loops = programFor(one, shapes(3, 4, 5)).steps.filter(isLoop);
      assert(loops.length > 0);
      assertEquals(loops.map((loop) => findSlices(loop)), loops.map(() => undefined), name);
    }
  }
});

Deno.test("if the batch is as large as the layer, rows are still those of the batch", () => {
  const { fn, shapes } = slicedLoops["gated recurrent units"];
  const [loop] = programFor(fn, shapes(3, 6, 6)).steps.filter(isLoop);
  const sliced = findSlices(loop);
  assert(sliced);
  const [{ nest, row }] = sliced.nests;
  assertEquals(nest.contraction?.rows, [row]);
});

/** A loop that stores `value` of four rows of three elements in the half of slot 0 that the turn does not read. */
function loopOf(change: (parts: LoopParts) => Partial<Nest>): LoopStep {
  const table = new ExpressionTable();
  const [counter, row, column] = [table.variable("t", 5), table.variable("i", 4), table.variable("j", 3)];
  const parity = table.remainder(counter, 2);
  const own = table.affine([[row, 3], [column, 1], [parity, 12]]);
  const next = table.affine([[row, 3], [column, 1], [parity, -12]], 12);
  const nest = makeNest({
    slots: [makeSlot(24, "readwrite"), makeSlot(12)],
    outer: [row, column],
    counters: [counter],
    phases: [makePhase({ stores: [store(0, next, table.load("f32", 0, own))] })],
  });
  const changed = { ...nest, ...change({ table, counter, row, column, own, next }) };
  return { kind: "loop", counter, steps: [{ kind: "nest", nest: changed, buffers: [0, 1] }] };
}

interface LoopParts {
  readonly table: ExpressionTable;
  readonly counter: Expression;
  readonly row: Expression;
  readonly column: Expression;
  readonly own: Expression;
  readonly next: Expression;
}

const rowsOf = (change: (parts: LoopParts) => Partial<Nest>): number | undefined => findSlices(loopOf(change))?.rows;

Deno.test("rows may read all of what the loop only reads, and nothing of other rows that it writes", () => {
  const reading = (slot: number, index: (parts: LoopParts) => Expression) => (parts: LoopParts): Partial<Nest> => ({
    phases: [
      makePhase({ stores: [store(0, parts.next, parts.table.load("f32", slot, index(parts)))] }),
    ],
  });
  assertEquals(rowsOf(() => ({})), 4);
  assertEquals(rowsOf(reading(1, ({ table, row, column }) => table.affine([[column, 1], [row, -3]], 9))), 4);
  assertEquals(rowsOf(reading(0, ({ table, own }) => table.affine([[own, 1]], 24))), 4, "whole periods further");
  assertEquals(rowsOf(reading(0, ({ table, own }) => table.affine([[own, 1]], 1))), undefined, "the neighbor");
  assertEquals(rowsOf(reading(0, ({ table, own }) => table.affine([[own, 1]], 3))), 3, "each column is by itself");
  assertEquals(rowsOf(reading(0, ({ table, row, column }) => table.affine([[row, -3], [column, -1]], 11))), undefined);
  assertEquals(
    rowsOf(reading(0, ({ table, counter }) => table.affine([[counter, 1]]))),
    undefined,
    "one element for all",
  );
  assertEquals(
    rowsOf(reading(0, ({ table, column }) => table.apply("cast", "i32", [table.load("f32", 1, column)]))),
    undefined,
    "an index from memory",
  );
});

Deno.test("a row may read within its guard", () => {
  const guarded = (low: number) => ({ table, row, column, next }: LoopParts): Partial<Nest> => {
    const guard = table.apply("le", "bool", [table.literal("i32", low), column]);
    const before = table.load("f32", 0, table.affine([[row, 3], [column, 1]], -1), { guard });
    return { phases: [makePhase({ stores: [store(0, next, before)] })] };
  };
  assertEquals(rowsOf(guarded(1)), 4);
  assertEquals(rowsOf(guarded(0)), undefined);
});

Deno.test("sums in memory, and loops in loops, have no slices", () => {
  assertEquals(
    rowsOf(({ table, own, next }) => ({
      phases: [makePhase({ stores: [store(0, next, table.load("f32", 0, own), { add: true })] })],
    })),
    undefined,
  );
  const inner = loopOf(() => ({}));
  const outer = new ExpressionTable().variable("u", 2);
  assertEquals(findSlices({ kind: "loop", counter: outer, steps: [inner] }), undefined);
  assertEquals(findSlices({ kind: "loop", counter: outer, steps: [] }), undefined);
});

Deno.test("a start that reads what the loop of another row overwrites is no part of its rows", () => {
  const loop = loopOf(() => ({}));
  const startFrom = (from: number, factor: number) => {
    const table = new ExpressionTable();
    const [row, column] = [table.variable("i", 4), table.variable("j", 3)];
    const own = table.affine([[row, 3], [column, 1]]);
    const index = factor > 0 ? own : table.affine([[row, -3], [column, -1]], 11);
    const nest = makeNest({
      slots: [makeSlot(24, "readwrite"), makeSlot(12)],
      outer: [row, column],
      phases: [makePhase({ stores: [store(0, own, table.load("f32", from, index))] })],
    });
    return { kind: "nest" as const, nest, buffers: [0, 1] };
  };
  const rowsWith = (from: number, factor: number) => findSlices(loop, [startFrom(from, factor)])?.rows;
  assertEquals([rowsWith(1, 1), rowsWith(1, -1), rowsWith(0, 1), rowsWith(0, -1)], [4, 4, 4, undefined]);
  assertEquals(findSlices(loop, [startFrom(1, -1)])?.starts.length, 1);
});
