/**
 * Keeps a value that one phase computes for each point of a row, for a later phase that needs it again. So the
 * exponentials of a softmax are computed once instead of twice.
 *
 * @module
 */

import { contains, type Expression, type Variable, walk } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { computedValuesOf, type Nest, type Phase, pointsOf, type Slot, type Store } from "../../nest/nest.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { pointNumber } from "../../nest/row_major.ts";
import { isCostly } from "../scalar/operations.ts";

/** A nest whose last slot is a row of values, of which each thread has its own. */
export interface CachedNest {
  readonly nest: Nest;
  readonly rowBytes: number;
}

/** Rows longer than this would leave the first-level cache. */
const MOST_ROW_BYTES = 65536;

/** The nest with one costly value kept from a phase for a later one; undefined if there is none. */
export function withRowCache(nest: Nest): CachedNest | undefined {
  const { phases } = nest;
  for (const [i, made] of phases.entries()) {
    for (const used of phases.slice(i + 1)) {
      const shared = sharedValue(made, used);
      const rowBytes = 4 * pointsOf(made.inner);
      if (shared && rowBytes <= MOST_ROW_BYTES) return { nest: keeping(nest, shared), rowBytes };
    }
  }
  return undefined;
}

/** A value of a phase. */
interface PhaseValue {
  readonly phase: Phase;
  readonly value: Expression;
}

/** The same value in two phases, each in terms of its own variables. */
interface SharedValue {
  readonly made: PhaseValue;
  readonly used: PhaseValue;
}

/** The largest costly expression that both phases compute for each point. */
function sharedValue(made: Phase, used: Phase): SharedValue | undefined {
  const alike = made.inner.length === used.inner.length &&
    made.inner.every(({ extent }, i) => extent === used.inner[i].extent);
  if (!alike) return undefined;
  const known: Expression[] = [];
  walk(computedValuesOf({ phases: [made] }), (e) => {
    if (e.kind === "apply" && e.dtype === "f32") known.push(e);
  });
  const pairs = new Map(used.inner.map((variable, i): [Expression, Variable] => [variable, made.inner[i]]));
  let result: SharedValue | undefined;
  walk(computedValuesOf({ phases: [used] }), (e) => {
    if (e.kind !== "apply" || e.dtype !== "f32" || !isCostly(e.op) || !contains(e, (part) => pairs.has(part))) return;
    const twin = known.find((one) => equalUnder(pairs, e, one));
    if (twin) result = { made: { phase: made, value: twin }, used: { phase: used, value: e } };
  });
  return result;
}

/** Whether `a` becomes `b` when its variables are replaced by their pairs. */
function equalUnder(pairs: ReadonlyMap<Expression, Variable>, a: Expression, b: Expression): boolean {
  const same = (x: Expression, y: Expression): boolean => equalUnder(pairs, x, y);
  if (a.kind === "variable") return (pairs.get(a) ?? a) === b;
  if (a === b && !contains(a, (part) => pairs.has(part))) return true;
  if (a.kind === "apply" && b.kind === "apply") {
    return a.op === b.op && a.dtype === b.dtype && a.args.every((arg, i) => same(arg, b.args[i]));
  }
  if (a.kind === "load" && b.kind === "load") {
    const guards = a.guard && b.guard ? same(a.guard, b.guard) : a.guard === b.guard;
    return a.slot === b.slot && a.dtype === b.dtype && guards && same(a.index, b.index);
  }
  if (a.kind === "affine" && b.kind === "affine") {
    return a.constant === b.constant && a.terms.length === b.terms.length &&
      a.terms.every(([term, factor]) => b.terms.some(([other, c]) => c === factor && same(term, other)));
  }
  return false;
}

/** The nest in which one phase stores the value in a row, and the other one loads it. */
function keeping(nest: Nest, { made, used }: SharedValue): Nest {
  const table = new ExpressionTable();
  const row: Slot = { dtype: "f32", elements: pointsOf(made.phase.inner), access: "readwrite" };
  const slot = nest.slots.length;
  const store: Store = { slot, index: pointNumber(table, made.phase.inner), value: made.value };
  const load = table.load("f32", slot, pointNumber(table, used.phase.inner));
  const expression = table.substitution(new Map([[used.value, load]]));
  const phases = nest.phases.map((phase): Phase => {
    if (phase === made.phase) return { ...phase, stores: [...phase.stores, store] };
    return phase === used.phase ? mapPhase(phase, { expression }) : phase;
  });
  return { ...nest, slots: [...nest.slots, row], phases };
}
