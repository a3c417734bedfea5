/**
 * The launches of a program's kernels, and which of them wait for others.
 *
 * @module
 */

import { isEmpty, type Slot } from "./nest.ts";
import type { LoopStep, ProgramStep } from "./program.ts";
import { SinceBarrier, type Uses } from "./since_barrier.ts";

/** A kernel that runs once; its slot `i` is the buffer `buffers[i]`. */
export interface Launch {
  readonly kind: "launch";
  readonly slots: readonly Pick<Slot, "access">[];
  /** Buffers of the program, or numbers after the last one for memory that kernels share in addition to those. */
  readonly buffers: readonly number[];
}

/** Launches that are repeated, in order. */
export interface LaunchLoop {
  readonly kind: "loop";
  readonly turns: number;
  readonly steps: readonly LaunchStep[];
}

/** One step of what a device launches. */
export type LaunchStep = Launch | LaunchLoop;

/** How far the kernels of a program run one after the other. */
export interface Waits {
  /**
   * The times that a kernel must not start before all earlier ones have ended: it uses a buffer that one of them since
   * the last such time has written, or writes one that they have read.
   */
  readonly barriers: number;
  /**
   * The most launches of which each must wait for the one before it. No order of the kernels has fewer barriers than
   * this number minus one.
   */
  readonly longestChain: number;
}

/** The launches on a device that runs each nest of a program as one kernel. */
export function launchesOf(steps: readonly ProgramStep[]): LaunchStep[] {
  return steps.flatMap((step): LaunchStep[] => {
    if (step.kind === "loop") {
      return [{ kind: "loop", turns: step.counter.extent, steps: launchesOf(step.steps) }];
    }
    return isEmpty(step.nest) ? [] : [{ kind: "launch", slots: step.nest.slots, buffers: step.buffers }];
  });
}

/** The number of launches. Those in loops count in each turn. */
export function countLaunches(steps: readonly LaunchStep[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === "launch" ? 1 : step.turns * countLaunches(step.steps)), 0);
}

/** The buffers that a step uses. */
export function usesOf(step: LaunchStep): Uses {
  if (step.kind === "loop") {
    const uses = step.steps.map(usesOf);
    return { read: uses.flatMap(({ read }) => read), written: uses.flatMap(({ written }) => written) };
  }
  const { slots, buffers } = step;
  const having = (other: Slot["access"]) => buffers.filter((_, slot) => slots[slot].access !== other);
  return { read: having("write"), written: having("read") };
}

/** The buffers that the nests of a loop use. */
function buffersIn(steps: readonly ProgramStep[]): number[] {
  return steps.flatMap((step) => {
    if (step.kind === "loop") return buffersIn(step.steps);
    return isEmpty(step.nest) ? [] : step.buffers;
  });
}

/** The launches of a loop among those around it; undefined if the device runs all turns as one kernel. */
export function launchesOfLoop({ counter, steps }: LoopStep, around: readonly LaunchStep[]): LaunchLoop | undefined {
  const buffers = buffersIn(steps);
  return around.find((step): step is LaunchLoop => {
    if (step.kind === "launch" || step.turns !== counter.extent) return false;
    const { read, written } = usesOf(step);
    const used = new Set([...read, ...written]);
    return buffers.every((buffer) => used.has(buffer));
  });
}

/** Counts while launches follow one another. */
class Counter {
  barriers = 0;
  longestChain = 0;
  readonly #uses = new Map<Launch, Uses>();
  readonly #since = new SinceBarrier();
  /** The longest chain that ends with a launch that wrote a buffer, or with one that has read it since. */
  readonly #writers = new Map<number, number>();
  readonly #readers = new Map<number, number>();

  run(steps: readonly LaunchStep[]): void {
    for (const step of steps) {
      if (step.kind === "launch") this.#launch(this.#usesOf(step));
      else for (let turn = 0; turn < step.turns; turn++) this.run(step.steps);
    }
  }

  #usesOf(launch: Launch): Uses {
    const known = this.#uses.get(launch);
    if (known) return known;
    const uses = usesOf(launch);
    this.#uses.set(launch, uses);
    return uses;
  }

  #launch(uses: Uses): void {
    this.#countBarrier(uses);
    this.#lengthenChains(uses);
  }

  #countBarrier(uses: Uses): void {
    if (this.#since.waits(uses)) {
      this.barriers++;
      this.#since.clear();
    }
    this.#since.add(uses);
  }

  #lengthenChains({ read, written }: Uses): void {
    let before = 0;
    for (const buffer of read) before = Math.max(before, this.#writers.get(buffer) ?? 0);
    for (const buffer of written) {
      before = Math.max(before, this.#writers.get(buffer) ?? 0, this.#readers.get(buffer) ?? 0);
    }
    const length = before + 1;
    for (const buffer of read) this.#readers.set(buffer, Math.max(length, this.#readers.get(buffer) ?? 0));
    for (const buffer of written) {
      this.#writers.set(buffer, length);
      this.#readers.delete(buffer);
    }
    this.longestChain = Math.max(this.longestChain, length);
  }
}

/** Counts the barriers between launches, and their longest chain. Those in loops count in each turn. */
export function waitsOf(steps: readonly LaunchStep[]): Waits {
  const counter = new Counter();
  counter.run(steps);
  return { barriers: counter.barriers, longestChain: counter.longestChain };
}
