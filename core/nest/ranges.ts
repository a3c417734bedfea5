/**
 * The values that whole-number expressions can take.
 *
 * @module
 */

import type { Affine, Apply, Expression } from "./expression.ts";
import type { ScalarOp } from "../scalar/operations.ts";

/** The smallest and the largest value of an integer expression. */
export type Range = readonly [least: number, greatest: number];

/** The ranges of the parts of an expression; null if unknown. */
export type RangeOf = (expression: Expression) => Range | null;

/** The range of an i32 expression, from the ranges of its parts; null if it may overflow or is unknown. */
export function rangeOf(expression: Expression, partRange: RangeOf): Range | null {
  switch (expression.kind) {
    case "literal":
      return [expression.value, expression.value];
    case "variable":
      return [0, Math.max(0, expression.extent - 1)];
    case "affine":
      return rangeOfSum(expression, partRange);
    case "apply":
      return rangeOfOperation(expression, partRange);
    case "checked":
      return partRange(expression.index);
    default:
      return null;
  }
}

function rangeOfSum({ terms, constant }: Affine, partRange: RangeOf): Range | null {
  let [low, high] = [constant, constant];
  for (const [term, coefficient] of terms) {
    const range = partRange(term);
    if (!range) return null;
    low += Math.min(coefficient * range[0], coefficient * range[1]);
    high += Math.max(coefficient * range[0], coefficient * range[1]);
  }
  return low < -(2 ** 31) || high >= 2 ** 31 ? null : [low, high];
}

type Operation = (a: Range | null, b: Range | null) => Range | null;

const extreme = (pick: (a: number, b: number) => number): Operation => (a, b) =>
  a && b && [pick(a[0], b[0]), pick(a[1], b[1])];

/** The value of a divisor, if it is known and positive. */
const divisorOf = (b: Range | null): number | undefined => b && b[0] === b[1] && b[0] > 0 ? b[0] : undefined;

/** The ranges of results, from the ranges of the last two operands. */
const operations: Partial<Record<ScalarOp, Operation>> = {
  max: extreme(Math.max),
  min: extreme(Math.min),
  where: (a, b) => a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])],
  div: (a, b) => {
    const divisor = divisorOf(b);
    return a && divisor !== undefined ? [Math.trunc(a[0] / divisor), Math.trunc(a[1] / divisor)] : null;
  },
  mod: (a, b) => {
    const divisor = divisorOf(b);
    if (divisor === undefined) return null;
    return a && a[0] >= 0 ? [0, divisor - 1] : [1 - divisor, divisor - 1];
  },
};

function rangeOfOperation({ op, dtype, args }: Apply, partRange: RangeOf): Range | null {
  if (dtype === "bool") return [0, 1];
  if (dtype !== "i32") return null;
  const [a, b] = args.slice(-2).map((arg) => arg.dtype === "i32" ? partRange(arg) : null);
  return operations[op]?.(a, b) ?? null;
}
