/**
 * The backend that computes on WebGPU, with kernels in WGSL.
 *
 * @module
 */

import {
  type Backend,
  type BackendStatistics,
  type DeviceBuffer,
  type DeviceError,
  type DeviceInfo,
  type Executable,
  noStatistics,
} from "../backend.ts";
import type { HostArray } from "../dtype.ts";
import type { Program } from "../nest/program.ts";
import type { LowerOptions } from "./lower_program.ts";
import { type MergeRule, mergeRules } from "./merge/rules.ts";
import { schedulerFor } from "./schedule/choose.ts";
import type { Scheduler } from "./schedule/schedule.ts";
import { BufferPool } from "./run/buffers.ts";
import { type AdapterOptions, allowedAdapters, OpenDevice } from "./run/device.ts";
import { WebGpuExecutable } from "./run/executable.ts";
import { PipelineCache } from "./run/pipelines.ts";
import { IndexRecord } from "./run/index_record.ts";
import { mayBeOpenGl, probeBytes, proveIntegers } from "./run/probe.ts";
import { Transfer } from "./run/transfer.ts";
import { limitsFor, type SubmissionLimits, WorkQueue } from "./run/work_queue.ts";

/** How to open the device. */
export interface WebGpuOptions extends AdapterOptions {
  /** The most bytes of device memory to use (default: no limit). */
  readonly memoryLimit?: number;
  /** Chooses schedules for nests (default: the choice for the class of the device). */
  readonly scheduler?: Scheduler;
  /** How far kernels that do not wait for each other become one (default: the rule for the class of the device). */
  readonly merging?: MergeRule | "none";
  /** How much work is submitted together (default: the limits for the class of the device). */
  readonly submissions?: Partial<SubmissionLimits>;
}

class WebGpuBackend implements Backend {
  readonly statistics: BackendStatistics = noStatistics();
  readonly info: DeviceInfo;
  readonly maxSlots: number;
  readonly sharesHostMemory = false;
  readonly maxBufferBytes: number;
  readonly temporaryBytes: number | undefined;
  readonly #queue: WorkQueue;
  readonly #pool: BufferPool;
  readonly #transfer: Transfer;
  readonly #pipelines: PipelineCache;
  readonly #record: IndexRecord;
  readonly #lowering: LowerOptions;

  constructor(readonly open: OpenDevice, { memoryLimit = Infinity, scheduler, merging, submissions }: WebGpuOptions) {
    const { limits } = open.device;
    this.info = { kind: "webgpu", name: open.found.name, software: open.found.software };
    this.maxSlots = limits.maxStorageBuffersPerShaderStage;
    this.maxBufferBytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) & ~3;
    this.temporaryBytes = open.found.software ? undefined : 64 * 2 ** 20;
    this.#queue = new WorkQueue(open, this.statistics, { ...limitsFor(open.deviceClass), ...submissions });
    this.#pool = new BufferPool(this.#queue, this.statistics, { maxBytes: this.maxBufferBytes, memoryLimit });
    this.#transfer = new Transfer(this.#queue, this.statistics);
    this.#pipelines = new PipelineCache(open, this.statistics);
    this.#record = new IndexRecord(open, this.statistics);
    this.#lowering = {
      scheduler: scheduler ?? schedulerFor(open.deviceClass, limits.maxComputeInvocationsPerWorkgroup),
      merging: merging === "none" ? undefined : merging ?? mergeRules[open.deviceClass],
      maxSlots: this.maxSlots,
      maxMemory: limits.maxComputeWorkgroupStorageSize,
    };
  }

  /**
   * Checks how copies from the device work, and that it computes with whole numbers correctly, before its first use.
   *
   * @throws {DeviceError} if it does not.
   */
  async prepare(): Promise<this> {
    const scratch = this.#pool.allocate(probeBytes);
    await this.#transfer.prove(scratch);
    const { device, found } = this.open;
    if (mayBeOpenGl(found.adapter)) {
      await proveIntegers(found.name, {
        device,
        buffer: scratch.gpu,
        write: (values) => this.#transfer.write(scratch, values),
        read: () => this.#transfer.read(scratch, probeBytes),
      });
    }
    this.#pool.release(scratch);
    this.statistics.reads = this.statistics.submissions = 0;
    return this;
  }

  get failure(): DeviceError | undefined {
    return this.open.failure;
  }

  allocate(bytes: number): DeviceBuffer {
    return this.#pool.allocate(bytes);
  }

  release(buffer: DeviceBuffer): void {
    this.#pool.release(buffer);
  }

  write(buffer: DeviceBuffer, values: Exclude<HostArray, Uint8Array>): void {
    this.open.check();
    const target = this.#pool.own(buffer);
    this.#checkSize("write", values.byteLength, target.bytes);
    this.#transfer.write(target, values);
  }

  copy(source: DeviceBuffer, target: DeviceBuffer, bytes: number): void {
    this.open.check();
    const [from, to] = [this.#pool.own(source), this.#pool.own(target)];
    this.#checkSize("copy", bytes, Math.min(from.bytes, to.bytes));
    this.#transfer.copy(from, to, bytes);
  }

  async read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    this.open.check();
    const source = this.#pool.own(buffer);
    this.#checkSize("read", bytes, source.bytes);
    return await this.#transfer.read(source, bytes, this.#record);
  }

  submit(): void {
    this.#queue.submit();
  }

  async finish(): Promise<void> {
    const scratch = this.#pool.allocate(4);
    // A read takes less time than `onSubmittedWorkDone`, which Deno polls only every 10 ms.
    await this.#transfer.read(scratch, 4);
    this.release(scratch);
  }

  load(program: Program): Executable {
    this.open.check();
    const { statistics } = this;
    return new WebGpuExecutable(program, {
      queue: this.#queue,
      pool: this.#pool,
      pipelines: this.#pipelines,
      statistics,
      record: this.#record,
      lowering: this.#lowering,
    });
  }

  async close(): Promise<void> {
    // A device that failed has no work to wait for, and may never answer.
    this.#queue.submit();
    if (!this.failure) await this.open.device.queue.onSubmittedWorkDone();
    this.#transfer.close();
    this.#pool.close();
    this.#record.close();
    this.#pipelines.clear();
    this.statistics.programs = 0;
    this.open.close();
    this.#queue.submit(); // drops what was queued meanwhile
  }

  #checkSize(operation: string, bytes: number, available: number): void {
    if (bytes > available) {
      throw new RangeError(`Cannot ${operation} ${bytes} bytes: the buffer has ${available}`);
    }
  }
}

/**
 * Opens the best WebGPU adapter.
 *
 * @throws {DeviceError} if there is no adapter that may be used. The message says what to install.
 */
export async function openWebgpu(options: WebGpuOptions = {}): Promise<Backend> {
  let failure: unknown;
  for (const found of await allowedAdapters(options)) {
    const open = await OpenDevice.open(found, options);
    try {
      return await new WebGpuBackend(open, options).prepare();
    } catch (error) {
      open.close();
      failure ??= error;
    }
  }
  throw failure;
}
