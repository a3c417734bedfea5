/**
 * The device's record of indices outside of their tables. It is made when the first kernel that checks indices is
 * loaded.
 *
 * @module
 */

import type { BackendStatistics } from "../../backend.ts";
import { record } from "../../nest/index_checks.ts";
import type { OpenDevice } from "./device.ts";

const usage = 0x04 | 0x08 | 0x80; // GPUBufferUsage.COPY_SRC, COPY_DST and STORAGE

/** The bytes of a record. */
export const RECORD_BYTES = 4 * record.words;

/** A record, which kernels write and reads clear. */
export class IndexRecord {
  #buffer: GPUBuffer | undefined;
  /** Whether a kernel that checks indices was queued since the last read. */
  used = false;

  constructor(readonly open: Pick<OpenDevice, "device">, readonly statistics: BackendStatistics) {}

  /** The buffer. New buffers are zero. */
  get buffer(): GPUBuffer {
    if (this.#buffer) return this.#buffer;
    this.statistics.allocations++;
    this.statistics.reservedBytes += RECORD_BYTES;
    return this.#buffer = this.open.device.createBuffer({ size: RECORD_BYTES, usage });
  }

  /** Queues a copy of the record to a buffer, and then clears it. */
  move(encoder: GPUCommandEncoder, target: GPUBuffer, offset: number): void {
    encoder.copyBufferToBuffer(this.buffer, 0, target, offset, RECORD_BYTES);
    encoder.clearBuffer(this.buffer);
    this.used = false;
  }

  /** Releases the buffer. */
  close(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }
}
