/**
 * The tile schedule: contractions with a tile of sums in the registers of each thread.
 *
 * @module
 */

import { type Expression, loadsIn, type Variable, walk } from "../../nest/expression.ts";
import { expressionsOf, laterPhases, type Nest, type Phase, pointsOf, type Store } from "../../nest/nest.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import { scalarOps } from "../../scalar/operations.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import { vectorElement, vectorWidth } from "../schedule/vectors.ts";
import { bodyOf, groupText, type KernelBody, type WorkgroupArray } from "./body.ts";
import { eachPoint, openLoops } from "./loops.ts";
import { valueType } from "./scalar_operations.ts";
import { stageTiles } from "./stage.ts";
import {
  loopsAt,
  openFrame,
  placeOf,
  pointOf,
  tileCount,
  type TileFrame,
  tilePoints,
  type TileSide,
} from "./tile_frame.ts";
import { joinGroups } from "./tile_join.ts";
import { addProducts, declareSums, sumBlock, sumText } from "./tile_sums.ts";

/**
 * Writes the body of a contraction.
 *
 * @throws {TypeError} if the nest is not {@linkcode isTileable}.
 */
export function renderTile(nest: Nest, schedule: TileSchedule): KernelBody {
  const frame = openFrame(nest, schedule);
  const { emitter, along, across, contraction } = frame;
  const groups = pointsOf(contraction.batch) * tileCount(along) * tileCount(across);
  locate(frame, groups);
  const memory = schedule.staged > 0 ? stageTiles(frame) : multiplyFromBuffers(frame);
  joinGroups(frame);
  memory.push(...finishOnce(frame));
  const lanes = along.threads * across.threads * schedule.groups;
  return bodyOf(nest, emitter, { schedule: describe(schedule), lanes, groups, memory });
}

function describe({ along, alongThreads, acrossThreads, alongEach, acrossEach, groups, staged }: TileSchedule): string {
  return `tile, ${along} along ${alongThreads} threads of ${alongEach}, ${acrossThreads} of ${acrossEach} across, ` +
    (groups > 1 ? `${groups} groups, ` : "") + (staged > 0 ? `${staged} deep in workgroup memory` : "from the buffers");
}

/** Writes the thread's batch, tiles and position in them. Tiles across vary fastest, as they share the values along. */
function locate({ emitter, along, across, schedule }: TileFrame, groups: number): void {
  emitter.line(`let number = i32(${groupText(groups)});`);
  emitter.line(`if (number >= ${groups}) { return; }`);
  const [acrossTiles, alongTiles] = [Math.max(1, tileCount(across)), Math.max(1, tileCount(along))];
  emitter.line(`let across_tile = number % ${acrossTiles};`);
  emitter.line(`let along_tile = number / ${acrossTiles} % ${alongTiles};`);
  emitter.line(`let batch = number / ${acrossTiles * alongTiles};`);
  emitter.line(`let along_thread = i32(lane % ${along.threads}u);`);
  const each = schedule.groups > 1 ? ` % ${across.threads}u` : "";
  emitter.line(`let across_thread = i32(lane / ${along.threads}u${each});`);
  emitter.bind(along.tile, "along_tile");
  emitter.bind(across.tile, "across_tile");
  emitter.bind(along.thread, "along_thread");
  emitter.bind(across.thread, "across_thread");
}

/** The values of a thread at one depth point. */
interface DepthStep {
  readonly across: readonly Expression[];
  readonly along: readonly Expression[];
}

/** Writes the loops over depth, in which each thread loads its own values. Returns no workgroup memory. */
function multiplyFromBuffers(frame: TileFrame): WorkgroupArray[] {
  const { emitter, table, contraction: { depth }, unrolled, blocks } = frame;
  declareSums(frame);
  const [across, along] = [pointsOfThread(frame, frame.across), pointsOfThread(frame, frame.along)];
  const steps: DepthStep[] = [];
  eachPoint(unrolled, (values) => {
    const fixed = unrolled.map((variable, axis) => [variable, table.literal("i32", values[axis])] as const);
    const factors = (factor: Expression, points: readonly Map<Variable, Expression>[]): Expression[] =>
      points.map((point) => table.substitute(factor, new Map([...point, ...fixed])));
    steps.push({ across: factors(frame.across.factor, across), along: factors(frame.along.factor, along) });
  });
  if (frame.along.width > 1) findVectors(frame, steps.flatMap((step) => [...step.across, ...step.along]));
  openLoops(emitter, depth.slice(0, depth.length - unrolled.length), () => {
    const texts = (values: readonly Expression[]): string[] => values.map((value) => emitter.value(value));
    for (const { across, along } of steps) addProducts(frame, { across: texts(across), along: texts(along) });
  }, { lengths: blocks, block: (body) => sumBlock(frame, 1, body) });
  return [];
}

