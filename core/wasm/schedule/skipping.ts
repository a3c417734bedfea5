/**
 * Products and sums in which whole stretches of the depth are known to be zero: the taps of a padded convolution that fall
 * outside the image for a whole row.
 *
 * Where a guard has a part that depends on one variable of a side and one of the depth only, the first becomes a loop
 * around the tiles and the second the outermost of the depth, and where that part is false nothing is computed.
 *
 * @module
 */

import { evaluateExpression } from "../../nest/evaluate.ts";
import { type Expression, type Variable, walk } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import type { Phase } from "../../nest/nest.ts";

/** What decides whether a stretch of the depth counts. */
export interface DepthSkip {
  /** The variable of the side. */
  readonly around: Variable;
  /** The variable of the depth. */
  readonly along: Variable;
  /** All of these must be true. */
  readonly conditions: readonly Expression[];
}

/** A sum over a load that is zero wherever some conditions fail, which are known once its first loop's counter is. */
export interface GuardedSum {
  readonly loop: Variable;
  /** All of these must be true; the same in all lanes. */
  readonly conditions: readonly Expression[];
  /** The sum without these conditions. */
  readonly phase: Phase;
}

/** The sum of a phase, where turns of its first loop can be skipped: the rows that windows do not reach. */
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

/** If the conditions hold for a larger share of the values, skipping the others is not worth a loop. */
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

function conjunctionOf(guard: Expression): Expression[] {
  return guard.kind === "apply" && guard.op === "and" ? guard.args.flatMap(conjunctionOf) : [guard];
}

/** What an expression depends on: variables, and what is not known before the kernel runs. */
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
  throw new Error("a condition depends on what only a kernel can know");
}
