/**
 * Compiles a program to one module: a function for each kernel, and `run`, which every thread calls and which executes
 * the steps in order.
 *
 * @module
 */

import type { Variable } from "../nest/expression.ts";
import { countLaunches, type Launch, type LaunchStep } from "../nest/launches.ts";
import { isEmpty, type Nest } from "../nest/nest.ts";
import type { NestStep, Program, ProgramStep } from "../nest/program.ts";
import { FunctionWriter, type Import, ModuleWriter, sharedMemory } from "./encode/assembler.ts";
import { control, MAXIMUM_PAGES } from "./encode/shared_memory.ts";
import {
  type KernelGroup,
  type KernelOptions,
  type PlannedProduct,
  planProduct,
  type WasmKernel,
  writeKernels,
} from "./kernels.ts";
import type { Local } from "./scalar/code_scope.ts";
import type { MicroKernelShape } from "./schedule/micro_kernels.ts";

/** A program as WebAssembly. */
export interface CompiledProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One line for the program and one for each kernel, which says how it computes and how long its code is. */
  readonly listing: string;
  /** The largest number of chunks in a step. If it is 1, other threads have nothing to do. */
  readonly chunks: number;
  /** The kernels in the order in which they run, and their buffers. */
  readonly launches: readonly LaunchStep[];
  /** The number of kernels run, where those in loops count once per iteration. */
  readonly dispatches: number;
  /** Memory that all threads share during a run. Its address follows those of the buffers in the table. */
  readonly scratchBytes: number;
  /** Memory that each thread uses alone during a run. */
  readonly workspaceBytes: number;
}

/** Iterations of the waiting loop before a thread sleeps. They take some microseconds, longer than waking up. */
const SPINS = 20_000;
const SLEEP_NANOSECONDS = 1_000_000_000n;
const [TABLE, BASE, WORKSPACE] = [0, 1, 2];

/** The machine for which a program is compiled. */
export interface WasmCompileOptions {
  /** The number of threads that will share the work (default: 1). Results do not depend on it. */
  readonly threads?: number;
  /** The shape of the kernels in machine code, if there are any. It is called for programs with products. */
  readonly native?: () => MicroKernelShape | undefined;
}

/** The function that programs import to call machine code, with the address of a record of operands. */
const multiplyImport: Import = { name: "multiply", params: ["i32"] };

/** Compiles a program. */
export function compileProgram(program: Program, { threads = 1, native }: WasmCompileOptions = {}): CompiledProgram {
  return new ProgramWriter(program, { threads, native }).write();
}

class ProgramWriter {
  readonly #module: ModuleWriter;
  readonly #products: ReadonlyMap<Nest, PlannedProduct | undefined>;
  readonly #kernels = new Map<Nest, KernelGroup>();
  readonly #lines: string[] = [];
  readonly #counters = new Map<Variable, Local>();
  readonly #run = new FunctionWriter(["i32", "i32", "i32"], ["i32"]);
  readonly #ticket = this.#run.local("i32");
  readonly #work = this.#run.local("i32");
  readonly #begin = this.#run.local("i32");
  readonly #end = this.#run.local("i32");
  readonly #wait: number;
  #chunks = 0;
  #scratchBytes = 0;
  #workspaceBytes = 0;

  constructor(readonly program: Program, options: KernelOptions) {
    const nests = new Set(nestsOf(program.steps).filter((nest) => !isEmpty(nest)));
    this.#products = new Map([...nests].map((nest) => [nest, planProduct(nest, options)]));
    const isNative = [...this.#products.values()].some((product) => product?.schedule.native);
    this.#module = new ModuleWriter([sharedMemory(MAXIMUM_PAGES), ...(isNative ? [multiplyImport] : [])]);
    this.#wait = this.#module.add(waitFunction());
  }

  write(): CompiledProgram {
    this.#run.code.get(BASE).set(this.#ticket);
    const launches = this.#steps(this.program.steps);
    const dispatches = countLaunches(launches);
    this.#run.code.i32(0);
    this.#module.export("run", this.#module.add(this.#run));
    const listing = [`program ${this.program.name}: ${dispatches} dispatches`, ...this.#lines].join("\n");
    return {
      bytes: this.#module.bytes(),
      listing,
      chunks: this.#chunks,
      launches,
      dispatches,
      scratchBytes: this.#scratchBytes,
      workspaceBytes: this.#workspaceBytes,
    };
  }

  #steps(steps: readonly ProgramStep[]): LaunchStep[] {
    return steps.flatMap((step): LaunchStep[] => {
      if (step.kind === "loop") {
        const turns = step.counter.extent;
        return turns > 0 ? [{ kind: "loop", turns, steps: this.#loop(step.counter, step.steps) }] : [];
      }
      if (isEmpty(step.nest)) return [];
      return this.#group(step.nest).kernels.map((kernel) => {
        this.#kernel(step, kernel);
        return this.#launchOf(step, kernel);
      });
    });
  }

  #launchOf({ buffers }: NestStep, { slots, usesScratch }: WasmKernel): Launch {
    // A workspace belongs to one thread, so no other kernel waits for it.
    const shared = usesScratch ? [...buffers, this.program.buffers.length] : buffers;
    return { kind: "launch", slots, buffers: shared };
  }

