/**
 * Chooses how each nest is run, and writes its functions.
 *
 * @module
 */

import type { Nest } from "../nest/nest.ts";
import type { LoopParts } from "../nest/split.ts";
import type { FunctionWriter, ModuleWriter } from "./encode/assembler.ts";
import { writeMicroKernel } from "./product/micro_kernel.ts";
import { type ProductPlan, writeProduct } from "./product/product.ts";
import type { WideKernels } from "./product/wide_micro_kernel.ts";
import { loopScheduleOf } from "./schedule/loop_schedule.ts";
import { productScheduleOf } from "./schedule/product_schedule.ts";
import { withRowCache } from "./schedule/row_cache.ts";
import { splitProduct, splitReduction } from "./schedule/split.ts";
import { writeLoopNest } from "./write/loops.ts";

/** The memory that a kernel uses beside the buffers of its nest. */
interface KernelMemory {
  /** True where its last slot is the scratch memory that all threads share. */
  readonly usesScratch: boolean;
  /** True where its last parameter is the thread's own workspace. */
  readonly usesWorkspace: boolean;
}

/** How the work of a kernel is handed out. */
interface Units {
  readonly units: number;
  readonly unitsPerChunk: number;
}

/** A function that does some units of a nest's work. */
export interface WasmKernel extends KernelMemory, Units {
  /** Its index in the module. */
  readonly index: number;
  /** A line for people: how the kernel computes. */
  readonly description: string;
}

/** The kernels of one nest, in the order in which they run, and the memory they need beside the nest's buffers. */
export interface KernelGroup {
  readonly kernels: readonly WasmKernel[];
  readonly scratchBytes: number;
  readonly workspaceBytes: number;
}

/** What kernels are written for. */
export interface KernelOptions {
  readonly threads: number;
  /** The wide kernels of the program, where the engine joins pairs of vectors. */
  readonly wide: WideKernels | undefined;
}

/** This many tiles keep all threads busy although some are slower; more tiles mean more packing. */
const TILES_PER_THREAD = 4;

/** Writes the kernels of a nest into a module. */
export function writeKernels(nest: Nest, module: ModuleWriter, { threads, wide }: KernelOptions): KernelGroup {
  const joins = wide !== undefined;
  const deep = productScheduleOf(nest, { joins });
  if (!deep) return writeLoops(nest, module);
  const split = splitProduct(nest, deep);
  const schedule = split?.schedule ?? productScheduleOf(nest, { joins, tiles: TILES_PER_THREAD * threads })!;
  const plan = { schedule, kernels: schedule.wide && wide ? wide : module.add(writeMicroKernel(schedule.rows.panel)) };
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
  const cached = withRowCache(nest);
  // With rows in the lanes, several are under way at a time.
  if (!cached || loopScheduleOf(cached.nest).mode === "outer") {
    return { kernels: [loopKernel(nest, module)], scratchBytes: 0, workspaceBytes: 0 };
  }
  const kernels = [loopKernel(cached.nest, module, { usesWorkspace: true })];
  return { kernels, scratchBytes: 0, workspaceBytes: cached.rowBytes };
}

interface LoopKernelOptions extends Partial<KernelMemory> {
  readonly parts?: LoopParts;
}

function loopKernel(
  nest: Nest,
  module: ModuleWriter,
  { usesScratch = false, usesWorkspace = false, parts }: LoopKernelOptions = {},
): WasmKernel {
  const schedule = loopScheduleOf(nest, parts?.part);
  const { mode, units, unitsPerChunk } = schedule;
  const writer = writeLoopNest(nest, { schedule, parts });
  const lanes = schedule.lanes.map((one, i) => one ? `${one.name} (${one.extent}) × ${schedule.copies[i]}` : "none");
  return {
    index: module.add(writer),
    ...{ units, unitsPerChunk, usesScratch, usesWorkspace },
    description: describe(`nest ${nest.name}: lanes ${mode}: ${lanes.join(", ")}`, schedule, writer),
  };
}

function productKernel(
  nest: Nest,
  module: ModuleWriter,
  { usesScratch = false, ...plan }: ProductPlan & { readonly usesScratch?: boolean },
): WasmKernel {
  const { schedule } = plan;
  const { rows, columns, depthPoints, depthSteps, units, unitsPerChunk } = schedule;
  const writer = writeProduct(nest, plan);
  const how = `product ${rows.points} × ${columns.points}, tiles ${rows.block} × ${columns.block}, ` +
    `panels ${rows.panel} × ${columns.panel}, depth ${depthSteps} × ${depthPoints}`;
  return {
    index: module.add(writer),
    ...{ units, unitsPerChunk, usesScratch, usesWorkspace: true },
    description: describe(`nest ${nest.name}: ${how}`, schedule, writer),
  };
}

function describe(what: string, { units, unitsPerChunk }: Units, writer: FunctionWriter): string {
  const chunks = Math.ceil(units / unitsPerChunk);
  return `${what}; ${units} units in ${chunks} chunks; ${writer.body().length} bytes`;
}
