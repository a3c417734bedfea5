/**
 * Splitting long reductions: parts of the inner loops are reduced by different outer points into scratch memory, and a
 * second nest reduces the parts and does what followed.
 *
 * @module
 */

import type { Expression, Variable } from "../compile/expression.ts";
import { type Contraction, type Nest, pointsOf, type Reduction } from "../compile/nest.ts";
import { accumulatedType, identityOf, isPositional } from "./reductions.ts";
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
  const [{ inner, reductions }, ...rest] = nest.phases;
  const longest = inner.reduce((a, b) => b.extent > a.extent ? b : a);
  const length = Math.ceil(longest.extent / Math.min(wanted, longest.extent));
  const part = table.variable("part", Math.ceil(longest.extent / length));
  const within = table.variable("within", length);
  const scratch = nest.slots.length;
  const points = pointsOf(nest.outer);
  const cell = (number: number): Expression =>
    table.affine([[part, points], [rewriter.flatten(nest.outer), 1]], number * part.extent * points);
  const cut = cutter(rewriter, longest, part, within);
  const slots = (access: "read" | "write") => [
    ...nest.slots,
    { dtype: reductions[0].dtype, elements: reductions.length * part.extent * points, access },
  ];
  const first: Nest = {
    name: `${nest.name}, parts`,
    slots: slots("write"),
    counters: nest.counters,
    outer: [part, ...nest.outer],
    phases: [
      {
        inner: inner.map((variable) => variable === longest ? within : variable),
        reductions: reductions.map((one) => ({
          ...one,
          value: cut(one.value, identityOf(one.kind, accumulatedType(one))),
        })),
        stores: [],
      },
      {
        inner: [],
        reductions: [],
        stores: reductions.map(({ id, dtype }, number) => ({
          slot: scratch,
          index: cell(number),
          value: table.result(dtype, id),
        })),
      },
    ],
    ...(nest.contraction ? { contraction: cutContraction(nest.contraction, longest, part, within, cut) } : {}),
  };
  const join = (one: Reduction, number: number): Reduction => ({
    ...one,
    value: table.load(one.dtype, scratch, cell(number)),
  });
  const second: Nest = {
    name: `${nest.name}, joined`,
    slots: slots("read"),
    counters: nest.counters,
    outer: nest.outer,
    phases: [{ inner: [part], reductions: reductions.map(join), stores: [] }, ...rest],
  };
  return { nests: [first, second], scratchBytes: 4 * reductions.length * part.extent * points };
}

type Cut = (value: Expression, otherwise: number) => Expression;

/** Makes values of one part; where the parts reach beyond the loop's end, `otherwise`. */
function cutter(rewriter: Rewriter, loop: Variable, part: Variable, within: Variable): Cut {
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
  loop: Variable,
  part: Variable,
  within: Variable,
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
