/**
 * The nests before a loop that only prepare its memory, such as the first values of its carries.
 *
 * @module
 */

import type { LoopStep, NestStep, ProgramStep } from "../../nest/program.ts";

/** A loop, and the nests directly before it that store only into buffers that the loop writes, without reductions. */
export interface StartedLoop {
  readonly kind: "started";
  readonly starts: readonly NestStep[];
  readonly loop: LoopStep;
}

/** Joins each loop with its starts. */
export function withStarts(steps: readonly ProgramStep[]): (NestStep | StartedLoop)[] {
  const done: (NestStep | StartedLoop)[] = [];
  for (const step of steps) {
    if (step.kind === "nest") {
      done.push(step);
      continue;
    }
    const written = new Set(writtenBy(step));
    const starts: NestStep[] = [];
    for (let last = done.at(-1); last?.kind === "nest" && isStart(last, written); last = done.at(-1)) {
      starts.unshift(last);
      done.pop();
    }
    done.push({ kind: "started", starts, loop: step });
  }
  return done;
}

function isStart({ nest: { phases, slots }, buffers }: NestStep, written: ReadonlySet<number>): boolean {
  return phases.every(({ inner, reductions }) => inner.length + reductions.length === 0) &&
    buffers.every((buffer, slot) => slots[slot].access === "read" || written.has(buffer));
}

function writtenBy(step: ProgramStep): number[] {
  if (step.kind === "loop") return step.steps.flatMap(writtenBy);
  return step.buffers.filter((_, slot) => step.nest.slots[slot].access !== "read");
}
