/**
 * The map schedule: one thread for each outer point, with the inner loops in the thread.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { isPositional } from "../../nest/reduction_kinds.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { countersAt, pointNumber } from "../../nest/row_major.ts";
import type { MapSchedule } from "../schedule/schedule.ts";
import { vectorSlots, vectorWidth } from "../schedule/vectors.ts";
import { bindCounters, bodyOf, groupText, type KernelBody } from "./body.ts";
import { Emitter } from "./emitter.ts";
import { eachPoint, openLoops, unrolledLoops } from "./loops.ts";
import { Accumulators, resultName, writeAccumulation } from "./reductions.ts";

/** Writes the body of `nest` with one thread for each outer point, or for four neighboring ones. */
export function renderMap(nest: Nest, { lanes, unroll, vectors }: MapSchedule): KernelBody {
  const points = pointsOf(nest.outer);
  const table = new ExpressionTable();
  const plain = openThreads(nest, table, 1);
  const wide = vectors && points % vectorWidth === 0 ? openThreads(nest, table, vectorWidth) : undefined;
  const fit = wide ? vectorSlots(table, nest.slots, wide.points) : new Set<number>();
  const storesFit = nest.phases.every(({ stores }) => stores.every(({ slot }) => fit.has(slot)));
  const threads = wide && storesFit ? wide : plain;
  const count = points / threads.points.length;
  const groups = Math.ceil(count / lanes);
  const emitter = new Emitter(nest.slots, threads === wide ? fit : new Set(), table);
  bindCounters(nest, emitter);
  emitter.line(`let number = ${groupText(groups)} * ${lanes}u + lane;`);
  emitter.line(`if (number >= ${count}u) { return; }`);
  emitter.line("let thread = i32(number);");
  emitter.bind(threads.thread, "thread");
  nest.phases.forEach((_, phase) => renderPhase(emitter, threads.points.map((phases) => phases[phase]), unroll));
  const schedule = `map, ${lanes} lanes${threads === wide ? " of 4 points" : ""}`;
  return bodyOf(nest, emitter, { schedule, lanes, groups });
}

/** A thread, and the nest's phases for each of its points. */
interface MapThread {
  readonly thread: Variable;
  readonly points: readonly (readonly Phase[])[];
}

/** The nest's phases for each of `width` neighboring points of a thread. Reductions have a number for each point. */
function openThreads(nest: Nest, table: ExpressionTable, width: number): MapThread {
  const thread = table.variable("thread", pointsOf(nest.outer) / width);
  const points = Array.from({ length: width }, (_, place) => {
    const replacements = countersAt(table, nest.outer, table.affine([[thread, width]], place));
    const reduction = (id: number): number => id * width + place;
    const expression = table.substitution(replacements, { renumber: reduction });
    return nest.phases.map((phase) => mapPhase(phase, { expression, reduction }));
  });
  return { thread, points };
}

/** Writes a phase for all points of the thread. */
export function renderPhase(emitter: Emitter, points: readonly Phase[], unroll: number): void {
  const { table } = emitter;
  const { inner, reductions } = points[0];
  const accumulators = new Accumulators(emitter, points.flatMap((phase) => phase.reductions));
  const position = reductions.some(({ kind }) => isPositional(kind)) ? pointNumber(table, inner) : undefined;
  const unrolled = unrolledLoops(inner, Math.floor(unroll / points.length));
  const lengths = accumulators.blocksOf(inner.map(({ extent }) => extent));
  openLoops(emitter, inner.slice(0, inner.length - unrolled.length), () => {
    eachPoint(unrolled, (values) => {
      const counters = unrolled.map((variable, axis) => [variable, table.literal("i32", values[axis])] as const);
      const expression = table.substitution(new Map(counters));
      const at = position && expression(position);
      const stores = points.flatMap((phase, point) => {
        const here = mapPhase(phase, { expression });
        here.reductions.forEach((reduction, number) => {
          const accumulator = accumulators.current[point * reductions.length + number];
          writeAccumulation(emitter, { ...accumulator, reduction }, at);
        });
        return here.stores;
      });
      emitter.stores(stores);
    });
  }, { lengths, block: accumulators.block });
  for (const accumulator of accumulators.current) {
    const { id, dtype } = accumulator.reduction;
    emitter.bind(table.result(dtype, id), resultName(accumulator));
  }
}
