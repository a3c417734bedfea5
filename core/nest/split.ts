/**
 * Long reductions in parts: one nest reduces the parts side by side, and a second one reduces their results and goes on
 * with the phases that followed.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";
import { type Contraction, type Nest, type Phase, pointsOf, type Reduction, type Slot, type Store } from "./nest.ts";
import { identityOf, isPositional } from "./reduction_kinds.ts";
import { pointNumber } from "./row_major.ts";

/** The nests that take the place of one. Both have its slots, and as the last one the scratch memory between them. */
export interface SplitNests {
  readonly parts: Nest;
  readonly joined: Nest;
  readonly scratchBytes: number;
}

/** A loop in parts: part number `part` has the turns from `part · length` on, of which there are `length` at most. */
export interface LoopParts {
  readonly loop: Variable;
  readonly part: Variable;
  readonly length: number;
}

/** True where the first phase's results can be joined from those of its parts: it reduces only, and to no positions. */
export function isSplittable({ phases: [{ reductions, stores }] }: Nest): boolean {
  return stores.length === 0 && reductions.length > 0 && reductions.every(({ kind }) => !isPositional(kind));
}

/** The longest of some loops. */
export function longestOf(variables: readonly Variable[]): Variable {
  return variables.reduce((best, one) => one.extent > best.extent ? one : best);
}

/** Cuts a loop into at most `wanted` parts, whose length is a multiple of `unit`. */
export function partsOf(
  table: ExpressionTable,
  loop: Variable,
  { wanted, unit = 1 }: { readonly wanted: number; readonly unit?: number },
): LoopParts {
  const length = Math.ceil(loop.extent / Math.min(wanted, loop.extent) / unit) * unit;
  return { loop, part: table.variable("part", Math.ceil(loop.extent / length)), length };
}

/** What to split a nest by. */
export interface SplitOptions {
  readonly table: ExpressionTable;
  /** The number of the part: a loop around the first nest, and the loop that the second one reduces. */
  readonly part: Variable;
  /** The outer loops in the order in which the results of a part lie in the scratch memory (default: the nest's). */
  readonly points?: readonly Variable[];
}

/**
 * Splits a nest that {@linkcode isSplittable}. The first nest still reduces all values for each part: it is for its
 * writer, or for {@linkcode withinPart}, to leave those of the other parts out.
 */
export function splitNest(nest: Nest, { table, part, points = nest.outer }: SplitOptions): SplitNests {
  const { name, slots, counters, outer, phases: [first, ...later] } = nest;
  const slot = slots.length;
  const each = pointsOf([part, ...points]);
  const cells = first.reductions.map((_, i) => table.affine([[pointNumber(table, [part, ...points]), 1]], i * each));
  const elements = first.reductions.length * each;
  const scratch = (access: Slot["access"]): Slot => ({ dtype: first.reductions[0].dtype, elements, access });
  const stores = first.reductions.map(({ id, dtype }, i): Store => ({
    slot,
    index: cells[i],
    value: table.result(dtype, id),
  }));
  const joined = first.reductions.map((one, i): Reduction => ({
    ...one,
    value: table.load(one.dtype, slot, cells[i]),
  }));
  return {
    parts: {
      ...nest,
      name: `${name}, parts`,
      slots: [...slots, scratch("write")],
      outer: [part, ...outer],
      phases: [first, { inner: [], reductions: [], stores }],
    },
    joined: {
      name: `${name}, joined`,
      slots: [...slots, scratch("read")],
      counters,
      outer,
      phases: [{ inner: [part], reductions: joined, stores: [] }, ...later],
    },
    scratchBytes: 4 * elements,
  };
}

/** The first nest of a split one, with its loop cut down to the turns of one part. */
export function withinPart(nest: Nest, table: ExpressionTable, parts: LoopParts): Nest {
  const within = table.variable("within", parts.length);
  const cut = cutter(table, parts, within);
  const loops = (variables: readonly Variable[]): Variable[] =>
    variables.map((variable) => variable === parts.loop ? within : variable);
  const { contraction, phases: [{ inner, reductions, stores }, ...later] } = nest;
  const first: Phase = {
    inner: loops(inner),
    reductions: reductions.map((one) => ({ ...one, value: cut(one.value, identityOf(one.kind, one.dtype)) })),
    stores,
  };
  if (!contraction) return { ...nest, phases: [first, ...later] };
  const { batch, depth, left, right } = contraction;
  const product: Contraction = {
    ...contraction,
    batch: [parts.part, ...batch],
    depth: loops(depth),
    left: cut(left, 0),
    right: cut(right, 0),
  };
  return { ...nest, phases: [first, ...later], contraction: product };
}

/** Makes values of one part; where the parts reach beyond the loop's end, `otherwise`. */
function cutter(
  table: ExpressionTable,
  { loop, part, length }: LoopParts,
  within: Variable,
): (value: Expression, otherwise: number) => Expression {
  const turn = table.affine([[part, length], [within, 1]]);
  const whole = part.extent * length === loop.extent;
  const inside = whole ? turn : table.apply("min", "i32", [turn, table.literal("i32", loop.extent - 1)]);
  const change = table.substitution(new Map([[loop, inside]]));
  return (value, otherwise) => {
    const cut = change(value);
    if (whole) return cut;
    const counts = table.apply("lt", "bool", [turn, table.literal("i32", loop.extent)]);
    return table.apply("where", cut.dtype, [counts, cut, table.literal(cut.dtype, otherwise)]);
  };
}
