/**
 * Products and sums in which whole ranges of the depth are known to be zero, such as the taps of a padded convolution
 * that are outside the image for a whole row.
 *
 * If a part of a guard depends only on one variable of a side and one of the depth, the first becomes a loop around the
 * tiles and the second the outermost loop of the depth, and nothing is computed for iterations in which the part is
 * false.
 *
 * @module
 */

import { evaluateExpression } from "../../nest/evaluate.ts";
import { type Expression, type Variable, walk } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Phase } from "../../nest/nest.ts";

/** The conditions that decide which ranges of the depth can be skipped. */
export interface DepthSkip {
  /** The variable of the side. */
  readonly around: Variable;
  /** The variable of the depth. */
  readonly along: Variable;
  /** All of these must be true. */
  readonly conditions: readonly Expression[];
}

/** A sum of loads that are zero unless some conditions hold. These depend on no counter after the first inner one. */
export interface GuardedSum {
  readonly loop: Variable;
  /** All of these must be true; the same in all lanes. */
  readonly conditions: readonly Expression[];
  /** The sum without these conditions. */
  readonly phase: Phase;
}

/** The sum of a phase if iterations of its first loop can be skipped, such as rows of a window outside the image. */
export function guardedSum(phase: Phase, lanes: Variable | undefined): GuardedSum | undefined {
  const { inner: [loop, ...rest], reductions: [reduction, ...others], stores } = phase;
  if (rest.length === 0 || !reduction || others.length > 0 || stores.length > 0 || reduction.kind !== "sum") return;
  const { value } = reduction;
  if (value.kind !== "load" || !value.guard) return;
  const later = new Set<Expression>(lanes ? [lanes, ...rest] : rest);
  const parts = conjunctionOf(value.guard).map((part) => ({
    part,
    known: [...leavesOf(part)].every((one) => one.kind === "variable" && !later.has(one)),
  }));
  const conditions = parts.filter(({ known }) => known).map(({ part }) => part);
  if (conditions.length === 0) return;
  const table = new ExpressionTable();
  const guard = parts.filter(({ known }) => !known).map(({ part }) => table.adopt(part))
    .reduce<Expression | undefined>((all, part) => table.both(all, part), undefined);
  const reduced = table.load(value.dtype, value.slot, table.adopt(value.index), { guard });
  return { loop, conditions, phase: { ...phase, reductions: [{ ...reduction, value: reduced }] } };
}

/** If the conditions hold for a larger share of the values, skipping the rest is not worth a loop. */
const MOST_TRUE = 0.85;
const MOST_PAIRS = 10_000;

/** The best pair of variables by which parts of the depth can be skipped, if there is one. */
export function skipOf(
  value: Expression,
  sideVariables: readonly Variable[],
  depth: readonly Variable[],
): DepthSkip | undefined {
  if (value.kind !== "load" || !value.guard) return undefined;
  const parts = conjunctionOf(value.guard).map((part) => ({ part, leaves: leavesOf(part) }));
  let best: DepthSkip | undefined;
  let least = MOST_TRUE;
  for (const around of sideVariables) {
    for (const along of depth) {
      if (around.extent * along.extent > MOST_PAIRS) continue;
      const conditions = parts
        .filter(({ leaves }) => leaves.size === 2 && leaves.has(around) && leaves.has(along))
        .map(({ part }) => part);
      if (conditions.length === 0) continue;
      const skip = { around, along, conditions };
      const share = shareOfTrue(skip);
      if (share < least) {
        least = share;
        best = skip;
      }
    }
  }
  return best;
}

/** The parts of a condition that all must hold. */
export function conjunctionOf(guard: Expression): Expression[] {
  return guard.kind === "apply" && guard.op === "and" ? guard.args.flatMap(conjunctionOf) : [guard];
}

/** The variables, loads and results that an expression depends on. */
function leavesOf(expression: Expression): Set<Expression> {
  const leaves = new Set<Expression>();
  walk([expression], (e) => {
    if (e.kind === "variable" || e.kind === "load" || e.kind === "result") leaves.add(e);
  });
  return leaves;
}

/** The share of the pairs of values for which all conditions hold. */
function shareOfTrue({ around, along, conditions }: DepthSkip): number {
  let count = 0;
  for (let a = 0; a < around.extent; a++) {
    for (let b = 0; b < along.extent; b++) {
      const surroundings = {
        variable: (one: Variable) => one === around ? a : b,
        result: notYetKnown,
        load: notYetKnown,
      };
      if (conditions.every((condition) => evaluateExpression(condition, surroundings))) count++;
    }
  }
  return count / (around.extent * along.extent);
}

function notYetKnown(): never {
  throw new Error("Cannot evaluate a condition: it depends on values that are known only while the kernel runs");
}
