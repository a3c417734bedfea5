/**
 * Lets temporaries with disjoint lifetimes share a buffer.
 *
 * @module
 */

import type { PlannedBuffer } from "./planner.ts";
import type { ProgramStep } from "../nest/program.ts";

/** Buffers after packing, and the new buffer of each old one. */
export interface PackedBuffers {
  readonly buffers: readonly PlannedBuffer[];
  readonly steps: readonly ProgramStep[];
  readonly moved: readonly number[];
}

/** The first and last step at the outermost level that uses a buffer. */
interface Life {
  first: number;
  last: number;
}

function lives(steps: readonly ProgramStep[], count: number): Life[] {
  const found = Array.from({ length: count }, () => ({ first: Infinity, last: -1 }));
  const use = (step: ProgramStep, time: number): void => {
    if (step.kind === "loop") return step.steps.forEach((inner) => use(inner, time));
    for (const buffer of step.buffers) {
      found[buffer].first = Math.min(found[buffer].first, time);
      found[buffer].last = Math.max(found[buffer].last, time);
    }
  };
  steps.forEach(use);
  return found;
}

function renumber(steps: readonly ProgramStep[], moved: readonly number[]): ProgramStep[] {
  return steps.map((step) =>
    step.kind === "loop"
      ? { ...step, steps: renumber(step.steps, moved) }
      : { ...step, buffers: step.buffers.map((buffer) => moved[buffer]) }
  );
}

/**
 * Lets temporaries with disjoint lifetimes share a buffer. The largest choose first, so that the smaller ones fit into
 * existing buffers; each takes the smallest buffer that is free.
 *
 * @see Y. Pisarchyk, J. Lee, {@link https://arxiv.org/abs/2001.03288 | "Efficient Memory Management for Deep Neural Net
 * Inference"} (2020), "greedy by size"
 */
export function packBuffers(planned: readonly PlannedBuffer[], steps: readonly ProgramStep[]): PackedBuffers {
  const life = lives(steps, planned.length);
  const isShared = ({ role }: PlannedBuffer): boolean => role === "temporary";
  const owner = planned.map((_, i) => i);
  const shared: { index: number; lives: Life[] }[] = [];
  const bySize = owner.filter((i) => isShared(planned[i]) && life[i].last >= 0)
    .sort((a, b) => planned[b].bytes - planned[a].bytes || life[a].first - life[b].first || a - b);
  for (const i of bySize) {
    const isFree = (other: Life): boolean => other.last < life[i].first || other.first > life[i].last;
    const slot = shared.findLast(({ lives }) => lives.every(isFree));
    if (slot) {
      slot.lives.push(life[i]);
      owner[i] = slot.index;
    } else shared.push({ index: i, lives: [life[i]] });
  }
  const kept = owner.filter((to, i) => to === i && (!isShared(planned[i]) || life[i].last >= 0));
  const numbers = new Map(kept.map((i, number) => [i, number]));
  const moved = owner.map((to) => numbers.get(to) ?? 0);
  return { buffers: kept.map((i) => planned[i]), steps: renumber(steps, moved), moved };
}
