/**
 * Products and sums in which whole stretches of the depth are known to be zero: the taps of a padded convolution that fall
 * outside of the image for a whole row.
 *
 * Where a guard has a part that depends on one variable of a side and one of the depth only, the first becomes a loop
 * around the tiles and the second the outermost of the depth, and where that part is false nothing is computed.
 *
 * @module
 */

import { evaluateScalar } from "../../nest/scalar.ts";
import { children, type Expression, type Variable } from "../../nest/expression.ts";
import type { Phase } from "../../nest/nest.ts";

/** What decides whether a stretch of the depth counts. */
export interface Skip {
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
  const isKnown = (variables: ReadonlySet<Expression>): boolean =>
    [...variables].every((one) => one.kind === "variable" && !later.has(one));
  const parts = conjunctionOf(value.guard).map((part) => ({ part, known: isKnown(variablesOf(part)) }));
  const conditions = parts.filter(({ known }) => known).map(({ part }) => part);
  if (conditions.length === 0) return;
  const { guard: _, ...plain } = value;
  const left = parts.filter(({ known }) => !known).map(({ part }) => part);
  const guard = left.reduce<Expression | undefined>(
    (all, part) => all ? { kind: "apply", op: "and", dtype: "bool", args: [all, part] } : part,
    undefined,
  );
  const reduced: Expression = guard ? { ...plain, guard } : plain;
  return { loop, conditions, phase: { ...phase, reductions: [{ ...reduction, value: reduced }] } };
}

/** Pairs of values above this share are not worth a loop of their own. */
const MOST_TRUE = 0.85;
const MOST_PAIRS = 10_000;

/** The best pair of variables by which parts of the depth can be skipped, if there is one. */
export function skipOf(
  value: Expression,
  sideVariables: readonly Variable[],
  depth: readonly Variable[],
): Skip | undefined {
  if (value.kind !== "load" || !value.guard) return undefined;
  const parts = conjunctionOf(value.guard).map((part) => ({ part, variables: variablesOf(part) }));
  let best: Skip | undefined;
  let least = MOST_TRUE;
  for (const around of sideVariables) {
    for (const along of depth) {
      if (around.extent * along.extent > MOST_PAIRS) continue;
      const conditions = parts
        .filter(({ variables }) => variables.size === 2 && variables.has(around) && variables.has(along))
        .map(({ part }) => part);
      if (conditions.length === 0) continue;
      const share = shareOfTrue(conditions, around, along);
      if (share < least) {
        least = share;
        best = { around, along, conditions };
      }
    }
  }
  return best;
}

function conjunctionOf(guard: Expression): Expression[] {
  return guard.kind === "apply" && guard.op === "and" ? guard.args.flatMap(conjunctionOf) : [guard];
}

function variablesOf(expression: Expression): Set<Expression> {
  if (expression.kind === "variable" || expression.kind === "load") return new Set([expression]);
  return new Set(children(expression).flatMap((child) => [...variablesOf(child)]));
}

function shareOfTrue(conditions: readonly Expression[], around: Variable, along: Variable): number {
  let count = 0;
  for (let a = 0; a < around.extent; a++) {
    for (let b = 0; b < along.extent; b++) {
      const point = new Map<Expression, number>([[around, a], [along, b]]);
      if (conditions.every((condition) => valueAt(condition, point))) count++;
    }
  }
  return count / (around.extent * along.extent);
}

/** The value of an expression of variables at a point. */
function valueAt(e: Expression, point: ReadonlyMap<Expression, number>): number {
  switch (e.kind) {
    case "literal":
      return e.value;
    case "affine":
      return e.terms.reduce((sum, [term, coefficient]) => sum + coefficient * valueAt(term, point), e.constant);
    case "apply":
      return evaluateScalar(e.op, e.args.map((arg) => valueAt(arg, point)), { to: e.dtype, from: e.args[0].dtype });
    default:
      return point.get(e)!;
  }
}
