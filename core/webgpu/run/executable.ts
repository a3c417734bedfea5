/**
 * A program on the device: its compiled kernels and their bind groups. The runs of several calls are submitted together.
 *
 * @module
 */

import type { BackendStatistics, DeviceBuffer, Executable } from "../../backend.ts";
import type { Variable } from "../../nest/expression.ts";
import { type Cost, costOfSteps } from "../../nest/cost.ts";
import { countLaunches, type LaunchStep } from "../../nest/launches.ts";
import type { Slot } from "../../nest/nest.ts";
import type { Program } from "../../nest/program.ts";
import type { BufferPool, PooledBuffer } from "./buffers.ts";
import type { Workgroups } from "../wgsl/workgroups.ts";
import { type LowerOptions, lowerProgram, type Step } from "../lower_program.ts";
import type { BoundKernel } from "../merge/merge.ts";
import type { IndexRecord } from "./index_record.ts";
import type { Pipeline, PipelineCache } from "./pipelines.ts";
import { PassTimes } from "./timestamps.ts";
import type { CollectedRun, WorkQueue } from "./work_queue.ts";

interface Launch {
  readonly kind: "launch";
  /** Its number in the program. */
  readonly number: number;
  readonly name: string;
  readonly compiled: Pipeline;
  readonly slots: readonly Slot[];
  /** The program's buffer for each binding. The numbers after the last one are the scratch buffers. */
  readonly buffers: readonly number[];
  readonly bytes: readonly number[];
  /** The record of indices outside of their tables, if the kernel checks indices. It is bound last. */
  readonly record: GPUBuffer | undefined;
  readonly counters: readonly Variable[];
  readonly workgroups: Workgroups;
  /** Bind groups by the buffers that they bind, oldest first. */
  readonly groups: Map<string, GPUBindGroup>;
}

interface Repeat {
  readonly kind: "repeat";
  readonly counter: Variable;
  readonly body: readonly Command[];
}

type Command = Launch | Repeat;

/** A run while it is encoded. */
interface EncodedRun {
  readonly pass: GPUComputePassEncoder;
  /** The bind group of each launch. */
  readonly groups: readonly GPUBindGroup[];
  /** The counters of the loops around the current command. */
  readonly counters: Map<Variable, number>;
}

/** The parts of a device that a program needs. */
export interface ExecutableContext {
  readonly queue: WorkQueue;
  readonly pool: BufferPool;
  readonly pipelines: PipelineCache;
  readonly statistics: BackendStatistics;
  readonly record: IndexRecord;
  readonly lowering: LowerOptions;
}

/** The bytes of one vector. An empty buffer is bound with this size, whatever element type its kernel reads. */
const leastBinding = 16;

/** The most bind groups that are kept for a launch. */
const keptGroups = 32;

/** A program that is ready to run on a WebGPU device. */
export class WebGpuExecutable implements Executable {
  readonly source: string;
  readonly launches: readonly LaunchStep[];
  readonly dispatches: number;
  readonly time: ((buffers: readonly DeviceBuffer[]) => Promise<number>) | undefined;
  #commands: readonly Command[];
  readonly #launches: Launch[] = [];
  #disposed = false;
  readonly #sources: string[] = [];
  /** The offsets at which a dispatch reads its loop counters. Typed arrays are passed faster than others. */
  readonly #offsets = new Uint32Array(16);
  readonly #checksIndices: boolean;
  /** The bytes of each scratch buffer. */
  readonly #scratches: readonly number[];
  readonly #cost: Cost;

  constructor(readonly program: Program, readonly context: ExecutableContext) {
    const lowered = lowerProgram(program, context.lowering);
    this.#scratches = lowered.scratches;
    this.#commands = this.#compile(lowered.steps);
    this.source = this.#sources.join("\n");
    this.launches = lowered.launches;
    this.dispatches = countLaunches(this.launches);
    this.#checksIndices = this.#launches.some(({ record }) => record);
    this.#cost = costOfSteps(program.steps);
    context.statistics.programs++;
    this.time = context.queue.open.hasClock ? (buffers) => this.#time(buffers) : undefined;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { pipelines, statistics, queue: { open } } = this.context;
    const launches = this.#launches.splice(0);
    this.#commands = [];
    if (open.failure) return;
    launches.forEach(({ compiled }) => pipelines.drop(compiled));
    statistics.programs--;
  }

  run(buffers: readonly DeviceBuffer[]): void {
    this.#collect(buffers, (run) => this.context.queue.run(run));
  }

