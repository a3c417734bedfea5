/**
 * Lays temporaries over each other whose lives do not meet.
 *
 * @module
 */

import type { PlannedBuffer } from "./plan.ts";
import type { Step } from "./program.ts";

/** Buffers after packing, and where each old one went. */
export interface PackedBuffers {
  readonly buffers: readonly PlannedBuffer[];
  readonly steps: readonly Step[];
  readonly moved: readonly number[];
}

/** The first and last step at the outermost level that uses each buffer. */
function lives(steps: readonly Step[], count: number): { first: number; last: number }[] {
  const found = Array.from({ length: count }, () => ({ first: Infinity, last: -1 }));
  const use = (step: Step, time: number): void => {
    if (step.kind === "loop") return step.steps.forEach((inner) => use(inner, time));
    for (const buffer of step.buffers) {
      found[buffer].first = Math.min(found[buffer].first, time);
      found[buffer].last = Math.max(found[buffer].last, time);
    }
  };
  steps.forEach(use);
  return found;
}

function renumber(steps: readonly Step[], moved: readonly number[]): Step[] {
  return steps.map((step) =>
    step.kind === "loop"
      ? { ...step, steps: renumber(step.steps, moved) }
      : { ...step, buffers: step.buffers.map((buffer) => moved[buffer]) }
  );
}

/** Gives temporaries with separate lives one buffer; the smallest that is large enough, else the largest is made larger. */
export function packBuffers(planned: readonly PlannedBuffer[], steps: readonly Step[]): PackedBuffers {
  const life = lives(steps, planned.length);
  const buffers: PlannedBuffer[] = [];
  const moved = new Array<number>(planned.length).fill(0);
  const shared: { index: number; free: number }[] = [];
  const order = planned.map((_, i) => i).sort((a, b) => life[a].first - life[b].first || a - b);
  for (const i of order) {
    const { role, bytes } = planned[i];
    if (role === "temporary" && life[i].last < 0) continue;
    const available = role === "temporary" ? shared.filter(({ free }) => free < life[i].first) : [];
    available.sort((a, b) => buffers[a.index].bytes - buffers[b.index].bytes);
    const slot = available.find(({ index }) => buffers[index].bytes >= bytes) ?? available.at(-1);
    if (slot) {
      buffers[slot.index] = { ...buffers[slot.index], bytes: Math.max(bytes, buffers[slot.index].bytes) };
      slot.free = life[i].last;
      moved[i] = slot.index;
    } else {
      moved[i] = buffers.push(planned[i]) - 1;
      if (role === "temporary") shared.push({ index: moved[i], free: life[i].last });
    }
  }
  return { buffers, steps: renumber(steps, moved), moved };
}
