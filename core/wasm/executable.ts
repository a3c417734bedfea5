/**
 * A program compiled to WebAssembly, ready to run.
 *
 * @module
 */

import { type DeviceBuffer, DeviceError, type Executable } from "../backend.ts";
import type { Program } from "../compile/program.ts";
import type { MemoryPool, WasmBuffer } from "./memory.ts";
import type { CompiledProgram } from "./steps.ts";
import type { Threads } from "./threads.ts";

/** A module that is shared by all programs of the same code. */
export interface WasmModule {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Goes through all steps; 0 when all is done, 1 when another thread failed. */
  readonly run: (table: number, base: number) => number;
  /** Where other threads find the module's bytes; set when they are first needed. */
  shared?: WasmBuffer;
}

/** The totals that running a program changes. */
export interface RunCounts {
  dispatches: number;
  submissions: number;
}

/** Runs a module on given buffers. */
export class WasmExecutable implements Executable {
  readonly source: string;
  readonly dispatches: number;
  readonly #parallel: boolean;

  constructor(
    readonly program: Program,
    { listing, dispatches, chunks }: CompiledProgram,
    readonly module: WasmModule,
    readonly pool: MemoryPool,
    readonly threads: Threads,
    readonly counts: RunCounts,
  ) {
    this.source = listing;
    this.dispatches = dispatches;
    this.#parallel = chunks > 1 && threads.count > 1;
  }

  run(buffers: readonly DeviceBuffer[]): void {
    const earlier = this.threads.failure;
    if (earlier !== undefined) {
      throw new DeviceError(`Cannot run ${this.program.name}: the device failed before: ${earlier}`);
    }
    const table = this.pool.allocate(4 * this.program.buffers.length);
    try {
      this.#fill(table, buffers);
      this.#run(table);
    } finally {
      this.pool.release(table);
    }
    this.counts.dispatches += this.dispatches;
    this.counts.submissions++;
  }

  #run(table: WasmBuffer): void {
    const { threads, module, program } = this;
    const base = threads.ticket;
    if (this.#parallel) {
      const code = module.shared ??= this.#share();
      threads.post(module.number, code.address, code.bytes, table.address, base);
    }
    let failed = true;
    try {
      failed = module.run(table.address, base) !== 0;
    } catch (error) {
      threads.abandon();
      throw new DeviceError(`Cannot run ${program.name}: ${error}`);
    }
    if (failed) throw new DeviceError(`Cannot run ${program.name}: a thread failed: ${threads.failure}`);
  }

  /** Puts the buffers' addresses into the table. */
  #fill(table: WasmBuffer, buffers: readonly DeviceBuffer[]): void {
    const { program, pool } = this;
    const addresses = program.buffers.map(({ bytes }, i) => {
      const buffer = pool.own(buffers[i]);
      if (buffer.bytes >= bytes) return buffer.address;
      throw new DeviceError(`Cannot run ${program.name}: buffer ${i} needs ${bytes} bytes, got ${buffer.bytes}`);
    });
    new Uint32Array(pool.memory.buffer, table.address, addresses.length).set(addresses);
  }

  #share(): WasmBuffer {
    const { pool, module } = this;
    const code = pool.allocate(module.bytes.length);
    new Uint8Array(pool.memory.buffer, code.address, code.bytes).set(module.bytes);
    return code;
  }
}
