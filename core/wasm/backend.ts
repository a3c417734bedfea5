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
import { cpuOptions, type DeviceOptions } from "../device_options.ts";
import type { HostArray } from "../dtype.ts";
import { record, throwRecorded } from "../nest/index_checks.ts";
import type { Program } from "../nest/program.ts";
import { readOptions } from "../options/read.ts";
import { type NativeMultiply, nativeMultiply } from "../native/call.ts";
import { reasonOf } from "../permission.ts";
import { SharedValues } from "../shared_values.ts";
import { bytesKey } from "./encode/bytes.ts";
import { control } from "./encode/shared_memory.ts";
import { WasmExecutable, type WasmModule } from "./run/executable.ts";
import { defaultThreads } from "./run/worker_hosts.ts";
import { instantiate, type ProgramRunner } from "./run/instance.ts";
import { MemoryPool, type WasmBuffer } from "./run/memory.ts";
import { type NativeProducts, nativeProducts } from "./native_products.ts";
import { type MicroKernelShape, nativeShape } from "./schedule/micro_kernels.ts";
import { compileProgram } from "./steps.ts";
import { Threads } from "./run/threads.ts";

/**
 * Opens the CPU as a device. `run` returns when the program has run, on the calling thread and others.
 *
 * @throws {TypeError} for an option of another kind.
 * @throws {RangeError} if `threads` is not a whole number from 1 to 1024.
 */
export function openWasm(options: DeviceOptions = {}): Backend {
  const { threads = defaultThreads(), native } = readOptions("open WebAssembly", cpuOptions, options);
  return new WasmBackend(threads, native);
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

  /** The kernels in machine code, or why there are none, once it is known. */
  #native: NativeProducts | undefined;
  /** Calls them, if there are any. */
  #multiply: NativeMultiply | undefined;

  constructor(threads: number, native: boolean) {
    this.#threads = new Threads(this.#pool, threads);
    if (!native) this.#native = { refused: "it was switched off" };
  }

  get info(): DeviceInfo {
    const { count, blocked } = this.#threads;
    const threads = blocked === undefined && count > 1 ? `${count} threads` : "1 thread";
    const reason = blocked === undefined ? "" : ` (${blocked})`;
    const native = this.#products();
    const products = "refused" in native ? "" : ` with ${native.name} products`;
    return { kind: "wasm", name: `WebAssembly SIMD${products}, ${threads}${reason}`, software: false };
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
    const compiled = compileProgram(program, { threads: this.#threads.count, native: () => this.#shape() });
    const { bytes } = compiled;
    const key = bytesKey(bytes);
    const module = this.#modules.take(key, () => {
      this.#counts.compilations++;
      return { number: ++this.#numbered, bytes, run: this.#instantiate(bytes) };
    });
    this.#programs++;
    return new WasmExecutable({ program, compiled, module }, {
      pool: this.#pool,
      threads: this.#threads,
      counts: this.#counts,
      unload: () => this.#unload(key),
    });
  }

  /** Makes machine code callable, or finds out why it is not. */
  #products(): NativeProducts {
    return this.#native ??= this.#makeProducts();
  }

  #makeProducts(): NativeProducts {
    const native = nativeProducts();
    if ("refused" in native) return native;
    try {
      this.#multiply = nativeMultiply(native.address, this.#pool.memory);
    } catch (error) {
      return { refused: `it cannot be called: ${reasonOf(error)}` };
    }
    this.#threads.useNative(native.address);
    return native;
  }

  #shape(): MicroKernelShape | undefined {
    const native = this.#products();
    return "refused" in native ? undefined : nativeShape(native);
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): ProgramRunner {
    return instantiate(bytes, { memory: this.#pool.memory, multiply: () => this.#multiply! });
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
