/**
 * For tests: nests made by hand and at random, and what they leave in memory.
 *
 * @module
 */

import fc from "fast-check";
import { numbers } from "../../tests/oracle.ts";
import type { DType } from "../dtype.ts";
import { evaluateNest } from "./evaluate.ts";
import type { Expression, Variable } from "./expression.ts";
import { ExpressionTable } from "./expression_table.ts";
import type { Access, Nest, Phase, ReductionKind, Slot, Store } from "./nest.ts";

/** A nest with the parts that most tests leave out. */
export function nestOf(parts: Partial<Nest> & Pick<Nest, "slots" | "outer" | "phases">): Nest {
  return { name: "test", counters: [], ...parts };
}

/** A phase with the parts that most tests leave out. */
export function phaseOf(parts: Partial<Phase>): Phase {
  return { inner: [], reductions: [], stores: [], ...parts };
}

/** A slot of element type f32, unless another one is given. */
export function slotOf(elements: number, access: Access = "read", dtype: DType = "f32"): Slot {
  return { dtype, elements, access };
}

/** The row-major number of the point of some loops, in the order given. */
export function rowMajorOf(table: ExpressionTable, variables: readonly Variable[]): Expression {
  let stride = 1;
  const parts = variables.toReversed().map((variable): readonly [Expression, number] => {
    const part = [variable, stride] as const;
    stride *= variable.extent;
    return part;
  });
  return table.affine(parts);
}

/** Numbers for each slot of a nest: the same for slots of the same number, element type and size. */
export function memoryFor({ slots }: Nest): Float64Array[] {
  return slots.map(({ dtype, elements }, slot) => numbers([elements], { dtype, seed: slot }).values);
}

/** What the slots of a nest hold when it has run. */
export function evaluated(nest: Nest, memory: Float64Array[] = memoryFor(nest)): Float64Array[] {
  evaluateNest(nest, memory);
  return memory;
}

/** A random nest, and the table that made its expressions. */
export interface RandomNest {
  readonly nest: Nest;
  readonly table: ExpressionTable;
}

interface Operand {
  readonly form: "rows" | "turned" | "scaled" | "divided";
  /** Which loops the index depends on. */
  readonly mask: number;
  readonly scale: number;
  /** Only where a loop has reached this many turns is memory read. */
  readonly guardFrom: number;
  readonly op: "add" | "mul" | "max" | "choose";
}

const operand: fc.Arbitrary<Operand> = fc.record({
  form: fc.constantFrom("rows", "rows", "turned", "scaled", "divided"),
  mask: fc.constantFrom(63, 63, 1, 2, 3, 5, 6),
  scale: fc.integer({ min: 1, max: 3 }),
  guardFrom: fc.constantFrom(0, 0, 0, 1, 2),
  op: fc.constantFrom("add", "mul", "max", "choose"),
});

function indexOf(table: ExpressionTable, loops: readonly Variable[], { form, mask, scale }: Operand): Expression {
  const used = loops.filter((_, i) => mask >> i & 1);
  const rows = rowMajorOf(table, form === "turned" ? used.toReversed() : used);
  if (form === "scaled") return table.affine([[rows, scale]], scale - 1);
  return form === "divided" ? table.quotient(rows, scale + 1) : rows;
}

/** Builds values of loads; each operand is read from a slot of its own. */
class Values {
  readonly slots: Slot[] = [];

  constructor(readonly table: ExpressionTable) {}

  load(loops: readonly Variable[], operand: Operand): Expression {
    const { table } = this;
    const index = indexOf(table, loops, operand);
    const guard = operand.guardFrom > 0 && loops.length > 0
      ? table.within(loops[0], operand.guardFrom, loops[0].extent)
      : undefined;
    const slot = this.slots.push(slotOf(1 + (table.range(index)?.[1] ?? 0))) - 1;
    return table.load("f32", slot, index, { guard });
  }

  value(loops: readonly Variable[], operands: readonly Operand[], start: Expression): Expression {
    const { table } = this;
    return operands.reduce((value, one) => {
      const other = this.load(loops, one);
      if (one.op !== "choose" || loops.length === 0) {
        return table.apply(one.op === "choose" ? "add" : one.op, "f32", [value, other]);
      }
      const half = table.literal("i32", loops[0].extent >> 1);
      return table.apply("where", "f32", [table.apply("lt", "bool", [loops[0], half]), value, other]);
    }, start);
  }
}

const extents = (least: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(1, 2, 3, 4, 5), { minLength: least, maxLength: most });

interface Plan {
  readonly outer: readonly number[];
  readonly inner: readonly number[];
  readonly kinds: readonly ReductionKind[];
  readonly operands: readonly Operand[];
  /** Whether the result is stored along the row, and whether rows are stored in another order. */
  readonly along: boolean;
  readonly turned: boolean;
}

function build({ outer, inner, kinds, operands, along, turned }: Plan): RandomNest {
  const table = new ExpressionTable();
  const values = new Values(table);
  const rows = outer.map((extent) => table.variable("i", extent));
  const row = inner.map((extent) => table.variable("k", extent));
  const half = operands.length + 1 >> 1;
  const zero = table.literal("f32", 0.5);
  const phases: Phase[] = [];
  let start: Expression = zero;
  if (inner.length > 0) {
    const reductions = kinds.map((kind, id) => ({
      id,
      kind,
      value: values.value([...rows, ...row], operands.slice(0, half), zero),
      dtype: kind.startsWith("arg") ? "i32" as const : "f32" as const,
    }));
    phases.push(phaseOf({ inner: row, reductions }));
    start = reductions.map(({ id, dtype }) => table.apply("cast", "f32", [table.result(dtype, id)]))
      .reduce((a, b) => table.apply("add", "f32", [a, b]));
  }
  const loops = along ? [...rows, ...row] : rows;
  const value = values.value(loops, operands.slice(half), start);
  const index = rowMajorOf(table, turned ? loops.toReversed() : loops);
  const slot = values.slots.push(slotOf(loops.reduce((size, { extent }) => size * extent, 1), "write")) - 1;
  const stores: Store[] = [{ slot, index, value }];
  phases.push(phaseOf({ inner: along ? row : [], stores }));
  return { nest: nestOf({ slots: values.slots, outer: rows, phases }), table };
}

/** Any nest of a store, or of reductions and a store. */
export const randomNest: fc.Arbitrary<RandomNest> = fc.record({
  outer: extents(1, 3),
  inner: extents(0, 2),
  kinds: fc.array(fc.constantFrom<ReductionKind>("sum", "max", "min", "argmax", "argmin"), {
    minLength: 1,
    maxLength: 2,
  }),
  operands: fc.array(operand, { minLength: 1, maxLength: 4 }),
  along: fc.boolean(),
  turned: fc.boolean(),
}).map(build);
