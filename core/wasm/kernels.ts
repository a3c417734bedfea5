/**
 * Chooses how each nest is computed, and writes its kernels.
 *
 * @module
 */

import { checksIndices } from "../nest/index_checks.ts";
import type { Nest, Slot } from "../nest/nest.ts";
import type { LoopParts } from "../nest/split.ts";
import type { ModuleWriter } from "./encode/assembler.ts";
import { writeMicroKernel } from "./product/micro_kernel.ts";
import { type ProductPlan, writeProduct } from "./product/product.ts";
import { type LoopSchedule, loopScheduleOf } from "./schedule/loop_schedule.ts";
import type { MicroKernelShape } from "./schedule/micro_kernels.ts";
import { LEAST_TILES, type ProductSchedule, productScheduleOf } from "./schedule/product_schedule.ts";
import { withRowCache } from "./schedule/row_cache.ts";
import { rowSquares } from "./schedule/row_squares.ts";
import { type SplitProduct, splitProduct, splitReduction } from "./schedule/split.ts";
import { tiledNest } from "./schedule/tiled_nest.ts";
import { writeLoopNest } from "./write/loops.ts";
import { recordFunction } from "./write/record_index.ts";

/** The memory that a kernel uses in addition to the buffers of its nest. */
interface KernelMemory {
  /** Whether its last slot is the scratch memory that all threads share. */
  readonly usesScratch: boolean;
  /** Whether its last parameter is the thread's own workspace. */
  readonly usesWorkspace: boolean;
}

/** How the work of a kernel is divided among threads. */
interface Units {
  readonly units: number;
  readonly unitsPerChunk: number;
}

/** A function that does a range of units of a nest's work. */
export interface WasmKernel extends KernelMemory, Units {
  /** Its index in the module. */
  readonly index: number;
  /** The slots of its nest: the buffers, then the memory that it uses in addition to them. */
  readonly slots: readonly Slot[];
  /** One line that says how the kernel computes. */
  readonly description: string;
}

/** The kernels of a nest, in the order in which they run, and the memory they need apart from the nest's buffers. */
export interface KernelGroup {
  readonly kernels: readonly WasmKernel[];
  readonly scratchBytes: number;
  readonly workspaceBytes: number;
}

/** The machine for which kernels are written. */
export interface KernelOptions {
  readonly threads: number;
  /** The shape of the kernels in machine code, if there are any. It is called for programs with products. */
  readonly native: (() => MicroKernelShape | undefined) | undefined;
}

/** How a nest that is a product is computed. */
export interface PlannedProduct {
  readonly schedule: ProductSchedule;
  readonly split: SplitProduct | undefined;
}

/** The index of the function that a module imports to call machine code, if a product uses it. */
export const MULTIPLY = 0;

/** This many tiles keep all threads busy although some are slower. More tiles would mean more packing. */
const TILES_PER_THREAD = 4;

/**
 * The tiles of each of some parts. If all threads get equally many parts, there is one, because less is packed twice and
 * memory is read in order.
 */
function tilesFor(parts: number, threads: number): number {
  if (parts % threads === 0) return 1;
  return Math.ceil(Math.min(TILES_PER_THREAD * threads, Math.max(LEAST_TILES, threads)) / parts);
}

/** Plans a nest as a product; undefined if it is computed by loops. */
export function planProduct(nest: Nest, { threads, native }: KernelOptions): PlannedProduct | undefined {
  const deep = productScheduleOf(nest);
  if (!deep) return undefined;
  const fast = native?.();
  const tiles = TILES_PER_THREAD * threads;
  const split = splitProduct(
    nest,
    deep,
    (parts) => fast ? productScheduleOf(nest, { tiles: tilesFor(parts, threads), native: fast })! : deep,
  );
  const schedule = split?.schedule ?? productScheduleOf(nest, { tiles, native: fast })!;
  return { schedule, split };
}

/** Writes the kernels of a nest into a module. */
export function writeKernels(nest: Nest, module: ModuleWriter, product: PlannedProduct | undefined): KernelGroup {
  if (!product) return writeLoops(nest, module);
  const { schedule, split } = product;
  const kernel = schedule.native ? MULTIPLY : module.add(writeMicroKernel(schedule.rows.panel));
  const plan = { schedule, kernel };
  const { workspaceBytes } = schedule;
  if (!split) return { kernels: [productKernel(nest, module, plan)], scratchBytes: 0, workspaceBytes };
  const kernels = [
    productKernel(split.parts, module, { ...plan, usesScratch: true }),
    loopKernel(split.joined, module, { usesScratch: true }),
  ];
  return { kernels, scratchBytes: split.scratchBytes, workspaceBytes };
}

