/**
 * Splits long reductions: one nest reduces the parts in parallel, and a second one reduces their results and runs the
 * phases that follow.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";
import { type Contraction, type Nest, type Phase, pointsOf, type Reduction, type Slot, type Store } from "./nest.ts";
import { identityOf, isPositional } from "./reduction_kinds.ts";
import { pointNumber } from "./row_major.ts";

/** The two nests that replace one. Both have its slots and then one more, for the scratch memory between them. */
export interface SplitNests {
  readonly parts: Nest;
  readonly joined: Nest;
  readonly scratchBytes: number;
}

/** A loop in parts: part number `part` has up to `length` iterations, from `part · length` on. */
export interface LoopParts {
  readonly loop: Variable;
  readonly part: Variable;
  readonly length: number;
}

/** True if the first phase's results can be joined from those of parts: it only reduces, and finds no positions. */
export function isSplittable({ phases: [{ reductions, stores }] }: Nest): boolean {
  return stores.length === 0 && reductions.length > 0 && reductions.every(({ kind }) => !isPositional(kind));
}

/** The longest loop; the first one of those of equal length. */
export function longestOf(variables: readonly Variable[]): Variable {
  return variables.reduce((best, one) => one.extent > best.extent ? one : best);
}

/** Splits a loop into at most `wanted` parts, whose length is a multiple of `unit`. */
export function partsOf(
  table: ExpressionTable,
  loop: Variable,
  { wanted, unit = 1 }: { readonly wanted: number; readonly unit?: number },
): LoopParts {
  const length = Math.ceil(loop.extent / Math.min(wanted, loop.extent) / unit) * unit;
  return { loop, part: table.variable("part", Math.ceil(loop.extent / length)), length };
}

/** How to split a nest. */
export interface SplitOptions {
  readonly table: ExpressionTable;
  /** The number of the part: a loop around the first nest, and the loop that the second one reduces. */
  readonly part: Variable;
  /** The outer loops in the order in which a part's results are stored in the scratch memory (default: the nest's). */
  readonly points?: readonly Variable[];
}

/**
 * Splits a nest that {@linkcode isSplittable}. The first nest still reduces all values for each part. The code that
 * writes its kernel, or {@linkcode withinPart}, must skip those of the other parts.
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

/** The first nest of a split one, with its loop limited to the iterations of one part. */
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

/** Rewrites values for one part. Past the loop's end, where the last part may reach, they are `otherwise`. */
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