  #loop(counter: Variable, steps: readonly ProgramStep[]): LaunchStep[] {
    const { code } = this.#run;
    const local = this.#run.local("i32");
    this.#counters.set(counter, local);
    code.i32(0).set(local).loop();
    const launches = this.#steps(steps);
    code.get(local).i32(1).op("i32.add").tee(local).i32(counter.extent).op("i32.lt_s").op("br_if", 0).end();
    return launches;
  }

  /** Takes tickets and computes their chunks until none are left, then waits for the chunks of other threads. */
  #kernel(step: NestStep, kernel: WasmKernel): void {
    const { code } = this.#run;
    const chunks = Math.ceil(kernel.units / kernel.unitsPerChunk);
    this.#chunks = Math.max(this.#chunks, chunks);
    code.block().loop();
    code.i32(0).op("i32.atomic.load", control.next).tee(this.#work).get(this.#ticket).op("i32.sub").tee(this.#begin);
    code.i32(chunks).op("i32.ge_s").op("br_if", 1);
    code.i32(0).get(this.#work).get(this.#work).i32(1).op("i32.add").op("i32.atomic.rmw.cmpxchg", control.next);
    code.get(this.#work).op("i32.ne").op("br_if", 0);
    code.get(this.#begin).i32(kernel.unitsPerChunk).op("i32.mul").tee(this.#begin);
    code.i32(kernel.unitsPerChunk).op("i32.add").tee(this.#end).i32(kernel.units);
    code.get(this.#end).i32(kernel.units).op("i32.lt_s").op("select").set(this.#end);
    this.#call(step, kernel);
    this.#finishChunk(chunks);
    code.op("br", 0).end().end();
    code.get(this.#ticket).i32(chunks).op("i32.add").tee(this.#ticket).op("call", this.#wait);
    code.if().i32(1).op("return").end();
  }

  #call({ nest, buffers }: NestStep, kernel: WasmKernel): void {
    const { code } = this.#run;
    code.get(this.#begin).get(this.#end);
    for (const counter of nest.counters) code.get(this.#counters.get(counter)!);
    const scratch = kernel.usesScratch ? [this.program.buffers.length] : [];
    for (const buffer of [...buffers, ...scratch]) code.get(TABLE).op("i32.load", 4 * buffer);
    if (kernel.usesWorkspace) code.get(WORKSPACE);
    code.op("call", kernel.index);
  }

  /** Counts a chunk as done. The thread that finishes the last chunk of a step wakes the sleeping ones. */
  #finishChunk(chunks: number): void {
    const { code } = this.#run;
    code.i32(0).i32(1).op("i32.atomic.rmw.add", control.done).i32(1).op("i32.add");
    code.get(this.#ticket).i32(chunks).op("i32.add").op("i32.eq").if();
    code.i32(0).op("i32.atomic.load", control.sleepers).if();
    code.i32(0).i32(0x7fffffff).op("memory.atomic.notify", control.done).op("drop").end().end();
  }

  #group(nest: Nest): KernelGroup {
    const known = this.#kernels.get(nest);
    if (known) return known;
    const made = writeKernels(nest, this.#module, this.#products.get(nest));
    this.#kernels.set(nest, made);
    this.#lines.push(...made.kernels.map(({ description }) => description));
    this.#scratchBytes = Math.max(this.#scratchBytes, made.scratchBytes);
    this.#workspaceBytes = Math.max(this.#workspaceBytes, made.workspaceBytes);
    return made;
  }
}

/** The nests of all steps. */
function nestsOf(steps: readonly ProgramStep[]): Nest[] {
  return steps.flatMap((step) => step.kind === "nest" ? [step.nest] : nestsOf(step.steps));
}

/** Writes `wait(target)`, which returns 0 when all tickets before the target are done, or 1 if a thread has failed. */
function waitFunction(): FunctionWriter {
  const writer = new FunctionWriter(["i32"], ["i32"]);
  const { code } = writer;
  const [target, spins, done] = [0, writer.local("i32"), writer.local("i32")];
  const check = (): void => {
    code.i32(0).op("i32.atomic.load", control.done).tee(done).get(target).op("i32.sub").i32(0).op("i32.ge_s");
  };
  code.loop();
  check();
  code.if().i32(0).op("return").end();
  code.get(spins).i32(1).op("i32.add").tee(spins).i32(SPINS).op("i32.lt_s").op("br_if", 0).end();
  code.i32(0).i32(1).op("i32.atomic.rmw.add", control.sleepers).op("drop");
  code.block().loop();
  check();
  code.op("br_if", 1);
  code.i32(0).op("i32.atomic.load", control.failed).op("br_if", 1);
  code.i32(0).get(done).i64(SLEEP_NANOSECONDS).op("memory.atomic.wait32", control.done).op("drop");
  code.op("br", 0).end().end();
  code.i32(0).i32(-1).op("i32.atomic.rmw.add", control.sleepers).op("drop");
  code.i32(0).op("i32.atomic.load", control.failed);
  return writer;
}
