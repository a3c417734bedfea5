/**
 * The tile schedule: contractions with a tile of sums in the registers of each thread.
 *
 * @module
 */

import { type Expression, type Variable, walk } from "../../nest/expression.ts";
import type { ScalarOp } from "../../nest/scalar_ops.ts";
import { expressionsOf, type Nest, type Phase, pointsOf } from "../../nest/nest.ts";
import { groupNumber, type Kernel, moduleText, spread } from "./kernel.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import {
  addProducts,
  declareSums,
  loopsAt,
  openFrame,
  placeOf,
  pointOf,
  type Side,
  sumText,
  tileCount,
  type TileFrame,
  tilePoints,
} from "./tile_frame.ts";
import { eachPoint, openLoops, unrolledLoops } from "./map.ts";
import { valueType } from "./scalar.ts";
import { vectorElement, vectorWidth } from "../schedule/vectors.ts";
import { stageTiles } from "./stage.ts";

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
  globals.push(...finish(frame));
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
  emitter.bind(across.thread, "across_thread");
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
  const steps: { across: Expression[]; along: Expression[] }[] = [];
  eachPoint(unrolled, (values) => {
    const fixed = unrolled.map((variable, axis) => [variable, table.literal("i32", values[axis])] as const);
    const factors = (factor: Expression, points: readonly Map<Variable, Expression>[]): Expression[] =>
      points.map((point) => rewriter.expression(factor, new Map([...point, ...fixed])));
    steps.push({ across: factors(frame.across.factor, across), along: factors(frame.along.factor, along) });
  });
  if (frame.along.width > 1) findVectors(frame, steps.flatMap((step) => [...step.across, ...step.along]));
  openLoops(emitter, depth.slice(0, depth.length - unrolled.length), () => {
    for (const step of steps) {
      const texts = (values: readonly Expression[]): string[] => values.map((value) => emitter.value(value));
      addProducts(frame, texts(step.across), texts(step.along));
    }
  });
  return [];
}

/** Finds the slots that are read whole vectors at a time: those that only the product reads, without guards. */
function findVectors({ nest, vectors, rewriter: { table } }: TileFrame, factors: readonly Expression[]): void {
  nest.slots.forEach(({ access, elements }, slot) => {
    if (access === "read" && elements % vectorWidth === 0) vectors.add(slot);
  });
  walk(factors, (e) => {
    if (e.kind === "load" && (e.guard || !vectorElement(table, e.index))) vectors.delete(e.slot);
  });
  walk(expressionsOf({ ...nest, phases: nest.phases.slice(1) }), (e) => {
    if (e.kind === "load") vectors.delete(e.slot);
  });
}

/** The most operations of an epilogue that is written out for each sum; a longer one is a loop, quicker to compile. */
const writtenOut = 2000;

/** Operations that are functions of many steps. */
const longOperations = new Set<ScalarOp>(["exp", "log", "sin", "cos", "tanh", "sigmoid", "erf", "pow", "threefry"]);

/** Writes the later phases for each of the thread's sums. Gives the module's global variables. */
function finish(frame: TileFrame): string[] {
  const { emitter, rewriter: { table }, reduction: { dtype }, nest, schedule, across, along } = frame;
  const count = across.each * along.each;
  if (schedule.staged > 0 || count * epilogueLength(nest) <= writtenOut) {
    for (let number = 0; number < count; number++) {
      const [row, column] = [Math.floor(number / along.each), number % along.each];
      const turns = [table.literal("i32", row), table.literal("i32", column)] as const;
      finishOne(frame, sumText(frame, row, column), turns, firstEpilogueResult + number);
    }
    return [];
  }
  const threads = across.threads * along.threads;
  for (let number = 0; number < count; number++) {
    const sum = sumText(frame, Math.floor(number / along.each), number % along.each);
    emitter.line(`sums[${number * threads}u + lane] = ${sum};`);
  }
  const turns = [table.variable("row", across.each), table.variable("column", along.each)] as const;
  openLoops(emitter, turns, () => {
    const number = emitter.value(table.affine([[turns[0], along.each * threads], [turns[1], threads]]));
    finishOne(frame, `sums[${number} + i32(lane)]`, turns, firstEpilogueResult);
  });
  return [`var<workgroup> sums: array<${valueType[dtype]}, ${count * threads}>;`];
}

function epilogueLength(nest: Nest): number {
  let length = 0;
  walk(expressionsOf({ ...nest, phases: nest.phases.slice(1) }), (e) => {
    length += e.kind === "apply" && longOperations.has(e.op) ? 40 : 1;
  });
  return length;
}

/** Results of the epilogue get numbers of their own, since each of the thread's sums is another value. */
const firstEpilogueResult = 1000;

function finishOne(frame: TileFrame, sum: string, turns: readonly [Expression, Expression], id: number): void {
  const { emitter, rewriter, reduction, nest } = frame;
  const name = emitter.name("sum");
  emitter.line(`let ${name} = ${sum};`);
  emitter.bind(rewriter.table.result(reduction.dtype, id), name);
  const renumber = (old: number): number => old === reduction.id ? id : old;
  for (const phase of nest.phases.slice(1)) emitter.stores(guarded(frame, phase, turns, renumber).stores);
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
