/**
 * The order of the steps of a program, by the memory that their temporaries take.
 *
 * @module
 */

import type { ProgramStep } from "../nest/program.ts";
import type { PlannedBuffer } from "./planner.ts";

/** The least number of bytes for which steps change places. Small programs stay in the order of their graph. */
const LEAST_GAIN = 2 ** 20;

/** The buffers of a step. */
interface Uses {
  readonly read: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  readonly all: ReadonlySet<number>;
}

function usesOf(step: ProgramStep): Uses {
  const [read, written] = [new Set<number>(), new Set<number>()];
  const add = (one: ProgramStep): void => {
    if (one.kind === "loop") return one.steps.forEach(add);
    one.nest.slots.forEach(({ access }, slot) => {
      if (access !== "write") read.add(one.buffers[slot]);
      if (access !== "read") written.add(one.buffers[slot]);
    });
  };
  add(step);
  return { read, written, all: new Set([...read, ...written]) };
}

/** For each step, the earlier ones that must have run: those that wrote what it uses, or used what it overwrites. */
function neededBefore(uses: readonly Uses[]): ReadonlySet<number>[] {
  const writers = new Map<number, number>();
  const readers = new Map<number, number[]>();
  return uses.map(({ read, written, all }, step) => {
    const needed = new Set<number>();
    for (const buffer of all) if (writers.has(buffer)) needed.add(writers.get(buffer)!);
    for (const buffer of written) readers.get(buffer)?.forEach((reader) => needed.add(reader));
    for (const buffer of written) {
      writers.set(buffer, step);
      readers.set(buffer, []);
    }
    for (const buffer of read) readers.set(buffer, [...readers.get(buffer) ?? [], step]);
    needed.delete(step);
    return needed;
  });
}

/** The temporaries in memory while steps run one after the other. */
class Memory {
  readonly #usesLeft = new Map<number, number>();
  readonly #live = new Set<number>();
  #bytes = 0;
  peak = 0;

  constructor(readonly planned: readonly PlannedBuffer[], uses: readonly Uses[]) {
    for (const buffer of uses.flatMap(({ all }) => [...all])) {
      if (planned[buffer].role === "temporary") this.#usesLeft.set(buffer, (this.#usesLeft.get(buffer) ?? 0) + 1);
    }
  }

  /** The bytes by which a step changes what is in memory after it. */
  changeBy({ all }: Uses): number {
    let bytes = 0;
    for (const buffer of all) {
      const left = this.#usesLeft.get(buffer);
      if (left === undefined) continue;
      if (!this.#live.has(buffer)) bytes += this.planned[buffer].bytes;
      if (left === 1) bytes -= this.planned[buffer].bytes;
    }
    return bytes;
  }

  /** Runs a step. */
  run(step: Uses): void {
    const after = this.#bytes + this.changeBy(step);
    for (const buffer of step.all) {
      const left = this.#usesLeft.get(buffer);
      if (left === undefined) continue;
      if (!this.#live.has(buffer)) this.#bytes += this.planned[buffer].bytes;
      this.#live.add(buffer);
      this.#usesLeft.set(buffer, left - 1);
    }
    this.peak = Math.max(this.peak, this.#bytes);
    this.#bytes = after;
  }
}

/** The most bytes of temporaries that are needed at once. */
function peakOf(planned: readonly PlannedBuffer[], uses: readonly Uses[]): number {
  const memory = new Memory(planned, uses);
  for (const step of uses) memory.run(step);
  return memory.peak;
}

/** Runs each step in turn, but first those that leave less in memory, as soon as they can run. */
function releasingFirst(planned: readonly PlannedBuffer[], uses: readonly Uses[]): number[] {
  const needed = neededBefore(uses);
  const followers: number[][] = uses.map(() => []);
  needed.forEach((earlier, step) => earlier.forEach((one) => followers[one].push(step)));
  const missing = needed.map(({ size }) => size);
  const memory = new Memory(planned, uses);
  const ready = new Set([...uses.keys()].filter((step) => missing[step] === 0));
  const order: number[] = [];
  while (ready.size > 0) {
    const inOrder = [...ready].sort((a, b) => a - b);
    const next = inOrder.find((step) => memory.changeBy(uses[step]) < 0) ?? inOrder[0];
    memory.run(uses[next]);
    order.push(next);
    ready.delete(next);
    for (const step of followers[next]) if (--missing[step] === 0) ready.add(step);
  }
  return order;
}

/**
 * Returns the steps in an order in which temporaries take less memory, if that saves a megabyte; otherwise as they are.
 * In a backward pass, what the forward pass has kept is released as soon as the gradients that need it are computed,
 * before larger gradients of earlier layers are. Steps compute the same numbers in every order.
 */
export function orderSteps(planned: readonly PlannedBuffer[], steps: readonly ProgramStep[]): readonly ProgramStep[] {
  const uses = steps.map(usesOf);
  const peak = peakOf(planned, uses);
  if (peak < LEAST_GAIN) return steps;
  const order = releasingFirst(planned, uses);
  const ordered = order.map((step) => uses[step]);
  return peak - peakOf(planned, ordered) < LEAST_GAIN ? steps : order.map((step) => steps[step]);
}
