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
    for (const buffer of read) {
      if (!readers.has(buffer)) readers.set(buffer, []);
      readers.get(buffer)!.push(step);
    }
    return needed;
  });
}

/** The temporaries in memory while steps run one after the other. */
class Memory {
  readonly #usersLeft = new Map<number, Set<number>>();
  readonly #live = new Set<number>();
  #bytes = 0;
  peak = 0;

  constructor(readonly planned: readonly PlannedBuffer[], readonly uses: readonly Uses[]) {
    uses.forEach(({ all }, step) => {
      for (const buffer of all) {
        if (planned[buffer].role !== "temporary") continue;
        if (!this.#usersLeft.has(buffer)) this.#usersLeft.set(buffer, new Set());
        this.#usersLeft.get(buffer)!.add(step);
      }
    });
  }

  /** The bytes by which a step changes what is in memory after it. */
  changeBy(step: number): number {
    let bytes = 0;
    for (const buffer of this.uses[step].all) {
      const left = this.#usersLeft.get(buffer);
      if (left === undefined) continue;
      if (!this.#live.has(buffer)) bytes += this.planned[buffer].bytes;
      if (left.size === 1) bytes -= this.planned[buffer].bytes;
    }
    return bytes;
  }

  /** Runs a step, and returns the steps by which what is in memory now changes by less. No step's change grows. */
  run(step: number): Set<number> {
    const after = this.#bytes + this.changeBy(step);
    const changed = new Set<number>();
    for (const buffer of this.uses[step].all) {
      const left = this.#usersLeft.get(buffer);
      if (left === undefined) continue;
      left.delete(step);
      const isNew = !this.#live.has(buffer);
      if (isNew) this.#bytes += this.planned[buffer].bytes;
      this.#live.add(buffer);
      if (isNew || left.size === 1) left.forEach((one) => changed.add(one));
    }
    this.peak = Math.max(this.peak, this.#bytes);
    this.#bytes = after;
    return changed;
  }
}

/** The most bytes of temporaries that are needed at once. */
function peakOf(planned: readonly PlannedBuffer[], uses: readonly Uses[]): number {
  const memory = new Memory(planned, uses);
  for (const step of uses.keys()) memory.run(step);
  return memory.peak;
}

/** Numbers, of which the least comes first: a binary heap. */
class LeastFirst {
  readonly #heap: number[] = [];

  add(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0 && heap[(at - 1) >> 1] > value) {
      heap[at] = heap[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    heap[at] = value;
  }

  /** Removes the least number; undefined if there is none. */
  take(): number | undefined {
    const heap = this.#heap;
    const least = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (child >= heap.length || heap[child] >= last) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return least;
  }
}

/** Runs each step in turn, but first those that leave less in memory, as soon as they can run. */
function releasingFirst(planned: readonly PlannedBuffer[], uses: readonly Uses[]): number[] {
  const needed = neededBefore(uses);
  const followers: number[][] = uses.map(() => []);
  needed.forEach((earlier, step) => earlier.forEach((one) => followers[one].push(step)));
  const missing = needed.map(({ size }) => size);
  const memory = new Memory(planned, uses);
  const [ready, releasing] = [new LeastFirst(), new LeastFirst()];
  const done = new Set<number>();
  const order: number[] = [];
  const add = (step: number): void => {
    if (missing[step] > 0 || done.has(step)) return;
    if (memory.changeBy(step) < 0) releasing.add(step);
    else ready.add(step);
  };
  for (const step of uses.keys()) add(step);
  for (;;) {
    const next = releasing.take() ?? ready.take();
    if (next === undefined) return order;
    // A step may have become one that releases memory while it was ready.
    if (done.has(next)) continue;
    done.add(next);
    order.push(next);
    const changed = memory.run(next);
    for (const step of followers[next]) if (--missing[step] === 0) changed.add(step);
    changed.forEach(add);
  }
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
