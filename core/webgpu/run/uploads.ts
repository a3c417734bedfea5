/**
 * What the host writes to buffers that collected work uses.
 *
 * `writeBuffer` overtakes commands that are not submitted yet. So what is written goes to memory that this work does not
 * use, and a command copies it from there.
 *
 * @module
 */

import type { BackendStatistics } from "../../backend.ts";
import type { WorkQueue } from "./work_queue.ts";

const usage = 0x04 | 0x08; // GPUBufferUsage.COPY_SRC and COPY_DST

/** The bytes of all such writes of one submission: enough for numbers and small tensors, which steps take. */
export const UPLOAD_BYTES = 2 ** 16;

/** Where written elements are. */
export interface Upload {
  readonly source: GPUBuffer;
  readonly offset: number;
}

/** Memory for writes, which each submission fills from the beginning. */
export class Uploads {
  #buffer: GPUBuffer | undefined;
  #submission = 0;
  #used = 0;

  constructor(readonly queue: WorkQueue, readonly statistics: BackendStatistics) {}

  /** Writes elements where no collected work can see them; undefined if no memory is left until it is submitted. */
  write(values: Float32Array | Int32Array | Uint32Array): Upload | undefined {
    const { queue } = this;
    if (this.#submission !== queue.submission) [this.#submission, this.#used] = [queue.submission, 0];
    const offset = this.#used;
    if (offset + values.byteLength > UPLOAD_BYTES) return undefined;
    const source = this.#buffer ??= this.#make();
    queue.open.device.queue.writeBuffer(source, offset, values as Float32Array<ArrayBuffer>);
    this.#used += values.byteLength;
    return { source, offset };
  }

  /** Releases the memory. */
  close(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }

  #make(): GPUBuffer {
    const { open } = this.queue;
    const made = open.watch(
      "out-of-memory",
      () => open.device.createBuffer({ size: UPLOAD_BYTES, usage }),
      (message) => `Cannot write to ${open.found.name}: ${message}`,
    );
    this.statistics.allocations++;
    this.statistics.reservedBytes += UPLOAD_BYTES;
    return made;
  }
}