function writeLoops(nest: Nest, module: ModuleWriter): KernelGroup {
  const split = splitReduction(nest);
  if (split) {
    const kernels = [
      loopKernel(split.parts, module, { usesScratch: true, parts: split.turns }),
      loopKernel(split.joined, module, { usesScratch: true }),
    ];
    return { kernels, scratchBytes: split.scratchBytes, workspaceBytes: 0 };
  }
  const tiled = tiledNest(nest) ?? rowSquares(nest);
  if (tiled) return { kernels: [loopKernel(tiled.nest, module, tiled)], scratchBytes: 0, workspaceBytes: 0 };
  const cached = withRowCache(nest);
  // The cache holds one row, but with rows in the lanes, several are computed at a time.
  if (!cached || loopScheduleOf(cached.nest).mode === "outer") {
    return { kernels: [loopKernel(nest, module)], scratchBytes: 0, workspaceBytes: 0 };
  }
  const kernels = [loopKernel(cached.nest, module, { usesWorkspace: true })];
  return { kernels, scratchBytes: 0, workspaceBytes: cached.rowBytes };
}

interface LoopKernelOptions extends Partial<KernelMemory> {
  readonly parts?: LoopParts | undefined;
  /** How the nest is computed, if that is already known. */
  readonly schedule?: LoopSchedule;
}

function loopKernel(
  nest: Nest,
  module: ModuleWriter,
  { usesScratch = false, usesWorkspace = false, parts, schedule = loopScheduleOf(nest, parts?.part) }:
    LoopKernelOptions = {},
): WasmKernel {
  const { mode, units, unitsPerChunk } = schedule;
  const writer = writeLoopNest(nest, { schedule, parts, recorder: recorderOf(nest, module) });
  const across = (phase: number): string => {
    const variable = schedule.rows ?? schedule.across[phase];
    return variable ? `, squares along ${variable.name} (${variable.extent})` : "";
  };
  const lanes = schedule.lanes.map((one, i) =>
    (one ? `${one.name} (${one.extent}) × ${schedule.copies[i]}` : "none") + across(i)
  );
  const index = module.add(writer);
  return {
    index,
    slots: nest.slots,
    ...{ units, unitsPerChunk, usesScratch, usesWorkspace },
    description: describe(`nest ${nest.name}: lanes ${mode}: ${lanes.join(", ")}`, schedule, module.sizeOf(index)),
  };
}

/** What a listing says about columns that are read from a copy of the image. */
const scatteredNames = { points: "columns scattered, ", channels: "channels scattered, " } as const;

function productKernel(
  nest: Nest,
  module: ModuleWriter,
  { usesScratch = false, ...plan }: ProductPlan & { readonly usesScratch?: boolean },
): WasmKernel {
  const { schedule } = plan;
  const { rows, columns, depthPoints, depthSteps, units, unitsPerChunk } = schedule;
  const writer = writeProduct(nest, { ...plan, recorder: recorderOf(nest, module) });
  const how =
    `${
      schedule.native ? "native product" : "product"
    } ${rows.points} × ${columns.points}, tiles ${rows.block} × ${columns.block}, ` +
    (schedule.scattered ? scatteredNames[schedule.scattered.form] : "") +
    `panels ${rows.panel} × ${columns.panel}, depth ${depthSteps} × ${depthPoints}`;
  const index = module.add(writer);
  return {
    index,
    slots: nest.slots,
    ...{ units, unitsPerChunk, usesScratch, usesWorkspace: true },
    description: describe(`nest ${nest.name}: ${how}`, schedule, module.sizeOf(index)),
  };
}

/** The function that records an index outside of its table, which is added to the module if the nest needs it. */
function recorderOf(nest: Nest, module: ModuleWriter): number | undefined {
  return checksIndices(nest) ? module.add(recordFunction()) : undefined;
}

function describe(what: string, { units, unitsPerChunk }: Units, bytes: number): string {
  const chunks = Math.ceil(units / unitsPerChunk);
  return `${what}; ${units} units in ${chunks} chunks; ${bytes} bytes`;
}
