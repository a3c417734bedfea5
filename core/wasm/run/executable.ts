/**
 * A program compiled to WebAssembly, ready to run.
 *
 * @module
 */

import { type DeviceBuffer, DeviceError, type Executable } from "../../backend.ts";
import type { LaunchStep } from "../../nest/launches.ts";
import type { Program } from "../../nest/program.ts";
import type { ProgramRunner } from "./instance.ts";
import type { MemoryPool, WasmBuffer } from "./memory.ts";
import type { CompiledProgram } from "../steps.ts";
import type { Threads } from "./threads.ts";

/** A module, which all programs with the same code share. */
export interface WasmModule {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly run: ProgramRunner;
  /** The module's bytes in the shared memory, for other threads; set when they are first needed. */
  shared?: WasmBuffer;
}

/** The totals that a run of a program changes. */
export interface RunCounts {
  dispatches: number;
  submissions: number;
}

/** The memory of a run: one piece from the pool, which is returned afterward, and addresses in it. */
interface RunMemory {
  readonly memory: WasmBuffer;
  readonly table: number;
  readonly scratch: number;
  readonly workspace: number;
  readonly workspaceBytes: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** A program and its compiled module. */
export interface LoadedProgram {
  readonly program: Program;
  readonly compiled: CompiledProgram;
  readonly module: WasmModule;
}

/** The parts of a backend that run programs and count the runs. */
export interface RunContext {
  readonly pool: MemoryPool;
  readonly threads: Threads;
  readonly counts: RunCounts;
  /** Returns the module. */
  unload(): void;
}

/** Runs a program on buffers. */
export class WasmExecutable implements Executable {
  readonly program: Program;
  readonly compiled: CompiledProgram;
  readonly module: WasmModule;
  readonly #context: RunContext;
  readonly #parallel: boolean;
  #disposed = false;

  constructor({ program, compiled, module }: LoadedProgram, context: RunContext) {
    this.program = program;
    this.compiled = compiled;
    this.module = module;
    this.#context = context;
    this.#parallel = compiled.chunks > 1 && context.threads.count > 1;
  }

  get source(): string {
    return this.compiled.listing;
  }

  get launches(): readonly LaunchStep[] {
    return this.compiled.launches;
  }

  get dispatches(): number {
    return this.compiled.dispatches;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#context.unload();
  }

  run(buffers: readonly DeviceBuffer[]): void {
    const { pool, threads, counts } = this.#context;
    if (this.#disposed) throw new DeviceError(`Cannot run ${this.program.name}: it was disposed`);
    const earlier = threads.failure;
    if (earlier !== undefined) {
      throw new DeviceError(`Cannot run ${this.program.name}: the device failed before: ${earlier}`);
    }
    const taken = this.#take();
    try {
      this.#fill(taken, buffers);
      this.#run(taken);
    } finally {
      pool.release(taken.memory);
    }
    counts.dispatches += this.dispatches;
    counts.submissions++;
  }

  /** Allocates the table, the scratch memory that all threads share, and the workspace of each thread. */
  #take(): RunMemory {
    const { compiled: { scratchBytes, workspaceBytes }, program } = this;
    const { pool, threads: { count } } = this.#context;
    const tableBytes = aligned(4 * (program.buffers.length + 1));
    const threads = this.#parallel ? count : 1;
    const memory = pool.allocate(tableBytes + aligned(scratchBytes) + threads * aligned(workspaceBytes));
    const scratch = memory.address + tableBytes;
    return {
      memory,
      table: memory.address,
      scratch,
      workspace: scratch + aligned(scratchBytes),
      workspaceBytes: aligned(workspaceBytes),
    };
  }

  #run({ table, workspace, workspaceBytes }: RunMemory): void {
    const { module, program } = this;
    const { threads } = this.#context;
    const base = threads.ticket;
    if (this.#parallel) {
      const { address: code, bytes: codeBytes } = module.shared ??= this.#share();
      threads.post({ module: module.number, code, codeBytes, table, base, workspace, workspaceBytes });
    }
    let failed = true;
    try {
      failed = module.run(table, base, workspace) !== 0;
    } catch (error) {
      threads.abandon();
      throw new DeviceError(`Cannot run ${program.name}: ${error}`);
    }
    if (failed) throw new DeviceError(`Cannot run ${program.name}: a thread failed: ${threads.failure}`);
  }

  /** Writes the addresses of the buffers and of the scratch memory to the table. */
  #fill({ table, scratch }: RunMemory, buffers: readonly DeviceBuffer[]): void {
    const { program } = this;
    const { pool } = this.#context;
    const words = pool.words;
    const first = table >>> 2;
    for (let i = 0; i < program.buffers.length; i++) {
      const { bytes } = program.buffers[i];
      const buffer = pool.own(buffers[i]);
      if (buffer.bytes < bytes) {
        throw new DeviceError(`Cannot run ${program.name}: buffer ${i} needs ${bytes} bytes, got ${buffer.bytes}`);
      }
      words[first + i] = buffer.address;
    }
    words[first + program.buffers.length] = scratch;
  }

  #share(): WasmBuffer {
    const { module } = this;
    const { pool } = this.#context;
    const code = pool.allocate(module.bytes.length);
    new Uint8Array(pool.memory.buffer, code.address, code.bytes).set(module.bytes);
    return code;
  }
}
