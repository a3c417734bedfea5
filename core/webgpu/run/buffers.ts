/**
 * Device memory: a pool of buffers by size, with exact totals.
 *
 * @module
 */

import { type BackendStatistics, type DeviceBuffer, DeviceError } from "../../backend.ts";
import type { FoundAdapter, OpenDevice } from "./device.ts";
import type { MarkedBuffer } from "./work_queue.ts";

/** A buffer of the pool. */
export class PooledBuffer implements DeviceBuffer, MarkedBuffer {
  /** The bytes that were last requested. */
  bytes = 0;
  /** Whether the buffer is in use. */
  live = false;
  submission = 0;

  constructor(readonly id: number, readonly gpu: GPUBuffer, readonly capacity: number) {}
}

const usage = 0x04 | 0x08 | 0x80; // GPUBufferUsage.COPY_SRC, COPY_DST and STORAGE
const leastCapacity = 256;
/** Unused buffers are destroyed if they exceed the bytes in use by more than this. */
const keptBytes = 256 * 2 ** 20;

/** The capacity for a size, which is rounded up to one of four steps per power of two, so at most a fifth is wasted. */
export function capacityOf(bytes: number, limit: number): number {
  if (bytes <= leastCapacity) return leastCapacity;
  const step = 2 ** Math.max(2, Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.max(Math.ceil(bytes / 4) * 4, Math.min(limit, Math.ceil(bytes / step) * step));
}

/** The parts of an open device that a pool needs. */
export interface PoolDevice extends Pick<OpenDevice, "check" | "watch"> {
  readonly device: Pick<GPUDevice, "createBuffer">;
  readonly found: Pick<FoundAdapter, "name">;
}

/** The parts of a work queue that a pool needs. */
export interface PoolQueue {
  readonly open: PoolDevice;
  submitAll(): void;
}

/** The limits of a pool. */
export interface PoolLimits {
  /** The most bytes of one buffer. */
  readonly maxBytes: number;
  /** The most bytes of all buffers together. */
  readonly memoryLimit: number;
}

/** A pool of buffers. */
export class BufferPool {
  readonly #free = new Map<number, PooledBuffer[]>();
  #freeBytes = 0;
  #nextId = 1;
  #closed = false;
  #all = new Set<PooledBuffer>();

  readonly open: PoolDevice;

  constructor(readonly queue: PoolQueue, readonly statistics: BackendStatistics, readonly limits: PoolLimits) {
    this.open = queue.open;
  }

  /**
   * A buffer of at least `bytes` bytes with arbitrary contents.
   *
   * @throws {DeviceError} if the buffer is too large, or memory is exhausted.
   */
  allocate(bytes: number): PooledBuffer {
    this.open.check();
    const { maxBytes } = this.limits;
    if (bytes > maxBytes) {
      throw new DeviceError(
        `Cannot allocate ${bytes} bytes: one buffer of ${this.open.found.name} has at most ${maxBytes} bytes. ` +
          "Use smaller batches",
      );
    }
    const capacity = capacityOf(bytes, maxBytes);
    const buffer = this.#free.get(capacity)?.pop() ?? this.#create(capacity, bytes);
    if (!this.#all.has(buffer)) this.#all.add(buffer);
    else this.#freeBytes -= capacity;
    buffer.bytes = bytes;
    buffer.live = true;
    this.statistics.liveBytes += capacity;
    this.statistics.buffers++;
    return buffer;
  }

  /**
   * Returns a buffer to the pool. Work that is already queued still finds its contents, because the device works in
   * order, and what the host writes to the buffer waits for its turn, too.
   *
   * @throws {TypeError} if the buffer is not in use.
   */
  release(buffer: DeviceBuffer): void {
    if (this.#closed) return;
    const pooled = this.own(buffer);
    pooled.live = false;
    this.statistics.liveBytes -= pooled.capacity;
    this.statistics.buffers--;
    this.#freeBytes += pooled.capacity;
    const same = this.#free.get(pooled.capacity);
    if (same) same.push(pooled);
    else this.#free.set(pooled.capacity, [pooled]);
  }

  /**
   * The buffer as one of this pool.
   *
   * @throws {TypeError} if it is not in use, or belongs to another backend.
   */
  own(buffer: DeviceBuffer): PooledBuffer {
    if (!(buffer instanceof PooledBuffer) || !this.#all.has(buffer)) {
      throw new TypeError(`Cannot use buffer ${buffer.id}: it does not belong to this WebGPU device`);
    }
    if (!buffer.live) throw new TypeError(`Cannot use buffer ${buffer.id}: it was released`);
    return buffer;
  }

  /** Destroys all buffers. */
  close(): void {
    this.#closed = true;
    for (const { gpu } of this.#all) gpu.destroy();
    this.#all.clear();
    this.#free.clear();
    this.#freeBytes =
      this.statistics.liveBytes =
      this.statistics.buffers =
      this.statistics.reservedBytes =
        0;
  }

  #create(capacity: number, bytes: number): PooledBuffer {
    const { statistics, limits: { memoryLimit }, open } = this;
    if (this.#freeBytes > statistics.liveBytes + keptBytes) this.#trim(keptBytes);
    if (statistics.reservedBytes + capacity > memoryLimit) this.#trim(0);
    if (statistics.reservedBytes + capacity > memoryLimit) {
      throw new DeviceError(
        `Cannot allocate ${bytes} bytes: ${memoryLimit - statistics.reservedBytes} of ${memoryLimit} bytes are ` +
          "available. Use smaller batches, or dispose of tensors that are no longer needed",
      );
    }
    const gpu = open.watch(
      "out-of-memory",
      () => open.device.createBuffer({ size: capacity, usage }),
      (message) =>
        `Cannot allocate ${bytes} bytes on ${open.found.name}: the device is out of memory with ` +
        `${statistics.reservedBytes - capacity} bytes in use (${message}). Use smaller batches`,
    );
    statistics.allocations++;
    statistics.reservedBytes += capacity;
    return new PooledBuffer(this.#nextId++, gpu, capacity);
  }

  /** Destroys unused buffers, largest first, until at most `keep` bytes of them are left. */
  #trim(keep: number): void {
    this.queue.submitAll(); // so that queued work with these buffers happens first
    for (const capacity of [...this.#free.keys()].sort((a, b) => b - a)) {
      const same = this.#free.get(capacity)!;
      while (same.length > 0 && this.#freeBytes > keep) {
        const buffer = same.shift()!;
        buffer.gpu.destroy();
        this.#all.delete(buffer);
        this.#freeBytes -= capacity;
        this.statistics.reservedBytes -= capacity;
      }
    }
  }
}