/** The loop counters at each of a thread's points of one side. */
function pointsOfThread(frame: TileFrame, side: TileSide): Map<Variable, Expression>[] {
  return Array.from({ length: side.each }, (_, turn) => {
    const point = pointOf(frame, side, placeOf(frame, side, frame.table.literal("i32", turn)));
    return new Map([...frame.batch, ...loopsAt(frame, side, point)]);
  });
}

/** Finds the slots that are read in whole vectors, which only the product may read, without guards. */
function findVectors({ nest, vectors, table }: TileFrame, factors: readonly Expression[]): void {
  nest.slots.forEach(({ access, elements }, slot) => {
    if (access === "read" && elements % vectorWidth === 0) vectors.add(slot);
  });
  for (const { slot, index, guard } of loadsIn(factors)) {
    if (guard || !vectorElement(table, index)) vectors.delete(slot);
  }
  for (const { slot } of loadsIn(expressionsOf(laterPhases(nest)))) vectors.delete(slot);
}

/** The most operations of an epilogue that is unrolled. A longer one becomes a loop, which compiles faster. */
const writtenOut = 2000;

/** The number of instructions that an operation with a long implementation counts as. */
const longOperation = 40;

/** Writes the later phases for each of the thread's sums. Returns their workgroup memory. */
function finish(frame: TileFrame): WorkgroupArray[] {
  const { emitter, table, reduction: { dtype }, nest, schedule, across, along } = frame;
  const count = across.each * along.each;
  if (schedule.staged > 0 || count * epilogueLength(nest) <= writtenOut) {
    for (let number = 0; number < count; number++) {
      const [row, column] = [Math.floor(number / along.each), number % along.each];
      const turns = [table.literal("i32", row), table.literal("i32", column)] as const;
      finishOne(frame, { sum: sumText(frame, row, column), turns, id: firstEpilogueResult + number });
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
    finishOne(frame, { sum: `sums[${number} + i32(lane)]`, turns, id: firstEpilogueResult });
  });
  return [{ name: "sums", element: valueType[dtype], lengths: [count * threads] }];
}

/** Writes the later phases, which the first group of threads computes if there are several. */
function finishOnce(frame: TileFrame): WorkgroupArray[] {
  const { emitter, schedule, along, across } = frame;
  if (schedule.groups === 1) return finish(frame);
  const memory: WorkgroupArray[] = [];
  emitter.within(`if (lane < ${along.threads * across.threads}u)`, () => {
    // Known only here, so that the other groups do not load what the phases need.
    emitter.bind(along.thread, "along_thread");
    emitter.bind(across.thread, "across_thread");
    memory.push(...finish(frame));
  });
  return memory;
}

function epilogueLength(nest: Nest): number {
  let length = 0;
  walk(expressionsOf(laterPhases(nest)), (e) => {
    length += e.kind === "apply" && scalarOps[e.op].length > 1 ? longOperation : 1;
    // A number that is passed to the kernel counts like one that is written in its text: its address is no operation.
    if (e.kind === "load" && e.index.kind === "literal") length--;
  });
  return length;
}

/** The thread's sums are different values, so each has its own result number in the epilogue, from this one on. */
const firstEpilogueResult = 1000;

/** One of the thread's sums. */
interface TileSum {
  /** The text of its value. */
  readonly sum: string;
  /** The numbers of its point among the thread's points, across and along. */
  readonly turns: readonly [Expression, Expression];
  /** The number of the result in the epilogue. */
  readonly id: number;
}

function finishOne(frame: TileFrame, { sum, turns, id }: TileSum): void {
  const { emitter, table, reduction, nest } = frame;
  const name = emitter.name("sum");
  emitter.line(`let ${name} = ${sum};`);
  emitter.bind(table.result(reduction.dtype, id), name);
  const { replacements, inside } = pointAt(frame, turns);
  const renumber = (old: number): number => old === reduction.id ? id : old;
  const expression = table.substitution(replacements, { renumber });
  for (const phase of laterPhases(nest).phases) emitter.stores(guarded(frame, mapPhase(phase, { expression }), inside));
}

/** The loop counters at one of the thread's points, and whether it is before the ends; undefined if all points are. */
function pointAt(frame: TileFrame, turns: TileSum["turns"]) {
  const { table, batch } = frame;
  const replacements = new Map(batch);
  let inside: Expression | undefined;
  for (const [number, side] of [frame.across, frame.along].entries()) {
    const point = pointOf(frame, side, placeOf(frame, side, turns[number]));
    loopsAt(frame, side, point).forEach((value, variable) => replacements.set(variable, value));
    if (side.points % tilePoints(side) !== 0) {
      inside = table.both(inside, table.apply("lt", "bool", [point, table.literal("i32", side.points)]));
    }
  }
  return { replacements, inside };
}

/** The stores of a phase, which store nothing if `inside` is present and false. */
function guarded({ table }: TileFrame, { stores }: Phase, inside: Expression | undefined): Store[] {
  return stores.map((store) => {
    const guard = table.both(store.guard, inside);
    return guard ? { ...store, guard } : store;
  });
}
