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
import { throwRecorded } from "../../nest/index_checks.ts";
import type { OpenDevice } from "./device.ts";
import { type IndexRecord, RECORD_BYTES } from "./index_record.ts";
import { type Upload, Uploads } from "./uploads.ts";
import type { WorkQueue } from "./work_queue.ts";

const stagingUsage = 0x01 | 0x08; // GPUBufferUsage.MAP_READ and COPY_DST
const mapRead = 0x01; // GPUMapMode.READ
const probe = 0x5eed1e55;

/** Copies to and from the device. */
export class Transfer {
  readonly open: OpenDevice;
  readonly #staging = new Map<number, GPUBuffer[]>();
  readonly #uploads: Uploads;
  #eager = true;

  constructor(readonly queue: WorkQueue, readonly statistics: BackendStatistics) {
    this.open = queue.open;
    this.#uploads = new Uploads(queue, statistics);
  }

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
    const { queue, open } = this;
    if (values.length === 0) return;
    queue.begin();
    if (queue.uses(buffer)) {
      const upload = this.#uploads.write(values);
      if (upload) return this.#copyUpload(upload, buffer, values.byteLength);
      queue.submit();
    }
    open.device.queue.writeBuffer(buffer.gpu, 0, values as Float32Array<ArrayBuffer>);
  }

  /** Queues a copy of the first `bytes` bytes of `source` to the start of `target`. */
  copy(source: PooledBuffer, target: PooledBuffer, bytes: number): void {
    if (bytes === 0) return;
    this.queue.copy({
      buffers: [source, target],
      bytes,
      encode: (encoder) => encoder.copyBufferToBuffer(source.gpu, 0, target.gpu, 0, bytes),
    });
  }

  /**
   * The first `bytes` bytes of `buffer` after all work that is already queued, which is submitted together with the
   * copy. The record of indices comes along in the same copy if there may be something in it.
   *
   * @throws {RangeError} if an index was outside of its table since the last such read.
   */
  async read(buffer: PooledBuffer, bytes: number, indices?: IndexRecord): Promise<ArrayBuffer> {
    this.statistics.reads++;
    const moved = indices?.used ? indices : undefined;
    if (bytes === 0 && !moved) return new ArrayBuffer(0);
    const length = Math.ceil(bytes / 4) * 4;
    const content = await this.#fetch(length + (moved ? RECORD_BYTES : 0), (encoder, staging) => {
      if (bytes > 0) encoder.copyBufferToBuffer(buffer.gpu, 0, staging, 0, length);
      moved?.move(encoder, staging, length);
    });
    if (moved) throwRecorded(new Int32Array(content, length));
    return content.slice(0, bytes);
  }

  /** The first `size` bytes of a staging buffer that `write` fills. */
  async #fetch(size: number, write: (encoder: GPUCommandEncoder, staging: GPUBuffer) => void): Promise<ArrayBuffer> {
    const staging = this.#take(size);
    this.queue.submitWith((encoder) => write(encoder, staging));
    const mapped = staging.mapAsync(mapRead, 0, size);
    const content = this.#eager ? takeAtOnce(staging, size, mapped) : undefined;
    if (!content) await mapped;
    const copy = (content ?? staging.getMappedRange(0, size)).slice(0);
    staging.unmap();
    this.#staging.get(staging.size)!.push(staging);
    await this.open.settle();
    return copy;
  }

  /** Destroys the staging buffers. */
  close(): void {
    this.#uploads.close();
    for (const buffers of this.#staging.values()) buffers.forEach((buffer) => buffer.destroy());
    this.#staging.clear();
  }

  #copyUpload({ source, offset }: Upload, target: PooledBuffer, bytes: number): void {
    const encode = (encoder: GPUCommandEncoder): void =>
      encoder.copyBufferToBuffer(source, offset, target.gpu, 0, bytes);
    this.queue.copy({ buffers: [target], bytes, encode });
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
