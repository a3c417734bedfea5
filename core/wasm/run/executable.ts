/**
 * A program compiled to WebAssembly, ready to run.
 *
 * @module
 */

import { type DeviceBuffer, DeviceError, type Executable } from "../../backend.ts";
import type { Program } from "../../nest/program.ts";
import type { ProgramRunner } from "./instance.ts";
import type { MemoryPool, WasmBuffer } from "./memory.ts";
import type { CompiledProgram } from "../steps.ts";
import type { Threads } from "./threads.ts";

/** A module that is shared by all programs of the same code. */
export interface WasmModule {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly run: ProgramRunner;
  /** Where other threads find the module's bytes; set when they are first needed. */
  shared?: WasmBuffer;
}

/** The totals that running a program changes. */
export interface RunCounts {
  dispatches: number;
  submissions: number;
}

/** What one run takes from the pool and gives back: one piece, and the addresses in it. */
interface RunMemory {
  readonly memory: WasmBuffer;
  readonly table: number;
  readonly scratch: number;
  readonly workspace: number;
  readonly workspaceBytes: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** A program as code. */
export interface LoadedProgram {
  readonly program: Program;
  readonly compiled: CompiledProgram;
  readonly module: WasmModule;
}

/** What runs programs, and counts them. */
export interface RunContext {
  readonly pool: MemoryPool;
  readonly threads: Threads;
  readonly counts: RunCounts;
}

/** Runs a module on given buffers. */
export class WasmExecutable implements Executable {
  readonly program: Program;
  readonly compiled: CompiledProgram;
  readonly module: WasmModule;
  readonly #context: RunContext;
  readonly #parallel: boolean;

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

  get dispatches(): number {
    return this.compiled.dispatches;
  }

  run(buffers: readonly DeviceBuffer[]): void {
    const { pool, threads, counts } = this.#context;
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

  /** Memory for the table, the scratch memory of all threads and the workspace of each. */
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

  /** Puts the addresses of the buffers and of the scratch memory into the table. */
  #fill({ table, scratch }: RunMemory, buffers: readonly DeviceBuffer[]): void {
    const { program } = this;
    const { pool } = this.#context;
    const addresses = program.buffers.map(({ bytes }, i) => {
      const buffer = pool.own(buffers[i]);
      if (buffer.bytes >= bytes) return buffer.address;
      throw new DeviceError(`Cannot run ${program.name}: buffer ${i} needs ${bytes} bytes, got ${buffer.bytes}`);
    });
    new Uint32Array(pool.memory.buffer, table, addresses.length + 1).set([...addresses, scratch]);
  }

  #share(): WasmBuffer {
    const { module } = this;
    const { pool } = this.#context;
    const code = pool.allocate(module.bytes.length);
    new Uint8Array(pool.memory.buffer, code.address, code.bytes).set(module.bytes);
    return code;
  }
}
