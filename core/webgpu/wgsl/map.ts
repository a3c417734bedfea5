/**
 * The map schedule: one thread for each outer point, inner loops one after the other in the thread.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { Emitter } from "./emitter.ts";
import { bindCounters, groupNumber, type Kernel, moduleText, spread } from "./kernel.ts";
import { accumulate, declareAccumulator, isPositional, resultName } from "./reductions.ts";
import { Rewriter } from "../schedule/rewrite.ts";
import type { MapSchedule } from "../schedule/schedule.ts";
import { vectorSlots, vectorWidth } from "../schedule/vectors.ts";

/** Writes the kernel of `nest` with a thread for each outer point, or for four neighbours. */
export function renderMap(nest: Nest, { lanes, unroll, vectors }: MapSchedule): Kernel {
  const points = pointsOf(nest.outer);
  const rewriter = new Rewriter();
  const plain = openThreads(nest, rewriter, 1);
  const wide = vectors && points % vectorWidth === 0 ? openThreads(nest, rewriter, vectorWidth) : undefined;
  const fit = wide ? vectorSlots(rewriter.table, nest.slots, wide.points) : new Set<number>();
  const storesFit = nest.phases.every(({ stores }) => stores.every(({ slot }) => fit.has(slot)));
  const threads = wide && storesFit ? wide : plain;
  const count = points / threads.points.length;
  const workgroups = spread(Math.ceil(count / lanes));
  const emitter = new Emitter(nest.slots, threads === wide ? fit : new Set(), rewriter.table);
  bindCounters(nest, emitter);
  emitter.line(`let number = ${groupNumber(workgroups)} * ${lanes}u + lane;`);
  emitter.line(`if (number >= ${count}u) { return; }`);
  emitter.line("let thread = i32(number);");
  emitter.bind(threads.thread, "thread");
  nest.phases.forEach((_, phase) =>
    renderPhase(emitter, rewriter, threads.points.map((phases) => phases[phase]), unroll)
  );
  return {
    name: nest.name,
    schedule: `map, ${lanes} lanes${threads === wide ? " of 4 points" : ""}`,
    code: moduleText(nest, emitter, lanes),
    slots: nest.slots,
    counters: nest.counters,
    workgroups: points === 0 ? [0, 1, 1] : workgroups,
  };
}

/** The nest's phases for each of `width` neighbouring points of a thread; each point's reductions have their own numbers. */
function openThreads(nest: Nest, rewriter: Rewriter, width: number): { thread: Variable; points: Phase[][] } {
  const { table } = rewriter;
  const thread = table.variable("thread", pointsOf(nest.outer) / width);
  const points = Array.from({ length: width }, (_, place) => {
    const replacements = rewriter.unflatten(nest.outer, table.affine([[thread, width]], place));
    const renumber = (id: number): number => id * width + place;
    return nest.phases.map((phase) => rewriter.phase(phase, replacements, renumber));
  });
  return { thread, points };
}

/** Writes a phase, given for each point of the thread; its inner loops run one after the other. */
function renderPhase(emitter: Emitter, rewriter: Rewriter, points: readonly Phase[], unroll: number): void {
  const { inner, reductions } = points[0];
  const accumulators = points.map((phase) => phase.reductions.map((one) => declareAccumulator(emitter, one)));
  const position = reductions.some(({ kind }) => isPositional(kind)) ? rewriter.flatten(inner) : undefined;
  const unrolled = unrolledLoops(inner, Math.floor(unroll / points.length));
  openLoops(emitter, inner.slice(0, inner.length - unrolled.length), () => {
    eachPoint(unrolled, (values) => {
      const replacements = new Map(
        unrolled.map((variable, axis) => [variable, rewriter.table.literal("i32", values[axis])] as const),
      );
      const at = position && rewriter.expression(position, replacements);
      const stores = points.flatMap((phase, point) => {
        const here = rewriter.phase(phase, replacements);
        accumulators[point].forEach((accumulator, number) =>
          accumulate(emitter, { ...accumulator, reduction: here.reductions[number] }, at)
        );
        return here.stores;
      });
      emitter.stores(stores);
    });
  });
  for (const accumulator of accumulators.flat()) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(rewriter.table.result(dtype, id), resultName(accumulator));
  }
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
