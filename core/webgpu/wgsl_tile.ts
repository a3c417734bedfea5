/**
 * The tile schedule: contractions with a tile of sums in the registers of each thread.
 *
 * @module
 */

import type { Expression, Variable } from "../compile/expression.ts";
import { type Nest, type Phase, pointsOf } from "../compile/nest.ts";
import { groupNumber, type Kernel, moduleText, spread } from "./kernel.ts";
import type { TileSchedule } from "./schedule.ts";
import {
  addProducts,
  declareSums,
  loopsAt,
  openFrame,
  placeOf,
  pointOf,
  type Side,
  sumName,
  tileCount,
  type TileFrame,
  tilePoints,
} from "./tile_frame.ts";
import { eachPoint, openLoops, unrolledLoops } from "./wgsl_map.ts";
import { stageTiles } from "./wgsl_stage.ts";

/**
 * Writes the kernel of a contraction.
 *
 * @throws {TypeError} if the nest is not {@linkcode isTileable}.
 */
export function renderTile(nest: Nest, schedule: TileSchedule): Kernel {
  const frame = openFrame(nest, schedule);
  const { emitter, along, across, contraction } = frame;
  const groups = pointsOf(contraction.batch) * tileCount(along) * tileCount(across);
  const workgroups = spread(groups);
  locate(frame, groupNumber(workgroups), groups);
  const globals = schedule.staged > 0 ? stageTiles(frame) : multiplyFromBuffers(frame);
  finish(frame);
  const { alongThreads, acrossThreads, alongEach, acrossEach } = schedule;
  return {
    name: nest.name,
    schedule:
      `tile, ${schedule.along} along ${alongThreads} threads of ${alongEach}, ${acrossThreads} of ${acrossEach} ` +
      `across, ${schedule.staged > 0 ? `${schedule.staged} deep in workgroup memory` : "from the buffers"}`,
    code: moduleText(nest, emitter, alongThreads * acrossThreads, globals),
    slots: nest.slots,
    counters: nest.counters,
    workgroups: groups === 0 ? [0, 1, 1] : workgroups,
  };
}

/** Writes which batch, tiles and place in them are the thread's. Tiles across come first, since they share what lies along. */
function locate({ emitter, along, across }: TileFrame, group: string, groups: number): void {
  emitter.line(`let number = i32(${group});`);
  emitter.line(`if (number >= ${groups}) { return; }`);
  const [acrossTiles, alongTiles] = [Math.max(1, tileCount(across)), Math.max(1, tileCount(along))];
  emitter.line(`let across_tile = number % ${acrossTiles};`);
  emitter.line(`let along_tile = number / ${acrossTiles} % ${alongTiles};`);
  emitter.line(`let batch = number / ${acrossTiles * alongTiles};`);
  emitter.line(`let along_thread = i32(lane % ${along.threads}u);`);
  emitter.line(`let across_thread = i32(lane / ${along.threads}u);`);
  emitter.bind(along.tile, "along_tile");
  emitter.bind(across.tile, "across_tile");
  emitter.bind(along.thread, "along_thread");
  emitter.bind(across.thread, across.threads === 1 ? "0" : "across_thread");
}

/** Writes the loops over depth, each thread loading its own values. Gives the module's global variables: none. */
function multiplyFromBuffers(frame: TileFrame): string[] {
  const { emitter, rewriter, contraction: { depth }, schedule, batch } = frame;
  declareSums(frame);
  const { table } = rewriter;
  const replacements = (side: Side): Map<Variable, Expression>[] =>
    Array.from({ length: side.each }, (_, turn) => {
      const point = pointOf(frame, side, placeOf(frame, side, table.literal("i32", turn)));
      return new Map([...batch, ...loopsAt(frame, side, point)]);
    });
  const [across, along] = [replacements(frame.across), replacements(frame.along)];
  const unrolled = unrolledLoops(depth, Math.floor(schedule.unroll / (across.length * along.length)));
  openLoops(emitter, depth.slice(0, depth.length - unrolled.length), () => {
    eachPoint(unrolled, (values) => {
      const fixed = unrolled.map((variable, axis) => [variable, table.literal("i32", values[axis])] as const);
      const texts = (factor: Expression, points: readonly Map<Variable, Expression>[]): string[] =>
        points.map((point) => emitter.value(rewriter.expression(factor, new Map([...point, ...fixed]))));
      addProducts(frame, texts(frame.across.factor, across), texts(frame.along.factor, along));
    });
  });
  return [];
}

/** Writes the later phases for each of the thread's sums. */
function finish(frame: TileFrame): void {
  const { emitter, rewriter, nest, reduction, across, along } = frame;
  const { table } = rewriter;
  for (let row = 0; row < across.each; row++) {
    for (let column = 0; column < along.each; column++) {
      const renumber = (id: number): number => id === reduction.id ? 1000 + row * along.each + column : id;
      emitter.bind(table.result(reduction.dtype, renumber(reduction.id)), sumName(row, column));
      const turns = [table.literal("i32", row), table.literal("i32", column)] as const;
      for (const phase of nest.phases.slice(1)) {
        emitter.stores(guarded(frame, phase, turns, renumber).stores);
      }
    }
  }
}

/** A phase at one of the thread's points, which stores nothing beyond the ends. */
function guarded(
  frame: TileFrame,
  phase: Phase,
  turns: readonly [Expression, Expression],
  renumber: (id: number) => number,
): Phase {
  const { rewriter, batch } = frame;
  const { table } = rewriter;
  const replacements = new Map(batch);
  let inside: Expression | undefined;
  for (const [number, side] of [frame.across, frame.along].entries()) {
    const point = pointOf(frame, side, placeOf(frame, side, turns[number]));
    loopsAt(frame, side, point).forEach((value, variable) => replacements.set(variable, value));
    if (side.points % tilePoints(side) !== 0) {
      inside = table.both(inside, table.apply("lt", "bool", [point, table.literal("i32", side.points)]));
    }
  }
  const rewritten = rewriter.phase(phase, replacements, renumber);
  const stores = rewritten.stores.map((store) => {
    const guard = table.both(store.guard, inside);
    return guard ? { ...store, guard } : store;
  });
  return { ...rewritten, stores };
}
