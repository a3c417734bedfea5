/**
 * Divides the numbers of examples into parts.
 *
 * @module
 */

import { RandomStream } from "./random_stream.ts";

/** The name of the group of each example. */
export type Groups = ArrayLike<string | number>;

/** How examples are divided. */
export interface Division {
  /** The number of examples. */
  readonly count: number;
  /** The share of each part; their sum is 1. */
  readonly shares: readonly number[];
  /** Where random numbers come from; `undefined` keeps the order. */
  readonly seed: number | undefined;
  /** The class of each example, if each part gets the same share of each class. */
  readonly classes?: Int32Array | undefined;
  /** The group of each example, if groups stay together. */
  readonly groups?: Groups | undefined;
}

/** The numbers of the examples of each part. Every example is in exactly one part. */
export function partition(division: Division): Int32Array[] {
  const order = orderOf(division.count, division.seed);
  const { groups, classes } = division;
  if (groups && classes) return byGroupAndClass(order, { ...division, groups, classes });
  if (division.groups) return byGroup(order, division.groups, division.shares);
  if (division.classes) return byClass(order, division.classes, division.shares);
  return inRuns(order, division.shares);
}

/** All numbers below `count`, shuffled if there is a seed. */
function orderOf(count: number, seed: number | undefined): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  if (seed === undefined) return order;
  const random = new RandomStream(seed, 0);
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

/** Consecutive runs, whose sizes are rounded so that none is more than one example off its share. */
function inRuns(order: Int32Array, shares: readonly number[]): Int32Array[] {
  let [sum, begin] = [0, 0];
  return shares.map((share, i) => {
    sum += share;
    const end = i === shares.length - 1 ? order.length : Math.round(sum * order.length);
    const run = order.slice(begin, end);
    begin = end;
    return run;
  });
}

/** What each part has, and how far it is from its share. */
class Parts {
  readonly #numbers: number[][];
  #given = 0;

  constructor(readonly shares: readonly number[]) {
    this.#numbers = shares.map(() => []);
  }

  /** Gives examples to the part that then lacks most. */
  give(numbers: readonly number[]): void {
    this.#given += numbers.length;
    let [best, most] = [0, -Infinity];
    this.shares.forEach((share, part) => {
      const lacking = share * this.#given - this.#numbers[part].length;
      // Rounding may not decide between equal parts, so the first of them is taken.
      if (lacking > most + 1e-9) [best, most] = [part, lacking];
    });
    for (const number of numbers) this.#numbers[best].push(number);
  }

  take(): Int32Array[] {
    return this.#numbers.map((numbers) => Int32Array.from(numbers));
  }
}

/** Class by class, each example to the part that lacks most: so parts have their share of each class and of all. */
function byClass(order: Int32Array, classes: Int32Array, shares: readonly number[]): Int32Array[] {
  const parts = new Parts(shares);
  // Sorting is stable, so the order within a class stays random.
  for (const number of Array.from(order).sort((a, b) => classes[a] - classes[b])) parts.give([number]);
  return parts.take();
}

/** Whole groups, the largest first, to the part that lacks most. */
function byGroup(order: Int32Array, groups: Groups, shares: readonly number[]): Int32Array[] {
  const parts = new Parts(shares);
  for (const own of largestFirst(order, groups)) parts.give(own);
  return parts.take();
}

/** The members of each group, the largest group first. */
function largestFirst(order: Int32Array, groups: Groups): number[][] {
  const members = new Map<string | number, number[]>();
  for (const number of order) {
    const own = members.get(groups[number]);
    if (own) own.push(number);
    else members.set(groups[number], [number]);
  }
  return [...members.values()].sort((a, b) => b.length - a.length);
}

/**
 * Whole groups, the largest first, each to the part in which it brings the numbers of all classes, and the number of
 * examples, nearest to their shares: by the sum of squared differences, each relative to the number in all parts.
 */
function byGroupAndClass(
  order: Int32Array,
  { groups, classes, shares }: Division & { readonly groups: Groups; readonly classes: Int32Array },
): Int32Array[] {
  // The number of examples is one more class, which each example has.
  const kinds = classes.reduce((most, one) => Math.max(most, one), -1) + 2;
  const all = countsOf(order, classes, kinds);
  const parts = shares.map((share) => ({ numbers: [] as number[], lacking: all.map((count) => share * count) }));
  for (const own of largestFirst(order, groups)) {
    const counts = countsOf(own, classes, kinds);
    let [best, least] = [0, Infinity];
    parts.forEach(({ lacking }, part) => {
      let change = 0;
      counts.forEach((count, kind) => {
        if (count > 0) change += count * (count - 2 * lacking[kind]) / all[kind];
      });
      // Rounding may not decide between equal parts, so the first of them is taken.
      if (change < least - 1e-9) [best, least] = [part, change];
    });
    parts[best].numbers.push(...own);
    counts.forEach((count, kind) => parts[best].lacking[kind] -= count);
  }
  return parts.map(({ numbers }) => Int32Array.from(numbers));
}

/** How many examples have each class, and how many there are. */
function countsOf(numbers: ArrayLike<number>, classes: Int32Array, kinds: number): Float64Array {
  const counts = new Float64Array(kinds);
  for (let i = 0; i < numbers.length; i++) counts[classes[numbers[i]]]++;
  counts[kinds - 1] = numbers.length;
  return counts;
}
