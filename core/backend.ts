/**
 * The interface of devices. The rest of the project knows devices only by this interface.
 *
 * @module
 */

import type { DeviceKind } from "./device_table.ts";
import type { HostArray } from "./dtype.ts";
import type { LaunchStep } from "./nest/launches.ts";
import type { Program } from "./nest/program.ts";

/** A piece of device memory, owned by the backend that made it. */
export interface DeviceBuffer {
  /** Different for any two buffers that exist at the same time. */
  readonly id: number;
  /** The number of bytes that were requested. */
  readonly bytes: number;
}

/** A program that is ready to run on one device. */
export interface Executable {
  /** Queues the whole program; `buffers[i]` is the program's buffer `i`. Returns before it has finished. */
  run(buffers: readonly DeviceBuffer[]): void;
  /**
   * Runs the whole program, and resolves to the milliseconds of its kernels by the clock of the device; absent if it has
   * none that can be read.
   */
  readonly time?: ((buffers: readonly DeviceBuffer[]) => Promise<number>) | undefined;
  /** The generated code as readable text: WGSL or a Wasm listing for each kernel. */
  readonly source: string;
  /** The kernels in the order in which one run launches them, and their buffers. */
  readonly launches: readonly LaunchStep[];
  /** Kernel launches of one run; those inside of loops count once per iteration. */
  readonly dispatches: number;
  /** Frees the code that no other program needs. The program cannot run afterwards. */
  dispose(): void;
}

/** A description of a device. */
export interface DeviceInfo {
  /** The interface by which it computes. */
  readonly kind: DeviceKind;
  /** The device's own name, such as `NVIDIA H200` or `WebAssembly SIMD, 2 threads`. */
  readonly name: string;
  /** True for an adapter that computes on the processor. */
  readonly software: boolean;
}

/** What a device has in memory now, and running totals since it was opened. */
export interface DeviceStatistics {
  /** Bytes in buffers that are in use. */
  liveBytes: number;
  /** Buffers that are in use. */
  buffers: number;
  /** Programs in memory. Functions with equal graphs share one. */
  programs: number;
  /** Modules or kernels in memory, which programs share; each thread that has loaded a module counts. */
  modules: number;
  /**
   * Programs of compiled functions that were collected: at most 32, the most recently used ones, for functions with equal
   * graphs. They are part of `programs`.
   */
  keptPrograms: number;
  /** Programs of operations outside of compiled functions: at most 1000, the most recently used ones. */
  keptOperations: number;
  /** Running threads, apart from the calling one. */
  threads: number;
  /** Bytes allocated on the device, in use or kept for the next allocation. */
  reservedBytes: number;
  /** Times that memory was allocated on the device rather than taken from the pool. */
  allocations: number;
  /** Kernels or modules compiled. */
  compilations: number;
  /** Kernel launches. */
  dispatches: number;
  /** Times that work was submitted to the device. On WebGPU, the work of several calls is submitted together. */
  submissions: number;
  /** Times that data was read back. */
  reads: number;
}

/** The statistics that a backend counts. */
export type BackendStatistics = Omit<DeviceStatistics, "keptPrograms" | "keptOperations">;

/** The statistics of a backend that was just opened. */
export function noStatistics(): BackendStatistics {
  return {
    liveBytes: 0,
    buffers: 0,
    programs: 0,
    modules: 0,
    threads: 0,
    reservedBytes: 0,
    allocations: 0,
    compilations: 0,
    dispatches: 0,
    submissions: 0,
    reads: 0,
  };
}

/** A device that holds buffers and runs programs, in the order of the calls. */
export interface Backend {
  readonly info: DeviceInfo;
  readonly statistics: Readonly<BackendStatistics>;
  /** The error after which the device cannot be used, once there was one. */
  readonly failure?: DeviceError | undefined;
  /** The most buffers that one nest may use. */
  readonly maxSlots: number;
  /** Whether buffers are in the memory of the host, so copying data to the device has no advantage. */
  readonly sharesHostMemory: boolean;
  /** The largest size of a buffer in bytes. */
  readonly maxBufferBytes: number;
  /** The most bytes of temporaries that save launches; absent if launches cost little. */
  readonly temporaryBytes?: number | undefined;
  /**
   * Starts what most computations will wait for, such as threads. Otherwise they start when they are needed. Resolves
   * when `info` is known to be true.
   */
  warmUp?(): Promise<void>;
  /**
   * Returns a buffer of at least `bytes` bytes with any content, from the pool if possible. Throws
   * {@linkcode DeviceError} if there is not enough memory.
   */
  allocate(bytes: number): DeviceBuffer;
  /** Returns a buffer to the pool. The next `allocate` may reuse it, after all work queued before. */
  release(buffer: DeviceBuffer): void;
  /** Queues a copy of 32-bit elements to the start of a buffer. */
  write(buffer: DeviceBuffer, values: Exclude<HostArray, Uint8Array>): void;
  /** Queues a copy of the first `bytes` bytes of a buffer, a multiple of 4, to the start of another one. */
  copy(source: DeviceBuffer, target: DeviceBuffer, bytes: number): void;
  /** Returns the first `bytes` bytes of a buffer after all work queued before. */
  read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Starts all queued work now, if the device collects it. Otherwise it starts in the next turn of the event loop. */
  submit?(): void;
  /** Waits for all queued work. */
  finish(): Promise<void>;
  /** Makes a program ready to run. Programs share kernels with equal code. */
  load(program: Program): Executable;
  /** Waits for all queued work and releases everything. */
  close(): Promise<void>;
}

/** Thrown if a device is missing, fails, or runs out of memory. */
export class DeviceError extends Error {
  /** The name of the class in messages. */
  override name = "DeviceError";
}
