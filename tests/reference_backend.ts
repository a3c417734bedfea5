/**
 * A device made of only the evaluator of nests and the interface of devices: slow, and obviously right. It also shows
 * in the shortest form what a new device must do.
 *
 * @module
 */

import {
  type Backend,
  type BackendStatistics,
  type DeviceBuffer,
  DeviceError,
  type DeviceInfo,
  type Executable,
  noStatistics,
} from "../core/backend.ts";
import type { DType, HostArray } from "../core/dtype.ts";
import { evaluateProgram } from "../core/nest/evaluate.ts";
import { record, throwRecorded } from "../core/nest/index_checks.ts";
import { countLaunches, launchesOf } from "../core/nest/launches.ts";
import type { Program, ProgramStep } from "../core/nest/program.ts";
import { showNest } from "../core/nest/show.ts";

/** Elements in a buffer, 32 bits each. */
const words = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array };

/** The minimum size that GPUs allow for one buffer. */
const MOST_BYTES = 2 ** 28;

class Memory implements DeviceBuffer {
  readonly content: ArrayBuffer;

  constructor(readonly id: number, readonly bytes: number) {
    this.content = new ArrayBuffer(Math.ceil(bytes / 4) * 4);
  }

  elements(dtype: DType): Float32Array | Int32Array | Uint32Array {
    return new words[dtype](this.content);
  }
}

/** The nests of some steps, each repeated as often as it runs. */
function sourceOf(steps: readonly ProgramStep[]): string {
  return steps.map((step) => step.kind === "nest" ? showNest(step.nest) : sourceOf(step.steps)).join("\n\n");
}

class ReferenceBackend implements Backend {
  readonly info: DeviceInfo;
  readonly statistics: BackendStatistics = noStatistics();
  readonly maxSlots = Infinity;
  readonly sharesHostMemory = true;
  readonly maxBufferBytes = MOST_BYTES;
  readonly #live = new Map<DeviceBuffer, Memory>();
  readonly #record = new Int32Array(record.words);

  constructor(kind: DeviceInfo["kind"]) {
    this.info = { kind, name: "evaluator in double precision", software: false };
  }

  allocate(bytes: number): DeviceBuffer {
    if (bytes > MOST_BYTES) throw new DeviceError(`Cannot allocate ${bytes} bytes: a buffer has at most ${MOST_BYTES}`);
    const memory = new Memory(this.statistics.allocations++, bytes);
    this.#live.set(memory, memory);
    this.#reserve(bytes);
    this.statistics.buffers++;
    return memory;
  }

  release(buffer: DeviceBuffer): void {
    this.#live.delete(this.#own(buffer, 0, "release"));
    this.#reserve(-buffer.bytes);
    this.statistics.buffers--;
  }

  write(buffer: DeviceBuffer, values: Exclude<HostArray, Uint8Array>): void {
    const { content } = this.#own(buffer, values.byteLength, "write");
    new Uint8Array(content).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  copy(source: DeviceBuffer, target: DeviceBuffer, bytes: number): void {
    const [from, to] = [this.#own(source, bytes, "copy"), this.#own(target, bytes, "copy")];
    new Uint8Array(to.content).set(new Uint8Array(from.content, 0, bytes));
  }

  read(buffer: DeviceBuffer, bytes: number): Promise<ArrayBuffer> {
    this.statistics.reads++;
    return Promise.try(() => {
      throwRecorded(this.#record);
      return this.#own(buffer, bytes, "read").content.slice(0, bytes);
    });
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  load(program: Program): Executable {
    this.statistics.compilations++;
    this.statistics.programs++;
    const launches = launchesOf(program.steps);
    const dispatches = countLaunches(launches);
    return {
      launches,
      dispatches,
      source: sourceOf(program.steps),
      run: (buffers) => {
        this.statistics.submissions++;
        this.statistics.dispatches += dispatches;
        this.#run(program, buffers);
      },
      dispose: () => void this.statistics.programs--,
    };
  }

  close(): Promise<void> {
    this.#live.clear();
    return Promise.resolve();
  }

  /** Between the nests of a program, elements have double precision; they are rounded at its end. */
  #run(program: Program, buffers: readonly DeviceBuffer[]): void {
    const memories = program.buffers.map(({ bytes }, i) => this.#own(buffers[i], bytes, "compute with"));
    const elements = memories.map((memory, i) => memory.elements(program.buffers[i].dtype));
    const cells = new Map(memories.map((memory, i) => [memory, Float64Array.from(elements[i])]));
    evaluateProgram(program, memories.map((memory) => cells.get(memory)), this.#record);
    memories.forEach((memory, i) => elements[i].set(cells.get(memory)!));
  }

  #own(buffer: DeviceBuffer, bytes: number, operation: string): Memory {
    const memory = this.#live.get(buffer);
    if (!memory) throw new DeviceError(`Cannot ${operation} buffer ${buffer.id}: it is released, or another device's`);
    if (bytes <= memory.bytes) return memory;
    throw new DeviceError(`Cannot ${operation} ${bytes} bytes: the buffer has ${memory.bytes}`);
  }

  #reserve(bytes: number): void {
    this.statistics.liveBytes += bytes;
    this.statistics.reservedBytes += bytes;
  }
}

/** Opens the device under the name of an existing kind. */
export function openReference(kind: DeviceInfo["kind"]): Backend {
  return new ReferenceBackend(kind);
}
