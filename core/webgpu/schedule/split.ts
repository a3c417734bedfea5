/**
 * Splitting long reductions: parts of the inner loops are reduced by different outer points into scratch memory, and a
 * second nest reduces the parts and does what followed.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { type Access, type Contraction, type Nest, pointsOf, type Slot } from "../../nest/nest.ts";
import { identityOf, isPositional } from "../wgsl/reductions.ts";
import { Rewriter } from "./rewrite.ts";

/** The two nests that replace one. Both have the slots of the first one, and the scratch memory as the last. */
export interface SplitNest {
  readonly nests: readonly [Nest, Nest];
  readonly scratchBytes: number;
}

/** True for nests of one reducing phase, without positions, followed by stores. */
export function isSplittable({ phases: [first, ...rest] }: Nest): boolean {
  const { inner, reductions, stores } = first;
  return pointsOf(inner) > 1 && reductions.length > 0 && stores.length === 0 &&
    reductions.every((one) => !isPositional(one.kind) && one.dtype !== "bool" && one.dtype === reductions[0].dtype) &&
    rest.every((phase) => phase.inner.length + phase.reductions.length === 0);
}

/** Splits the longest of the inner loops into at most `wanted` parts. */
export function splitNest(nest: Nest, wanted: number): SplitNest {
  const rewriter = new Rewriter();
  const { table } = rewriter;
  const [{ inner, reductions }] = nest.phases;
  const loop = inner.reduce((a, b) => b.extent > a.extent ? b : a);
  const length = Math.ceil(loop.extent / Math.min(wanted, loop.extent));
  const part = table.variable("part", Math.ceil(loop.extent / length));
  const within = table.variable("within", length);
  const points = pointsOf(nest.outer);
  const elements = reductions.length * part.extent * points;
  const slots = (access: Access): Slot[] => [...nest.slots, { dtype: reductions[0].dtype, elements, access }];
  const cell: Cell = (number) =>
    table.affine([[part, points], [rewriter.flatten(nest.outer), 1]], number * part.extent * points);
  const nests = [
    { ...reduceParts(nest, { rewriter, loop, part, within }, cell), slots: slots("write") },
    { ...joinParts(nest, rewriter, part, cell), slots: slots("read") },
  ] as const;
  return { nests, scratchBytes: 4 * elements };
}

/** The element of the scratch memory that holds the current part of the nest's reduction number `number`. */
type Cell = (number: number) => Expression;

/** A loop, cut into parts. */
interface CutLoop {
  readonly rewriter: Rewriter;
  readonly loop: Variable;
  readonly part: Variable;
  readonly within: Variable;
}

function reduceParts(nest: Nest, cutLoop: CutLoop, cell: Cell): Nest {
  const { rewriter: { table }, loop, part, within } = cutLoop;
  const { outer, contraction, phases: [{ inner, reductions }] } = nest;
  const cut = cutter(cutLoop);
  const stores = reductions.map(({ id, dtype }, number) => ({
    slot: nest.slots.length,
    index: cell(number),
    value: table.result(dtype, id),
  }));
  return {
    ...nest,
    name: `${nest.name}, parts`,
    outer: [part, ...outer],
    phases: [
      {
        inner: inner.map((variable) => variable === loop ? within : variable),
        reductions: reductions.map((one) => ({ ...one, value: cut(one.value, identityOf(one.kind, one.dtype)) })),
        stores: [],
      },
      { inner: [], reductions: [], stores },
    ],
    ...(contraction ? { contraction: cutContraction(contraction, cutLoop, cut) } : {}),
  };
}

function joinParts(nest: Nest, { table }: Rewriter, part: Variable, cell: Cell): Nest {
  const { name, counters, outer, slots, phases: [{ reductions }, ...rest] } = nest;
  const joined = reductions.map((one, number) => ({
    ...one,
    value: table.load(one.dtype, slots.length, cell(number)),
  }));
  return {
    name: `${name}, joined`,
    counters,
    outer,
    slots,
    phases: [{ inner: [part], reductions: joined, stores: [] }, ...rest],
  };
}

type Cut = (value: Expression, otherwise: number) => Expression;

/** Makes values of one part; where the parts reach beyond the loop's end, `otherwise`. */
function cutter({ rewriter, loop, part, within }: CutLoop): Cut {
  const { table } = rewriter;
  const point = table.affine([[part, within.extent], [within, 1]]);
  const whole = part.extent * within.extent === loop.extent;
  const inside = whole ? point : table.apply("min", "i32", [point, table.literal("i32", loop.extent - 1)]);
  return (value, otherwise) => {
    const cut = rewriter.expression(value, new Map([[loop, inside]]));
    if (whole) return cut;
    const counts = table.apply("lt", "bool", [point, table.literal("i32", loop.extent)]);
    return table.apply("where", cut.dtype, [counts, cut, table.literal(cut.dtype, otherwise)]);
  };
}

function cutContraction(
  { batch, rows, columns, depth, left, right }: Contraction,
  { loop, part, within }: CutLoop,
  cut: Cut,
): Contraction {
  return {
    batch: [part, ...batch],
    rows,
    columns,
    depth: depth.map((variable) => variable === loop ? within : variable),
    left: cut(left, 0),
    right: cut(right, 0),
  };
}
