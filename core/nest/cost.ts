/**
 * The cost of a nest: its operations, and the fewest bytes that it can move.
 *
 * @module
 */

import { BYTES_PER_ELEMENT } from "../dtype.ts";
import { type Expression, loadsIn, walk } from "./expression.ts";
import { computedValuesOf, type Nest, pointsOf } from "./nest.ts";
import type { ProgramStep } from "./program.ts";
import { scalarOps } from "../scalar/operations.ts";

/** Costs of one run. */
export interface Cost {
  /** Floating-point additions, multiplications, function values, … */
  readonly operations: number;
  /** Bytes read and written if every element is moved to or from memory once. */
  readonly bytes: number;
}

function operationsOf(roots: readonly Expression[]): number {
  let count = 0;
  walk(roots, (expression) => {
    if (expression.kind === "apply" && expression.dtype === "f32" && scalarOps[expression.op].isFloatingPoint) count++;
  });
  return count;
}

/** The bytes of each slot's elements, or of as many elements as there are points if those are fewer. */
function bytesOf(nest: Nest): number {
  const outer = pointsOf(nest.outer);
  const touched = new Map<number, number>();
  for (const phase of nest.phases) {
    const points = outer * pointsOf(phase.inner);
    const touch = (slot: number): void => {
      touched.set(slot, Math.min(nest.slots[slot].elements, (touched.get(slot) ?? 0) + points));
    };
    for (const { slot } of loadsIn(computedValuesOf({ phases: [phase] }))) touch(slot);
    for (const { slot } of phase.stores) touch(slot);
  }
  const elements = [...touched].reduce(
    (sum, [slot, n]) => sum + (nest.slots[slot].access === "readwrite" ? 2 * n : n),
    0,
  );
  return elements * BYTES_PER_ELEMENT;
}

/** The cost of one nest. */
export function costOf(nest: Nest): Cost {
  const outer = pointsOf(nest.outer);
  const operations = nest.phases.reduce((sum, phase) => {
    const each = operationsOf(computedValuesOf({ phases: [phase] })) + phase.reductions.length;
    return sum + each * outer * pointsOf(phase.inner);
  }, 0);
  return { operations, bytes: bytesOf(nest) };
}

/** The cost of steps, where those in loops count as often as they run. */
export function costOfSteps(steps: readonly ProgramStep[]): Cost {
  return steps.reduce((total: Cost, step) => {
    const times = step.kind === "loop" ? step.counter.extent : 1;
    const { operations, bytes } = step.kind === "loop" ? costOfSteps(step.steps) : costOf(step.nest);
    return { operations: total.operations + times * operations, bytes: total.bytes + times * bytes };
  }, { operations: 0, bytes: 0 });
}
