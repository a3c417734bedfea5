/**
 * The time of one pass by the clock of the device.
 *
 * @module
 */

import { DeviceError } from "../../backend.ts";

/** The feature by which devices measure passes. */
export const timestampFeature: GPUFeatureName = "timestamp-query";

const BYTES = 16; // two times of 64 bits, in nanoseconds
const RESOLVES = 0x200 | 0x04; // GPUBufferUsage.QUERY_RESOLVE and COPY_SRC
const READS = 0x01 | 0x08; // GPUBufferUsage.MAP_READ and COPY_DST

/** Two times of the device: those of the begin and of the end of a pass. */
export class PassTimes {
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #readable: GPUBuffer;

  constructor(readonly device: GPUDevice) {
    this.#queries = device.createQuerySet({ type: "timestamp", count: 2 });
    this.#resolved = device.createBuffer({ size: BYTES, usage: RESOLVES });
    this.#readable = device.createBuffer({ size: BYTES, usage: READS });
  }

  /** What the pass needs to write the times. */
  get writes(): GPUComputePassTimestampWrites {
    return { querySet: this.#queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
  }

  /** Copies the times after the pass. */
  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#readable, 0, BYTES);
  }

  /** Waits for the pass, and returns its milliseconds. The times cannot be used afterwards. */
  async milliseconds(): Promise<number> {
    try {
      await this.#readable.mapAsync(1); // GPUMapMode.READ
      const [begin, end] = new BigUint64Array(this.#readable.getMappedRange().slice(0));
      return Math.max(0, Number(end - begin) / 1e6);
    } catch (error) {
      throw new DeviceError(`Cannot read the clock of the device: ${error}`, { cause: error });
    } finally {
      this.#queries.destroy();
      this.#resolved.destroy();
      this.#readable.destroy();
    }
  }
}