  async #time(buffers: readonly DeviceBuffer[]): Promise<number> {
    if (this.dispatches === 0) return 0;
    const { queue } = this.context;
    const times = new PassTimes(queue.open.device);
    this.#collect(buffers, (run) => queue.time(run, times));
    return await times.milliseconds();
  }

  /** Passes the launches with the program's buffers to the queue. */
  #collect(buffers: readonly DeviceBuffer[], collect: (run: CollectedRun) => void): void {
    const { queue, pool, statistics, record } = this.context;
    queue.open.check();
    if (this.#disposed) throw new TypeError(`Cannot run ${this.program.name}: it was disposed`);
    if (buffers.length !== this.program.buffers.length) {
      throw new TypeError(
        `Cannot run ${this.program.name}: expected ${this.program.buffers.length} buffers, got ${buffers.length}`,
      );
    }
    if (this.dispatches === 0) return;
    const owned = buffers.map((buffer) => pool.own(buffer));
    const scratches: PooledBuffer[] = [];
    try {
      for (const bytes of this.#scratches) scratches.push(pool.allocate(bytes));
      collect(this.#run([...owned, ...scratches]));
    } finally {
      // In this order, the next run gets the same buffers from the pool, and needs no other bind groups.
      scratches.reverse().forEach((scratch) => pool.release(scratch));
    }
    if (this.#checksIndices) record.used = true;
    statistics.dispatches += this.dispatches;
  }

  /** The launches with the program's buffers, and the scratch buffers after them. */
  #run(bound: readonly PooledBuffer[]): CollectedRun {
    const groups = this.#launches.map((launch) => this.#group(launch, bound));
    return {
      name: this.program.name,
      buffers: bound,
      dispatches: this.dispatches,
      cost: this.#cost,
      encode: (pass) => this.#encode({ pass, groups, counters: new Map() }, this.#commands),
    };
  }

  #compile(steps: readonly Step<BoundKernel>[]): Command[] {
    return steps.map((step): Command => {
      if (step.kind === "launch") return this.#launch(step.launch);
      this.context.pipelines.reserveCounters(step.counter.extent);
      return { kind: "repeat", counter: step.counter, body: this.#compile(step.steps) };
    });
  }

  #launch({ kernel, buffers }: BoundKernel): Launch {
    const [x, y, z] = kernel.workgroups;
    this.#sources.push(`// ${kernel.name}: ${kernel.schedule}, ${x} x ${y} x ${z} workgroups\n${kernel.code}`);
    const launch: Launch = {
      kind: "launch",
      number: this.#launches.length,
      name: kernel.name,
      compiled: this.context.pipelines.take(kernel),
      slots: kernel.slots,
      buffers,
      bytes: kernel.slots.map(({ elements }) => Math.max(leastBinding, elements * 4)),
      record: kernel.checksIndices ? this.context.record.buffer : undefined,
      counters: kernel.counters,
      workgroups: kernel.workgroups,
      groups: new Map(),
    };
    this.#launches.push(launch);
    return launch;
  }

  /** The bind group of a launch, which is made once for each set of buffers. */
  #group(launch: Launch, buffers: readonly PooledBuffer[]): GPUBindGroup {
    const { groups, buffers: numbers } = launch;
    let key = "";
    for (const number of numbers) key += `${buffers[number].id} `;
    const known = groups.get(key);
    if (known) return known;
    this.#checkDifferent(launch, buffers);
    const group = this.context.queue.open.watch(
      "validation",
      () => this.#bind(launch, buffers),
      (message) => `Cannot bind the buffers of ${this.program.name}: ${message}`,
    );
    groups.set(key, group);
    if (groups.size > keptGroups) groups.delete(groups.keys().next().value!);
    return group;
  }

  /** Refuses a buffer that a kernel writes under one number and uses under another. */
  #checkDifferent({ name, slots, buffers: numbers }: Launch, buffers: readonly PooledBuffer[]): void {
    slots.forEach(({ access }, slot) => {
      const { id } = buffers[numbers[slot]];
      const other = access === "read" ? -1 : numbers.findIndex((number, i) => i !== slot && buffers[number].id === id);
      if (other < 0) return;
      const [first, second] = [numbers[slot], numbers[other]].toSorted((a, b) => a - b);
      throw new TypeError(
        `Cannot run ${this.program.name}: expected different buffers, got buffer ${id} for both ${first} and ` +
          `${second}, and ${name} writes it`,
      );
    });
  }

  #bind({ compiled, buffers: numbers, bytes, record }: Launch, buffers: readonly PooledBuffer[]): GPUBindGroup {
    const resources = numbers.map((number, i) => ({ buffer: buffers[number].gpu, size: bytes[i] }));
    const all = record ? [...resources, { buffer: record }] : resources;
    return this.context.queue.open.device.createBindGroup({
      layout: compiled.layout,
      entries: all.map((resource, binding) => ({ binding, resource })),
    });
  }

  #encode(run: EncodedRun, commands: readonly Command[]): void {
    const { pass, groups, counters } = run;
    const { pipelines } = this.context;
    for (const command of commands) {
      if (command.kind === "repeat") {
        for (let turn = 0; turn < command.counter.extent; turn++) {
          counters.set(command.counter, turn);
          this.#encode(run, command.body);
        }
        continue;
      }
      pass.setPipeline(command.compiled.pipeline);
      pass.setBindGroup(0, groups[command.number]);
      if (command.counters.length > 0) {
        const { length } = command.counters;
        command.counters.forEach((counter, i) => this.#offsets[i] = counters.get(counter)! * pipelines.stride);
        pass.setBindGroup(1, pipelines.counterGroup(length), this.#offsets, 0, length);
      }
      pass.dispatchWorkgroups(...command.workgroups);
    }
  }
}
