/**
 * Keeps what one phase computes for each point of a row for the phases that compute it again: the exponentials of a
 * softmax are taken once, not twice.
 *
 * @module
 */

import { type Expression, type Variable, walk } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf, type Store } from "../../nest/nest.ts";
import { rowMajor } from "../../nest/strides.ts";
import { isCostly } from "./schedule.ts";

/** A nest whose last slot is a row of values, which each thread has for itself. */
export interface CachedNest {
  readonly nest: Nest;
  readonly rowBytes: number;
}

/** Rows longer than this would leave the first-level cache. */
const MOST_ROW_BYTES = 65536;

/** The nest with one costly value kept from a phase for a later one; undefined where there is none. */
export function withRowCache(nest: Nest): CachedNest | undefined {
  const { phases } = nest;
  for (let made = 0; made < phases.length; made++) {
    for (let used = made + 1; used < phases.length; used++) {
      const shared = sharedValue(phases[made], phases[used]);
      const rowBytes = 4 * pointsOf(phases[made].inner);
      if (shared && rowBytes <= MOST_ROW_BYTES) return { nest: rewrite(nest, made, used, shared), rowBytes };
    }
  }
  return undefined;
}

/** The same value in two phases, by the variables of each. */
interface Shared {
  readonly made: Expression;
  readonly used: Expression;
}

function rootsOf({ reductions, stores }: Phase): Expression[] {
  return [...reductions.map(({ value }) => value), ...stores.map(({ value }) => value)];
}

/** The greatest costly value that is computed for each point of both phases. */
function sharedValue(made: Phase, used: Phase): Shared | undefined {
  const alike = made.inner.length > 0 && made.inner.length === used.inner.length &&
    made.inner.every(({ extent }, i) => extent === used.inner[i].extent);
  if (!alike) return undefined;
  const known: Expression[] = [];
  walk(rootsOf(made), (e) => {
    if (e.kind === "apply" && e.dtype === "f32") known.push(e);
  });
  const pairs = new Map(used.inner.map((variable, i): [Variable, Variable] => [variable, made.inner[i]]));
  let result: Shared | undefined;
  walk(rootsOf(used), (e) => {
    if (e.kind !== "apply" || e.dtype !== "f32" || !isCostly(e.op) || !dependsOnAny(e, pairs)) return;
    const twin = known.find((one) => equalUnder(pairs, e, one));
    if (twin) result = { made: twin, used: e };
  });
  return result;
}

/** Whether `a` becomes `b` when its variables are replaced by their pairs. */
function equalUnder(pairs: ReadonlyMap<Variable, Variable>, a: Expression, b: Expression): boolean {
  const same = (x: Expression, y: Expression): boolean => equalUnder(pairs, x, y);
  if (a.kind === "variable") return (pairs.get(a) ?? a) === b;
  if (a === b && !dependsOnAny(a, pairs)) return true;
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

function dependsOnAny(e: Expression, pairs: ReadonlyMap<Variable, Variable>): boolean {
  let found = false;
  walk([e], (one) => found ||= one.kind === "variable" && pairs.has(one));
  return found;
}

function rewrite(nest: Nest, made: number, used: number, shared: Shared): Nest {
  const slot = nest.slots.length;
  const elements = pointsOf(nest.phases[made].inner);
  const keep: Store = { slot, index: rowMajor(nest.phases[made].inner), value: shared.made };
  const kept: Expression = { kind: "load", dtype: "f32", slot, index: rowMajor(nest.phases[used].inner) };
  const phases = nest.phases.map((phase, i): Phase => {
    if (i === made) return { ...phase, stores: [...phase.stores, keep] };
    return i === used ? replaceIn(phase, shared.used, kept) : phase;
  });
  return { ...nest, slots: [...nest.slots, { dtype: "f32", elements, access: "readwrite" }], phases };
}

function replaceIn({ inner, reductions, stores }: Phase, from: Expression, to: Expression): Phase {
  const done = new Map<Expression, Expression>([[from, to]]);
  const go = (e: Expression): Expression => {
    if (e.kind !== "apply") return e;
    const known = done.get(e) ?? { ...e, args: e.args.map(go) };
    done.set(e, known);
    return known;
  };
  return {
    inner,
    reductions: reductions.map((reduction) => ({ ...reduction, value: go(reduction.value) })),
    stores: stores.map((store) => ({ ...store, value: go(store.value) })),
  };
}
