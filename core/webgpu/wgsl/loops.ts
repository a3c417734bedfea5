/**
 * Loops in WGSL, and loops that are written out.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import type { Emitter } from "./emitter.ts";

/** Writes nested loops over `variables`, outermost first. */
export function openLoops(emitter: Emitter, variables: readonly Variable[], body: () => void): void {
  const [variable, ...rest] = variables;
  if (!variable) return body();
  const name = emitter.name("n");
  emitter.within(`for (var ${name} = 0; ${name} < ${variable.extent}; ${name}++)`, () => {
    emitter.bind(variable, name);
    openLoops(emitter, rest, body);
  });
}

/** The innermost loops that are written out, as their points are no more than `limit`. */
export function unrolledLoops(inner: readonly Variable[], limit: number): Variable[] {
  let first = inner.length;
  while (first > 0 && pointsOf(inner.slice(first - 1)) <= limit) first--;
  return inner.slice(first);
}

/** Calls `visit` with the values of `variables` at every point, row-major. */
export function eachPoint(variables: readonly Variable[], visit: (values: readonly number[]) => void): void {
  const points = pointsOf(variables);
  for (let point = 0; point < points; point++) {
    let rest = point;
    const values = variables.map(() => 0);
    for (let axis = variables.length - 1; axis >= 0; axis--) {
      values[axis] = rest % variables[axis].extent;
      rest = Math.floor(rest / variables[axis].extent);
    }
    visit(values);
  }
}
