/**
 * The order of a program's launches, by the barriers that they need.
 *
 * @module
 */

import { type LaunchStep, usesOf, waitsOf } from "./launches.ts";

/** For each step, the least number of barriers before it, if a loop is a single step. */
function levelsOf(steps: readonly LaunchStep[]): number[] {
  const writers = new Map<number, number>();
  const readers = new Map<number, number>();
  const after = (level: number | undefined): number => level === undefined ? 0 : level + 1;
  return steps.map((step) => {
    const { read, written } = usesOf(step);
    let level = 0;
    for (const buffer of read) level = Math.max(level, after(writers.get(buffer)));
    for (const buffer of written) level = Math.max(level, after(writers.get(buffer)), after(readers.get(buffer)));
    for (const buffer of read) readers.set(buffer, Math.max(level, readers.get(buffer) ?? 0));
    for (const buffer of written) {
      writers.set(buffer, level);
      readers.delete(buffer);
    }
    return level;
  });
}

/** The same with few turns in each loop. Every turn after the first ones has as many barriers as they have. */
function withFewTurns(step: LaunchStep): LaunchStep {
  return step.kind === "launch"
    ? step
    : { ...step, turns: Math.min(3, step.turns), steps: step.steps.map(withFewTurns) };
}

/**
 * Returns the numbers of the steps in an order that needs fewer barriers, or in their own if there is none: each step as
 * early as what it waits for allows, next to others that do not wait for it. Steps that use the same memory keep their
 * order unless both only read it, so they compute the same numbers.
 */
export function launchOrder(steps: readonly LaunchStep[]): number[] {
  const levels = levelsOf(steps);
  const own = [...steps.keys()];
  const order = own.toSorted((a, b) => levels[a] - levels[b]);
  const few = steps.map(withFewTurns);
  const barriersOf = (order: readonly number[]): number => waitsOf(order.map((step) => few[step])).barriers;
  return barriersOf(order) < barriersOf(own) ? order : own;
}
