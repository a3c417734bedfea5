/**
 * The combinations of hyperparameters that a search tries, in an order that is the same on every machine.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { readOptions } from "../../core/options/read.ts";
import { RandomStream } from "../../data/random_stream.ts";
import type { Hyperparameters, HyperparameterValue, HyperparameterValues } from "../hyperparameters.ts";
import { type Distribution, drawFrom } from "./distribution.ts";
import { labelOf, labelsOf } from "./row.ts";
import { drawOptions, type Draws } from "./search_options.ts";

/** Combinations of hyperparameters: as many as `size`, each a frozen record. */
export interface Combinations<V extends HyperparameterValues> extends Iterable<V> {
  readonly kind: "grid" | "random";
  readonly hyperparameters: Hyperparameters<V>;
  readonly size: number;
  /** The names of those that differ among combinations. */
  readonly searched: readonly string[];
  /** How they are drawn; null if all are used. */
  readonly draws: Required<Draws> | null;
}

/**
 * All combinations of the ranges.
 *
 * @throws {RangeError} if two values of a range are indistinguishable.
 */
export function gridOf<V extends HyperparameterValues>(hyperparameters: Hyperparameters<V>): Combinations<V> {
  const { ranges, size } = hyperparameters;
  checkDistinct(ranges);
  return {
    kind: "grid",
    hyperparameters,
    size,
    searched: Object.keys(ranges).filter((name) => differs(ranges[name])),
    draws: null,
    [Symbol.iterator]: () => hyperparameters[Symbol.iterator](),
  };
}

/**
 * Distinct random combinations.
 *
 * @throws {RangeError} if `count` or `seed` is not a whole number, there are too few combinations, or a distribution
 * has an unknown name.
 * @throws {TypeError} if an option is of another kind.
 */
export function randomOf<V extends HyperparameterValues>(
  hyperparameters: Hyperparameters<V>,
  given: Draws,
): Combinations<V> {
  const { count, seed, distributions = {} } = readOptions("draw combinations", drawOptions, given);
  const { values, ranges, size } = hyperparameters;
  checkDistinct(ranges);
  for (const name of Object.keys(distributions)) {
    if (Object.hasOwn(values, name)) continue;
    throw new RangeError(`Cannot draw hyperparameter ${name}${suggestName(name, Object.keys(values))}`);
  }
  if (Object.keys(distributions).length === 0 && count > size) {
    throw new RangeError(`Cannot draw ${count} distinct combinations: the ranges have only ${size}`);
  }
  const draws = { count, seed, distributions };
  return {
    kind: "random",
    hyperparameters,
    size: count,
    searched: Object.keys(values).filter((name) => Object.hasOwn(distributions, name) || differs(ranges[name])),
    draws,
    [Symbol.iterator]: () => drawn(hyperparameters, draws),
  };
}

/** The number of repeated draws after which most probably no other combinations exist. */
const MOST_REPEATS = 10_000;

function* drawn<V extends HyperparameterValues>(
  hyperparameters: Hyperparameters<V>,
  { count, seed, distributions }: Required<Draws>,
): Generator<V> {
  const seen = new Set<string>();
  let repeats = 0;
  for (let index = 0; seen.size < count; index++) {
    const combination = drawOne(hyperparameters, distributions, new RandomStream(seed, index));
    const label = JSON.stringify(labelsOf(combination));
    if (seen.has(label)) {
      if (++repeats < MOST_REPEATS + 20 * count) continue;
      throw new RangeError(`Cannot draw ${count} distinct combinations: found only ${seen.size}`);
    }
    seen.add(label);
    yield combination;
  }
}

function drawOne<V extends HyperparameterValues>(
  { values, ranges }: Hyperparameters<V>,
  distributions: Readonly<Record<string, Distribution>>,
  random: RandomStream,
): V {
  const entries = Object.entries<HyperparameterValue>(values).map(([name, value]) => {
    if (Object.hasOwn(distributions, name)) return [name, drawFrom(distributions[name], random)] as const;
    const range = ranges[name];
    return [name, range ? range[random.below(range.length)] : value] as const;
  });
  return Object.freeze(Object.fromEntries(entries)) as V;
}

/** Whether combinations differ in the values of a range. */
function differs(range: readonly HyperparameterValue[] | undefined): boolean {
  return range !== undefined && range.length > 1;
}

/** Throws if rows of a table would be indistinguishable. */
function checkDistinct(ranges: Readonly<Partial<Record<string, readonly HyperparameterValue[]>>>): void {
  for (const [name, range = []] of Object.entries(ranges)) {
    const labels = range.map(labelOf);
    const twice = labels.find((label, i) => labels.indexOf(label) !== i);
    if (twice === undefined) continue;
    throw new RangeError(
      `Cannot search over hyperparameter ${name}: expected values that differ, functions by their names, got ` +
        `${JSON.stringify(twice)} twice`,
    );
  }
}
