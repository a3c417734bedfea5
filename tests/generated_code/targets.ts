/**
 * The code that is generated for each kind of device, without running it: no GPU and no thread is needed, and nothing
 * depends on this machine.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { DeviceError } from "../../core/backend.ts";
import { buildNests } from "../../core/fuse/build_nests.ts";
import { fuse } from "../../core/fuse/fuse.ts";
import type { Graph } from "../../core/graph/node.ts";
import { simplify } from "../../core/graph/simplify/simplify.ts";
import { transposeConvolution } from "../../core/graph/simplify/transposed_convolution.ts";
import { AVX2, AVX512 } from "../../core/native/instruction_sets.ts";
import type { Nest } from "../../core/nest/nest.ts";
import type { Program, ProgramStep } from "../../core/nest/program.ts";
import { showNest } from "../../core/nest/show.ts";
import { type Plan, plan } from "../../core/plan/plan.ts";
import { nativeShape } from "../../core/wasm/schedule/micro_kernels.ts";
import { compileProgram, type WasmCompileOptions } from "../../core/wasm/steps.ts";
import { type LoweredProgram, lowerProgram, type Step } from "../../core/webgpu/lower_program.ts";
import type { BoundKernel } from "../../core/webgpu/merge/merge.ts";
import { mergeRules } from "../../core/webgpu/merge/rules.ts";
import { schedulerFor } from "../../core/webgpu/schedule/choose.ts";
import type { DeviceClass } from "../../core/webgpu/schedule/schedule.ts";
import { kernelOf, type WgslKernel } from "../../core/webgpu/wgsl/kernel.ts";
import { lowerLoop } from "../../core/webgpu/persistent/lower_loop.ts";
import { withStarts } from "../../core/webgpu/persistent/starts.ts";
import { withOwnChecks } from "./own_checks.ts";

/** What is generated for one target: how much, and a hash of all of it. */
export interface Generated {
  /** The kernels of WebGPU and WebAssembly; for nests, the steps. */
  readonly kernels: number;
  readonly bytes: number;
  readonly hash: string;
}

/** What is generated for each target, by its name. */
export type GeneratedCode = Readonly<Record<string, Generated>>;

/** Collects what is generated for one target. */
class Collector {
  readonly #hash = createHash("sha256");
  readonly #modules = new Set<string>();
  kernels = 0;
  bytes = 0;

  add(code: string | Uint8Array): void {
    this.#hash.update(code);
    this.bytes += code.length;
  }

  addKernel({ name, schedule, code, workgroups, counters, checksIndices }: WgslKernel): void {
    this.kernels++;
    this.add(code);
    this.note(name, schedule, workgroups, counters.map(({ extent }) => extent), checksIndices);
  }

  /** Whether a module is new. The same program may be loaded twice, if the collector freed it in between. */
  isNew(module: Uint8Array): boolean {
    const before = this.#modules.size;
    return this.#modules.add(createHash("sha256").update(module).digest("hex")).size > before;
  }

  /** Adds numbers that belong to the code, such as those of buffers. */
  note(...facts: readonly unknown[]): void {
    this.#hash.update(JSON.stringify(facts));
  }

  get generated(): Generated {
    return { kernels: this.kernels, bytes: this.bytes, hash: this.#hash.copy().digest("hex").slice(0, 16) };
  }
}

type WasmTargets = Readonly<Record<string, WasmCompileOptions>>;

const wasmTargets: WasmTargets = { "wasm, 3 threads": { threads: 3 } };

/** WebAssembly whose products call machine code, which this machine need not have. */
const machineCodeTargets: WasmTargets = {
  "wasm, AVX2": { threads: 3, native: () => nativeShape(AVX2) },
  "wasm, AVX-512": { threads: 3, native: () => nativeShape(AVX512) },
};

const classes: readonly DeviceClass[] = ["hardware", "software"];

/** The most buffers of a kernel on WebAssembly, and a bound that is low, as on some GPUs. */
const [MANY, FEW] = [512, 10];
/** The most buffers of a kernel for all turns of a loop, which uses those of several nests. */
const LOOP = 32;

/** The bytes of workgroup memory that every WebGPU device has. */
const WORKGROUP_MEMORY = 16384;

/** How a graph is compiled. */
export interface GraphOptions {
  readonly donated?: readonly number[];
  /** Whether the graph was simplified before (default: false). */
  readonly simplified?: boolean;
}

/** Collects the code of many programs, by target. */
export class CodeRecord {
  readonly #collectors = new Map<string, Collector>();

