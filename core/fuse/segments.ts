/**
 * Cuts a loop into equal parts over which one loop runs in parallel, if the parts compute different things. In a
 * concatenation of four, each point then computes four elements, instead of choosing among four ways for each element.
 * If elements of several tensors alternate, the parts are those of every second, third or later element.
 *
 * @module
 */

import { contains, dependsOn, type Expression, type Variable, walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { NestBody, Phase, Store } from "../nest/nest.ts";
import { mapStore } from "../nest/rewrite.ts";

const MOST_SEGMENTS = 8;
/** Loops whose parts would be shorter than this are not cut. */
const LEAST_EXTENT = 16;
/** The fraction of the work that cutting must save. */
const LEAST_SPARED = 0.25;

const isLoad = ({ kind }: Expression): boolean => kind === "load";

/** Counts the choices whose conditions depend on a loop alone, and not on the data. */
function choicesAlong(stores: readonly Store[], variable: Variable): number {
  let count = 0;
  walk(stores.map(({ value }) => value), (e) => {
    if (e.kind !== "apply" || e.op !== "where") return;
    if (dependsOn(e.args[0], variable) && !contains(e.args[0], isLoad)) count++;
  });
  return count;
}

/** Counts operations and loads for one point. */
function workOf(stores: readonly Store[]): number {
  let count = 0;
  walk(stores.map(({ value }) => value), (e) => {
    if (e.kind === "apply" || e.kind === "load") count++;
  });
  return count;
}

/** A loop and the equal parts to cut it into. */
interface Cut {
  readonly variable: Variable;
  readonly count: number;
  /** Whether the elements of the parts alternate. */
  readonly alternate: boolean;
}

function cut(stores: readonly Store[], { variable, count, alternate }: Cut, table: ExpressionTable): {
  readonly variable: Variable;
  readonly stores: readonly Store[];
} {
  const extent = variable.extent / count;
  const part = table.variable(variable.name.replace(/\d+$/, ""), extent);
  const segments = Array.from({ length: count }, (_, i) => {
    const position = alternate ? table.affine([[part, count]], i) : table.affine([[part, 1]], i * extent);
    const replacements = new Map<Expression, Expression>([[variable, position]]);
    const change = table.substitution(replacements);
    return stores.map((store) => mapStore(store, change));
  });
  return { variable: part, stores: segments.flat() };
}

/** Returns the ways to cut a loop, of which the first one that saves enough is taken. */
function* cutsOf(variable: Variable): Generator<Cut> {
  for (const alternate of [false, true]) {
    for (let count = 2; count <= MOST_SEGMENTS; count++) {
      if (variable.extent % count === 0 && variable.extent / count >= LEAST_EXTENT) {
        yield { variable, count, alternate };
      }
    }
  }
}

/** Returns the nest with loops cut, or the nest itself if that saves little. */
export function segmented<N extends NestBody>(nest: N, table: ExpressionTable): N {
  const [phase, ...others] = nest.phases;
  if (nest.contraction || others.length > 0 || phase.reductions.length > 0 || phase.inner.length > 0) return nest;
  if (phase.stores.some(({ add }) => add)) return nest;
  const whole = workOf(phase.stores);
  for (const variable of nest.outer) {
    if (choicesAlong(phase.stores, variable) === 0) continue;
    for (const way of cutsOf(variable)) {
      const parts = cut(phase.stores, way, table);
      if (workOf(parts.stores) > (1 - LEAST_SPARED) * way.count * whole) continue;
      if (choicesAlong(parts.stores, parts.variable) > 0) continue;
      const cutPhase: Phase = { ...phase, stores: parts.stores };
      const outer = nest.outer.map((one) => one === variable ? parts.variable : one);
      return segmented({ ...nest, outer, phases: [cutPhase] }, table);
    }
  }
  return nest;
}
