/**
 * Copies between the host and the device.
 *
 * In Deno, awaiting `mapAsync` takes ten milliseconds or more, however small the copy. But the buffer is already mapped
 * when the call returns, so its contents can be read at once. Whether this works is tested when the device is opened.
 * If it does not, the promise is awaited.
 *
 * @module
 */

import type { BackendStatistics } from "../../backend.ts";
import type { PooledBuffer } from "./buffers.ts";
import { capacityOf } from "./buffers.ts";
import type { OpenDevice } from "./device.ts";

const stagingUsage = 0x01 | 0x08; // GPUBufferUsage.MAP_READ and COPY_DST
const mapRead = 0x01; // GPUMapMode.READ
const probe = 0x5eed1e55;

/** Copies to and from the device. */
export class Transfer {
  readonly #staging = new Map<number, GPUBuffer[]>();
  #eager = true;

  constructor(readonly open: OpenDevice, readonly statistics: BackendStatistics) {}

  /** Tests whether mapped contents can be read without waiting. */
  async prove(scratch: PooledBuffer): Promise<void> {
    this.write(scratch, Uint32Array.of(probe));
    try {
      this.#eager = new Uint32Array(await this.read(scratch, 4))[0] === probe;
    } catch {
      this.#eager = false;
    }
    this.statistics.reads = 0;
    this.statistics.submissions = 0;
  }

  /** Queues a copy of `values` to the start of `buffer`. */
  write(buffer: PooledBuffer, values: Float32Array | Int32Array | Uint32Array): void {
    if (values.length === 0) return;
    this.open.device.queue.writeBuffer(buffer.gpu, 0, values as Float32Array<ArrayBuffer>);
  }

  /** Queues a copy of the first `bytes` bytes of `source` to the start of `target`. */
  copy(source: PooledBuffer, target: PooledBuffer, bytes: number): void {
    if (bytes > 0) this.#copy(source.gpu, target.gpu, bytes);
  }

  /** The first `bytes` bytes of `buffer` after all work that is already queued. */
  async read(buffer: PooledBuffer, bytes: number): Promise<ArrayBuffer> {
    this.statistics.reads++;
    if (bytes === 0) return new ArrayBuffer(0);
    const size = Math.ceil(bytes / 4) * 4;
    const staging = this.#take(size);
    this.#copy(buffer.gpu, staging, size);
    const mapped = staging.mapAsync(mapRead, 0, size);
    const content = this.#eager ? takeAtOnce(staging, size, mapped) : undefined;
    if (!content) await mapped;
    const copy = (content ?? staging.getMappedRange(0, size)).slice(0, bytes);
    staging.unmap();
    this.#staging.get(staging.size)!.push(staging);
    await this.open.settle();
    return copy;
  }

  /** Destroys the staging buffers. */
  close(): void {
    for (const buffers of this.#staging.values()) buffers.forEach((buffer) => buffer.destroy());
    this.#staging.clear();
  }

  #copy(source: GPUBuffer, target: GPUBuffer, bytes: number): void {
    const { device } = this.open;
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, target, 0, bytes);
    device.queue.submit([encoder.finish()]);
    this.statistics.submissions++;
  }

  #take(bytes: number): GPUBuffer {
    const size = capacityOf(bytes, this.open.device.limits.maxBufferSize);
    if (!this.#staging.has(size)) this.#staging.set(size, []);
    const kept = this.#staging.get(size)!.pop();
    if (kept) return kept;
    // Deno panics if a range is read at once from a buffer that was not mapped at creation.
    const staging = this.open.watch(
      "out-of-memory",
      () => this.open.device.createBuffer({ size, usage: stagingUsage, mappedAtCreation: true }),
      (message) => `Cannot read ${bytes} bytes from ${this.open.found.name}: ${message}`,
    );
    staging.getMappedRange(0, 4);
    staging.unmap();
    this.statistics.allocations++;
    this.statistics.reservedBytes += size;
    return staging;
  }
}

/** The mapped contents; undefined if they are not there yet. */
function takeAtOnce(staging: GPUBuffer, size: number, mapped: Promise<unknown>): ArrayBuffer | undefined {
  mapped.catch(() => {}); // the caller awaits it, too, if reading fails
  try {
    return staging.getMappedRange(0, size);
  } catch {
    return undefined;
  }
}
