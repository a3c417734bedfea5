/**
 * The backend that computes on the CPU, in WebAssembly with SIMD on several threads.
 *
 * @module
 */

import {
  type Backend,
  type BackendStatistics,
  type DeviceBuffer,
  DeviceError,
  type DeviceInfo,
  type Executable,
} from "../backend.ts";
import type { HostArray } from "../dtype.ts";
import { record, throwRecorded } from "../nest/index_checks.ts";
import type { Program } from "../nest/program.ts";
import { count } from "../options/numbers.ts";
import { checkArguments } from "../options/read.ts";
import { SharedValues } from "../shared_values.ts";
import { bytesKey } from "./encode/bytes.ts";
import { control } from "./encode/shared_memory.ts";
import { WasmExecutable, type WasmModule } from "./run/executable.ts";
import { defaultThreads } from "./run/worker_hosts.ts";
import { instantiate } from "./run/instance.ts";
import { MemoryPool, type WasmBuffer } from "./run/memory.ts";
import { compileProgram } from "./steps.ts";
import { Threads } from "./run/threads.ts";

const threadCount = count();

/** How to open the backend. */
export interface WasmOptions {
  /** The number of threads, including the calling one (default: one per logical processor, or 1 without threads). */
  readonly threads?: number;
}

/**
 * Opens the CPU as a device. `run` returns when the program has run, on the calling thread and others.
 *
 * @throws {TypeError} if `threads` is not of type number.
 * @throws {RangeError} if `threads` is not a whole number of at least 1.
 */
export function openWasm({ threads = defaultThreads() }: WasmOptions = {}): Backend {
  checkArguments("open WebAssembly", { threads }, threadCount);
  return new WasmBackend(threads);
}

class WasmBackend implements Backend {
  readonly maxSlots = 512;
  readonly sharesHostMemory = true;
  readonly maxBufferBytes = 2 ** 32 - 2 ** 20;
  readonly #pool = new MemoryPool();
  readonly #threads: Threads;
  readonly #modules = new SharedValues<WasmModule>((module) => this.#free(module));
  #numbered = 0;
  #programs = 0;
  #closed = false;
  readonly #counts = { compilations: 0, dispatches: 0, submissions: 0, reads: 0 };

  constructor(threads: number) {
    this.#threads = new Threads(this.#pool, threads);
  }

  get info(): DeviceInfo {
    const { count, blocked } = this.#threads;
    const threads = blocked === undefined && count > 1 ? `${count} threads` : "1 thread";
    const reason = blocked === undefined ? "" : ` (${blocked})`;
    return { kind: "wasm", name: `WebAssembly SIMD, ${threads}${reason}`, software: false };
  }

  get statistics(): BackendStatistics {
    const { liveBytes, buffers, reservedBytes, growths } = this.#pool;
    return {
      liveBytes,
      buffers,
      programs: this.#programs,
      modules: this.#modules.size + this.#threads.instances,
      threads: this.#threads.running,
      reservedBytes,
      allocations: growths,
      ...this.#counts,
    };
  }

  get failure(): DeviceError | undefined {
    const reason = this.#closed ? "it was closed" : this.#threads.failure;
    return reason === undefined ? undefined : new DeviceError(`Cannot use ${this.info.name}: ${reason}`);
  }

  async warmUp(): Promise<void> {
    this.#threads.start();
    await this.#threads.started();
  }

  allocate(bytes: number): DeviceBuffer {
    return this.#pool.allocate(bytes);
  }

  release(buffer: DeviceBuffer): void {
    this.#pool.release(this.#pool.own(buffer));
  }

  write(buffer: DeviceBuffer, values: Exclude<HostArray, Uint8Array>): void {
    const { address, bytes } = this.#inside(buffer, values.byteLength, "write");
    const source = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    new Uint8Array(this.#pool.memory.buffer, address, bytes).set(source);
  }

  copy(source: DeviceBuffer, target: DeviceBuffer, bytes: number): void {
    const [from, to] = [source, target].map((buffer) => this.#inside(buffer, bytes, "copy").address);
    new Uint8Array(this.#pool.memory.buffer).copyWithin(to, from, from + bytes);
  }

  read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    try {
      const { address } = this.#inside(buffer, bytes, "read");
      this.#counts.reads++;
      throwRecorded(this.#record);
      return Promise.resolve(new Uint8Array(this.#pool.memory.buffer, address, bytes).slice().buffer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Resolves at once, because programs have run when `run` returns. */
  finish(): Promise<void> {
    return Promise.resolve();
  }

  load(program: Program): Executable {
    const compiled = compileProgram(program, { threads: this.#threads.count });
    const { bytes } = compiled;
    const key = bytesKey(bytes);
    const module = this.#modules.take(key, () => {
      this.#counts.compilations++;
      return { number: ++this.#numbered, bytes, run: instantiate(bytes, this.#pool.memory) };
    });
    this.#programs++;
    return new WasmExecutable({ program, compiled, module }, {
      pool: this.#pool,
      threads: this.#threads,
      counts: this.#counts,
      unload: () => this.#unload(key),
    });
  }

  #unload(key: string): void {
    if (this.#closed) return;
    this.#programs--;
    this.#modules.drop(key);
  }

  #free({ number, shared }: WasmModule): void {
    if (!shared) return;
    this.#threads.forget(number);
    this.#pool.release(shared);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#modules.clear();
    this.#programs = 0;
    await this.#threads.close();
  }

  get #record(): Int32Array {
    return new Int32Array(this.#pool.memory.buffer, control.record, record.words);
  }

  #inside(buffer: DeviceBuffer, bytes: number, operation: string): WasmBuffer {
    const own = this.#pool.own(buffer);
    if (bytes <= own.bytes) return { ...own, bytes };
    throw new DeviceError(`Cannot ${operation} ${bytes} bytes: the buffer has ${own.bytes}`);
  }
}