  /** What was generated so far. */
  get generated(): GeneratedCode {
    return Object.fromEntries([...this.#collectors].map(([target, { generated }]) => [target, generated]));
  }

  /** Adds the code of a graph. */
  addGraph(graph: Graph, options: GraphOptions = {}): void {
    const planned = plansOf(graph, options, [MANY, FEW]);
    planned.forEach((one) => this.#addPlan(one));
    this.addForWasm(planned[0].program);
    this.addForWebGpu(planned[1].program);
  }

  /** Adds the code of a graph as WebAssembly with and without machine code. */
  addProducts(graph: Graph): void {
    const [{ program }] = plansOf(graph, {}, [MANY]);
    this.addForWasm(program, { ...wasmTargets, ...machineCodeTargets });
  }

  /** Adds a program as WebAssembly. */
  addForWasm(program: Program, targets: WasmTargets = wasmTargets): void {
    for (const [target, options] of Object.entries(targets)) {
      const collector = this.#collector(target);
      const { bytes, listing, launches: _, ...facts } = compileProgram(program, options);
      if (!collector.isNew(bytes)) continue;
      collector.kernels += listing.split("\n").length - 1;
      collector.add(bytes);
      collector.note(listing, facts);
    }
  }

  /** Adds a program as WGSL. */
  addForWebGpu(program: Program): void {
    for (const deviceClass of classes) {
      const collector = this.#collector(`webgpu, ${deviceClass}`);
      collector.note(program.buffers.map(({ bytes }) => bytes));
      const lowered = loweredFor(deviceClass, program);
      if (typeof lowered === "string") {
        collector.add(lowered);
        continue;
      }
      collector.note(lowered.scratches);
      for (const { kernel, buffers } of launchesOf(lowered.steps)) {
        collector.note(buffers);
        collector.addKernel(kernel);
      }
    }
    this.#addLoops(program.steps);
  }

  /** Adds the loops of a program that are one kernel on a GPU. */
  #addLoops(steps: readonly ProgramStep[]): void {
    for (const step of withStarts(steps)) {
      if (step.kind === "nest") continue;
      const lowered = lowerLoop(step, { scheduler: schedulerFor("hardware"), maxSlots: LOOP });
      if (lowered.kind === "repeated") {
        this.#addLoops(step.loop.steps);
        continue;
      }
      const collector = this.#collector("webgpu, loops on hardware");
      const { before, body, buffers } = lowered;
      collector.note(buffers, before.map(({ buffer, scratchBytes }) => [buffer, scratchBytes]));
      before.forEach(({ nest }) => collector.add(showNest(nest)));
      collector.addKernel(kernelOf(body));
    }
  }

  #addPlan({ program, parameters, captured, results, temporaries }: Plan): void {
    const collector = this.#collector("nests");
    for (const { nest, buffers } of nestsOf(program.steps)) {
      collector.kernels++;
      collector.add(showNest(nest));
      collector.note(buffers);
    }
    collector.note(program.buffers, parameters, captured.map(({ buffer }) => buffer), results, temporaries);
  }

  #collector(target: string): Collector {
    const known = this.#collectors.get(target) ?? new Collector();
    this.#collectors.set(target, known);
    return known;
  }
}

/** The plans of a graph for each largest number of buffers of a kernel. */
function plansOf(
  graph: Graph,
  { donated = [], simplified = false }: GraphOptions,
  slots: readonly number[],
): readonly Plan[] {
  const small = withOwnChecks(simplified ? graph : simplify(graph, [transposeConvolution]));
  return slots.map((maxSlots) => {
    const options = { name: "program", maxSlots, donated: new Set(donated) };
    const fusion = fuse(small, options);
    return plan(fusion, buildNests(fusion), options);
  });
}

/** The kernels of a program, or the message if a nest has too many iterations for a software adapter. */
function loweredFor(deviceClass: DeviceClass, program: Program): LoweredProgram | string {
  try {
    const limits = { maxSlots: FEW, maxMemory: WORKGROUP_MEMORY };
    return lowerProgram(program, { scheduler: schedulerFor(deviceClass), merging: mergeRules[deviceClass], ...limits });
  } catch (error) {
    if (error instanceof DeviceError) return error.message;
    throw error;
  }
}

/** A launch; the first one of a loop has a note of it before its buffers. */
interface NotedLaunch {
  readonly kernel: WgslKernel;
  readonly buffers: readonly (number | string)[];
}

/** The launches of a program in order; those of loops once. */
function launchesOf(steps: readonly Step<BoundKernel>[]): NotedLaunch[] {
  return steps.flatMap((step) => {
    if (step.kind === "launch") return [step.launch];
    const [first, ...rest] = launchesOf(step.steps);
    return first ? [{ ...first, buffers: [`repeat ${step.counter.extent}`, ...first.buffers] }, ...rest] : [];
  });
}

/** The nests of a program in order; those of loops once. */
function nestsOf(
  steps: readonly ProgramStep[],
): { readonly nest: Nest; readonly buffers: readonly (number | string)[] }[] {
  return steps.flatMap((step) => {
    if (step.kind === "nest") return [step];
    const [first, ...rest] = nestsOf(step.steps);
    return first ? [{ ...first, buffers: [`repeat ${step.counter.extent}`, ...first.buffers] }, ...rest] : [];
  });
}
