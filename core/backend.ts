/**
 * What every device must offer. The rest of the project knows devices by this interface alone.
 *
 * @module
 */

import type { HostArray } from "./dtype.ts";
import type { Program } from "./nest/program.ts";

/** A piece of device memory, owned by the backend that made it. */
export interface DeviceBuffer {
  /** Different for any two buffers that live at the same time. */
  readonly id: number;
  /** The bytes that were asked for. */
  readonly bytes: number;
}

/** A program made ready to run on one device. */
export interface Executable {
  /** Queues the whole program; `buffers[i]` is the program's buffer `i`. Returns before it has finished. */
  run(buffers: readonly DeviceBuffer[]): void;
  /** The generated code, for people: WGSL text or a Wasm listing for each kernel. */
  readonly source: string;
  /** Kernel launches of one run; those inside of loops counted once for each turn. */
  readonly dispatches: number;
}

/** What a device is, for people. */
export interface DeviceInfo {
  /** By which interface it computes. */
  readonly kind: "webgpu" | "wasm";
  /** The device's own name, such as `NVIDIA H200` or `WebAssembly SIMD, 2 threads`. */
  readonly name: string;
  /** True for an adapter that computes on the processor. */
  readonly software: boolean;
}

/** Running totals of a backend since it was opened. */
export interface DeviceStatistics {
  /** Bytes in buffers that are in use. */
  liveBytes: number;
  /** Bytes taken from the device, in use or kept for the next allocation. */
  reservedBytes: number;
  /** Times that memory was taken from the device rather than from those kept. */
  allocations: number;
  /** Kernels or modules compiled. */
  compilations: number;
  /** Kernel launches. */
  dispatches: number;
  /** Times that work was handed to the device. */
  submissions: number;
  /** Times that data was read back. */
  reads: number;
}

/** A device that holds buffers and runs programs, in the order of the calls. */
export interface Backend {
  readonly info: DeviceInfo;
  readonly statistics: Readonly<DeviceStatistics>;
  /** The most buffers that one nest may use. */
  readonly maxSlots: number;
  /** Whether buffers lie in the memory of the host, so that its data are not nearer to the device for being copied. */
  readonly sharesHostMemory: boolean;
  /** The most bytes that one buffer may have. */
  readonly maxBufferBytes: number;
  /** Begins what most computations will wait for, such as starting threads; else it is begun when it is needed. */
  warmUp?(): void;
  /** A buffer of at least `bytes` bytes with any content; kept ones are used again. Throws {@linkcode DeviceError} when memory is out. */
  allocate(bytes: number): DeviceBuffer;
  /** Gives a buffer back; it may be used again by the next `allocate`, after all work queued before. */
  release(buffer: DeviceBuffer): void;
  /** Queues a copy of 32-bit elements to the start of a buffer. */
  write(buffer: DeviceBuffer, values: Exclude<HostArray, Uint8Array>): void;
  /** Queues a copy of the first `bytes` bytes of a buffer, a multiple of 4, to the start of another one. */
  copy(source: DeviceBuffer, target: DeviceBuffer, bytes: number): void;
  /** The first `bytes` bytes of a buffer after all work queued before. */
  read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer>;
  /** Waits for all queued work. */
  finish(): Promise<void>;
  /** Makes a program ready. Kernels are shared among programs by their text. */
  load(program: Program): Executable;
  /** Waits for all queued work and gives everything back. */
  close(): Promise<void>;
}

/** A device that is missing, failed, or has run out of memory. */
export class DeviceError extends Error {
  /** The class, as it is printed. */
  override name = "DeviceError";
}
