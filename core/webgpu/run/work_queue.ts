/**
 * The work that waits to be submitted: commands of several runs and copies, in the order of the calls.
 *
 * A submission takes the host about 0.1 ms, however little work it has, so small steps are submitted together. What
 * was collected is submitted when it is enough, when something is read, and at the latest in the next turn of the event
 * loop. If it is enough, it waits for the end of the current microtask, so that a read of its result may join it.
 *
 * @module
 */

import type { BackendStatistics } from "../../backend.ts";
import type { Cost } from "../../nest/cost.ts";
import type { DeviceClass } from "../schedule/schedule.ts";
import type { OpenDevice } from "./device.ts";
import type { PassTimes } from "./timestamps.ts";

/** How much work is collected. It is submitted when one of these is reached. */
export interface SubmissionLimits extends Cost {
  /** Kernels and copies. */
  readonly commands: number;
}

/** A work queue's own mark on a buffer. */
export interface MarkedBuffer {
  /** The number of the last submission that uses the buffer. */
  submission: number;
}

/** The commands of one run. */
export interface CollectedRun {
  /** The name of the program, for messages. */
  readonly name: string;
  readonly buffers: readonly MarkedBuffer[];
  readonly dispatches: number;
  readonly cost: Cost;
  encode(pass: GPUComputePassEncoder): void;
}

/** Copies that are made together. */
export interface CollectedCopy {
  readonly buffers: readonly MarkedBuffer[];
  readonly bytes: number;
  encode(encoder: GPUCommandEncoder): void;
}

/**
 * The most work of one submission. With 128 commands, submitting them takes the host less time than recording them.
 * Operations and bytes take a slow device of the class some tens of milliseconds, so that a training can be interrupted,
 * and that no submission takes longer than drivers allow because of what was added to it. A submission of more work
 * gains nothing, since the device is busy meanwhile.
 */
const most: Readonly<Record<DeviceClass, SubmissionLimits>> = {
  hardware: { commands: 128, operations: 2 ** 34, bytes: 2 ** 30 },
  software: { commands: 128, operations: 2 ** 27, bytes: 2 ** 25 },
};

/** Returns the limits for a class of device. */
export function limitsFor(deviceClass: DeviceClass): SubmissionLimits {
  return most[deviceClass];
}

/** Collects work and submits it. */
export class WorkQueue {
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #submission = 1;
  #commands = 0;
  #operations = 0;
  #bytes = 0;
  #isEnough = false;
  readonly #names = new Set<string>();

  constructor(
    readonly open: OpenDevice,
    readonly statistics: BackendStatistics,
    readonly limits: SubmissionLimits = limitsFor(open.deviceClass),
  ) {}

  /** The number of the submission for which work is collected. */
  get submission(): number {
    return this.#submission;
  }

  /** Whether work that is not submitted yet uses a buffer, so that the host must not write to it. */
  uses({ submission }: MarkedBuffer): boolean {
    return submission === this.#submission;
  }

  /** Submits what was collected if it is enough. More work and writes of the host begin with this. */
  begin(): void {
    if (this.#isEnough) this.submit();
  }

  /** Collects a run, after the work so far. */
  run({ name, buffers, dispatches, cost, encode }: CollectedRun): void {
    this.begin();
    this.#names.add(name);
    this.#record(buffers, () => encode(this.#openPass()));
    this.#add(dispatches, cost);
  }

  /** Collects copies, after the work so far. */
  copy({ buffers, bytes, encode }: CollectedCopy): void {
    this.begin();
    this.#record(buffers, () => encode(this.#openEncoder()));
    this.#add(1, { operations: 0, bytes });
  }

  /** Submits what was collected, and these commands after it. */
  submitWith(encode: (encoder: GPUCommandEncoder) => void): void {
    this.#record([], () => encode(this.#openEncoder()));
    this.submit();
  }

  /** Submits a run alone, and the times of its pass. */
  time({ name, buffers, encode }: CollectedRun, times: PassTimes): void {
    this.submit();
    this.#names.add(name);
    this.#record(buffers, () => {
      encode(this.#openPass({ timestampWrites: times.writes }));
      times.resolve(this.#openEncoder());
    });
    this.submit();
  }

  /** Submits what was collected, if there is any. */
  submit(): void {
    const encoder = this.#encoder;
    if (!encoder) return;
    const { open, statistics } = this;
    const [pass, names] = [this.#pass, [...this.#names]];
    this.#forget();
    if (open.failure) return;
    const submit = (): void => {
      pass?.end();
      open.device.queue.submit([encoder.finish()]);
    };
    try {
      // If one command is not valid, nothing is carried out, so what is read together with it must be refused.
      open.watch("validation", submit, (message) => `${failureOf(names)}: ${message}`);
    } catch (error) {
      throw this.#fail(error);
    }
    statistics.submissions++;
  }

  /** Submits what was collected, and what the host wrote; afterwards buffers may be destroyed. */
  submitAll(): void {
    this.submit();
    this.open.device.queue.submit([]);
  }

  #openEncoder(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    this.#timer ??= setTimeout(() => this.#submitLate(), 0);
    return this.#encoder ??= this.open.device.createCommandEncoder();
  }

  #openPass(descriptor?: GPUComputePassDescriptor): GPUComputePassEncoder {
    return this.#pass ??= this.#openEncoder().beginComputePass(descriptor);
  }

  /** Encodes commands. If that fails, part of them may be recorded, so nothing of the submission can be trusted. */
  #record(buffers: readonly MarkedBuffer[], encode: () => void): void {
    for (const buffer of buffers) buffer.submission = this.#submission;
    try {
      encode();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #add(commands: number, { operations, bytes }: Cost): void {
    const { limits } = this;
    this.#commands += commands;
    this.#operations += operations;
    this.#bytes += bytes;
    const isEnough = this.#commands >= limits.commands || this.#operations >= limits.operations ||
      this.#bytes >= limits.bytes;
    if (!isEnough || this.#isEnough) return;
    this.#isEnough = true;
    const submission = this.#submission;
    queueMicrotask(() => submission === this.#submission && this.#submitLate());
  }

  /** Submits where nobody can catch an error. */
  #submitLate(): void {
    try {
      this.submit();
    } catch {
      // The next use of the device throws the failure, which is recorded.
    }
  }

  /** Records that work is lost, after which the device cannot be used. */
  #fail(error: unknown): unknown {
    this.#forget();
    const reason = error instanceof Error ? error.message : String(error);
    this.open.fail(`Cannot use the device ${this.open.found.name}: work could not be submitted: ${reason}`);
    return error;
  }

  /** Begins a new submission. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#encoder = this.#pass = undefined;
    this.#commands = this.#operations = this.#bytes = 0;
    this.#isEnough = false;
    this.#names.clear();
    this.#submission++;
  }
}

function failureOf(names: readonly string[]): string {
  if (names.length === 0) return "Cannot copy";
  return `Cannot run ${names.join(", ")}${names.length > 1 ? ", which were submitted together" : ""}`;
}
