/**
 * Chooses how each nest is run, and writes its functions.
 *
 * @module
 */

import type { Nest } from "../nest/nest.ts";
import type { FunctionWriter, ModuleWriter } from "./encode/assembler.ts";
import { type Piece, writeLoopNest } from "./write/loops.ts";
import { writeMicroKernel } from "./product/microkernel.ts";
import { type MicroKernels, writeProduct } from "./product/product.ts";
import { type ProductSchedule, productScheduleOf } from "./schedule/product_schedule.ts";
import { withRowCache } from "./schedule/row_cache.ts";
import { scheduleOf } from "./schedule/schedule.ts";
import { splitProduct, splitReduction } from "./schedule/split.ts";
import type { WideKernels } from "./product/wide_microkernel.ts";

/** A function that does some units of a nest's work. */
export interface Kernel {
  /** Its index in the module. */
  readonly index: number;
  readonly units: number;
  readonly unitsPerChunk: number;
  /** True where its last slot is the scratch memory that all threads share. */
  readonly usesScratch: boolean;
  /** True where its last parameter is the thread's own workspace. */
  readonly usesWorkspace: boolean;
}

/** The kernels of one nest, in the order in which they run, and the memory they need beside the nest's buffers. */
export interface KernelGroup {
  readonly kernels: readonly Kernel[];
  readonly scratchBytes: number;
  readonly workspaceBytes: number;
  /** A line for each kernel, for people. */
  readonly listing: readonly string[];
}

/** For what kernels are written. */
export interface KernelOptions {
  readonly threads: number;
  /** The wide kernels of the program, where the engine makes wide vectors of pairs. */
  readonly wide: WideKernels | undefined;
}

/** So many tiles even out that some threads are slower; more make more to pack. */
const TILES_PER_THREAD = 4;

/** Writes the kernels of a nest into a module. */
export function writeKernels(nest: Nest, module: ModuleWriter, { threads, wide }: KernelOptions): KernelGroup {
  const joins = wide !== undefined;
  const deep = productScheduleOf(nest, { joins });
  if (!deep) return writeLoops(nest, module);
  const split = splitProduct(nest, deep);
  const schedule = split?.schedule ?? productScheduleOf(nest, { joins, tiles: TILES_PER_THREAD * threads })!;
  const kernel = schedule.wide && wide ? wide : module.add(writeMicroKernel(schedule.rows.panel));
  if (!split) return group([productKernel(nest, schedule, module, kernel, false)], 0, schedule.workspaceBytes);
  const kernels = [
    productKernel(split.pieces, schedule, module, kernel, true),
    loopKernel(split.whole, module, true),
  ];
  return group(kernels, split.scratchBytes, schedule.workspaceBytes);
}

function writeLoops(nest: Nest, module: ModuleWriter): KernelGroup {
  const split = splitReduction(nest);
  if (!split) {
    const cached = withRowCache(nest);
    // With rows in the lanes, several are under way at a time.
    if (!cached || scheduleOf(cached.nest).mode === "outer") return group([loopKernel(nest, module, false)], 0, 0);
    return group([{ ...loopKernel(cached.nest, module, false), usesWorkspace: true }], 0, cached.rowBytes);
  }
  const kernels = [loopKernel(split.pieces, module, true, split.part), loopKernel(split.whole, module, true)];
  return group(kernels, split.scratchBytes, 0);
}

type Described = Kernel & { readonly line: string };

function group(kernels: readonly Described[], scratchBytes: number, workspaceBytes: number): KernelGroup {
  return { kernels, scratchBytes, workspaceBytes, listing: kernels.map(({ line }) => line) };
}

function loopKernel(nest: Nest, module: ModuleWriter, usesScratch: boolean, part?: Piece): Described {
  const schedule = scheduleOf(nest, part?.piece);
  const writer = writeLoopNest(nest, schedule, part);
  const lanes = schedule.lanes.map((one, i) => one ? `${one.name} (${one.extent}) × ${schedule.copies[i]}` : "none");
  return {
    index: module.add(writer),
    units: schedule.units,
    unitsPerChunk: schedule.unitsPerChunk,
    usesScratch,
    usesWorkspace: false,
    line: describe(nest, `lanes ${schedule.mode}: ${lanes.join(", ")}`, schedule, writer),
  };
}

function productKernel(
  nest: Nest,
  schedule: ProductSchedule,
  module: ModuleWriter,
  kernels: MicroKernels,
  usesScratch: boolean,
): Described {
  const writer = writeProduct(nest, schedule, kernels);
  const { rows, columns, depthPoints, depthSteps } = schedule;
  const how = `product ${rows.points} × ${columns.points}, tiles ${rows.block} × ${columns.block}, ` +
    `panels ${rows.panel} × ${columns.panel}, depth ${depthSteps} × ${depthPoints}`;
  return {
    index: module.add(writer),
    units: schedule.units,
    unitsPerChunk: schedule.unitsPerChunk,
    usesScratch,
    usesWorkspace: true,
    line: describe(nest, how, schedule, writer),
  };
}

function describe(
  { name }: Nest,
  how: string,
  { units, unitsPerChunk }: { units: number; unitsPerChunk: number },
  writer: FunctionWriter,
): string {
  const chunks = Math.ceil(units / unitsPerChunk);
  return `nest ${name}: ${how}; ${units} units in ${chunks} chunks; ${writer.body().length} bytes`;
}
