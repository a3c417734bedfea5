/**
 * The map schedule: one thread for each outer point, inner loops one after the other in the thread.
 *
 * @module
 */

import type { Expression, Variable } from "../compile/expression.ts";
import { type Nest, type Phase, pointsOf } from "../compile/nest.ts";
import { Emitter } from "./emitter.ts";
import { bindCounters, groupNumber, type Kernel, moduleText, spread } from "./kernel.ts";
import { accumulate, type Accumulator, declareAccumulator, isPositional, resultName } from "./reductions.ts";
import { Rewriter } from "./rewrite.ts";
import type { MapSchedule } from "./schedule.ts";

/** Writes the kernel of `nest` with one thread for each outer point. */
export function renderMap(nest: Nest, { lanes, unroll }: MapSchedule): Kernel {
  const points = pointsOf(nest.outer);
  const workgroups = spread(Math.ceil(points / lanes));
  const emitter = new Emitter(nest.slots);
  const rewriter = new Rewriter();
  const point = rewriter.table.variable("point", points);
  bindCounters(nest, emitter);
  emitter.line(`let number = ${groupNumber(workgroups)} * ${lanes}u + lane;`);
  emitter.line(`if (number >= ${points}u) { return; }`);
  emitter.line(`let point = i32(number);`);
  emitter.bind(point, "point");
  const replacements = rewriter.unflatten(nest.outer, point);
  for (const phase of nest.phases) {
    renderPhase(emitter, rewriter, rewriter.phase(phase, replacements), unroll);
  }
  const code = moduleText(nest, emitter, lanes);
  return {
    name: nest.name,
    schedule: `map, ${lanes} lanes`,
    code,
    slots: nest.slots,
    counters: nest.counters,
    workgroups: points === 0 ? [0, 1, 1] : workgroups,
  };
}

/** Writes a phase whose inner loops run one after the other in the thread. */
export function renderPhase(emitter: Emitter, rewriter: Rewriter, phase: Phase, unroll: number): void {
  const accumulators = phase.reductions.map((reduction) => declareAccumulator(emitter, reduction));
  const position = phase.reductions.some(({ kind }) => isPositional(kind)) ? rewriter.flatten(phase.inner) : undefined;
  const unrolled = unrolledLoops(phase.inner, unroll);
  const loops = phase.inner.slice(0, phase.inner.length - unrolled.length);
  openLoops(emitter, loops, () => {
    eachPoint(unrolled, (values) => {
      const replacements = new Map(
        unrolled.map((variable, axis) => [variable, rewriter.table.literal("i32", values[axis])] as const),
      );
      const at = position && rewriter.expression(position, replacements);
      renderPoint(emitter, rewriter.phase(phase, replacements), accumulators, at);
    });
  });
  for (const accumulator of accumulators) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(rewriter.table.result(dtype, id), resultName(accumulator));
  }
}

function renderPoint(
  emitter: Emitter,
  phase: Phase,
  accumulators: readonly Accumulator[],
  position: Expression | undefined,
): void {
  accumulators.forEach((accumulator, number) =>
    accumulate(emitter, { ...accumulator, reduction: phase.reductions[number] }, position)
  );
  emitter.stores(phase.stores);
}

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
