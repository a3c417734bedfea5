/**
 * Lowers a loop to one kernel for all of its turns if its rows are independent of each other, or if there is so little to
 * compute that one workgroup can do it.
 *
 * @module
 */

import { type Nest, pointsOf } from "../../nest/nest.ts";
import type { NestStep } from "../../nest/program.ts";
import { sumBlocks, sumsSingles } from "../../nest/sum_blocks.ts";
import { inOrder } from "../schedule/persistent.ts";
import type { LoopWork, PersistentSchedule, RowWork, Scheduler } from "../schedule/schedule.ts";
import type { KernelBody } from "../wgsl/body.ts";
import { loopsInRow } from "./points.ts";
import { productOf, type SliceProduct } from "./product.ts";
import { type PersistentNest, renderPersistent } from "./render.ts";
import { type SharedLoop, shareSlots } from "./shared_slots.ts";
import { asOneRow, findSlices, type SlicedNest } from "./slices.ts";
import type { StartedLoop } from "./starts.ts";
import { type TurnedMatrix, turnedMatrix } from "./turned.ts";

/** A loop whose nests are launched in each turn, by this scheduler. */
export interface RepeatedLoop {
  readonly kind: "repeated";
  readonly scheduler: Scheduler;
}

/** A loop that is one kernel. */
export interface PersistentLoop {
  readonly kind: "persistent";
  /** The nests before the loop that are not part of the kernel. */
  readonly starts: readonly NestStep[];
  /** Nests that run before it. Each reads a buffer of the program and writes scratch memory of its own. */
  readonly before: readonly { readonly nest: Nest; readonly buffer: number; readonly scratchBytes: number }[];
  /** Its slots are the program's buffers, and then the scratch memories. */
  readonly body: KernelBody;
  readonly buffers: readonly number[];
}

/** The parts of a device that the choice depends on. */
export interface LoopContext {
  readonly scheduler: Scheduler;
  /** The most buffers of a kernel. */
  readonly maxSlots: number;
}

/** The most matrices that are copied before a loop. */
const mostTurned = 4;
/** The most workgroups along one dimension. */
const mostSlices = 65535;

/** Chooses between one kernel for all turns of a loop and the nests before it, and launches in each turn. */
export function lowerLoop(
  { loop: step, starts: before }: Pick<StartedLoop, "loop" | "starts">,
  { scheduler, maxSlots }: LoopContext,
): PersistentLoop | RepeatedLoop {
  const found = scheduler.loop && (findSlices(step, before) ?? findSlices(step) ?? asOneRow(step, before));
  const loop = found && shareSlots(found);
  const [starts, nests] = [loop?.starts ?? [], loop?.nests ?? []].map((all) =>
    all.map((sliced) => persistentNest(sliced, scheduler))
  );
  if (!loop || !areAll(starts) || !areAll(nests)) return { kind: "repeated", scheduler };
  const schedule = scheduler.loop?.(workOf(loop, nests));
  if (!schedule) return { kind: "repeated", scheduler };
  const kernel = schedule === "repeated" ? undefined : persistentKernel({ loop, starts, nests }, schedule, maxSlots);
  if (!kernel) return { kind: "repeated", scheduler: inOrder(scheduler) };
  return { ...kernel, starts: starts.length > 0 ? [] : before };
}

function areAll<T>(values: readonly (T | undefined)[]): values is readonly T[] {
  return !values.includes(undefined);
}

/** How a persistent kernel computes a nest; undefined if it would not add in the order of the nest's own kernel. */
function persistentNest(sliced: SlicedNest, scheduler: Scheduler): PersistentNest | undefined {
  const product = productOf(sliced);
  if (product) return { kind: "product", product };
  const { nest } = sliced;
  const [{ inner, reductions }] = nest.phases;
  const schedule = inOrder(scheduler).schedule(nest);
  if (schedule.kind === "map") return { kind: "points", sliced, unroll: schedule.unroll };
  const isInBlocks = reductions.some(sumsSingles) &&
    sumBlocks(inner.map(({ extent }) => extent)).some(({ length }) => length > 0);
  const [{ value }] = reductions;
  const isProduct = value.kind === "apply" && value.op === "mul" && value.args.every(({ kind }) => kind !== "literal");
  return isProduct && !isInBlocks ? { kind: "points", sliced, unroll: 8 } : undefined;
}

function workOf({ counter, rows }: SharedLoop, nests: readonly PersistentNest[]): LoopWork {
  return {
    turns: counter.extent,
    rows,
    nests: nests.map((one): RowWork =>
      one.kind === "product"
        ? { points: pointsOf(one.product.columns), depth: pointsOf(one.product.depth), sharesMatrix: true }
        : {
          points: pointsOf(loopsInRow(one.sliced)),
          depth: one.sliced.nest.phases.reduce((sum, { inner }) => sum + (inner.length > 0 ? pointsOf(inner) : 0), 0),
          sharesMatrix: false,
        }
    ),
  };
}

interface SharedNests {
  readonly loop: SharedLoop;
  readonly starts: readonly PersistentNest[];
  readonly nests: readonly PersistentNest[];
}

/** The kernel of a loop; undefined if the device cannot bind its buffers or start its workgroups. */
function persistentKernel(
  { loop, starts, nests }: SharedNests,
  schedule: PersistentSchedule,
  maxSlots: number,
): Omit<PersistentLoop, "starts"> | undefined {
  const turned = new Map<SliceProduct, TurnedMatrix>();
  for (const one of nests) {
    const matrix = one.kind === "product" ? turnedMatrix(loop, one.product) : undefined;
    if (matrix && one.kind === "product") turned.set(one.product, matrix);
  }
  const { slots, buffers } = loop;
  if (slots.length + turned.size > maxSlots || turned.size > mostTurned) return undefined;
  if (Math.ceil(loop.rows / schedule.rows) > mostSlices) return undefined;
  const copies = [...turned.values()];
  const reading = nests.map((one): PersistentNest => {
    const matrix = one.kind === "product" ? turned.get(one.product) : undefined;
    return matrix ? { kind: "product", product: matrix.reading(slots.length + copies.indexOf(matrix)) } : one;
  });
  const all = [...slots, ...copies.map(({ copy }) => copy)];
  return {
    kind: "persistent",
    before: copies.map(({ nest, source, copy }) => ({
      nest,
      buffer: buffers[source],
      scratchBytes: 4 * copy.elements,
    })),
    body: renderPersistent({ loop, slots: all, starts, nests: reading }, schedule),
    buffers,
  };
}
