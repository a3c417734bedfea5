/**
 * Hyperparameters: their values, and the ranges that a search tries.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { suggestName } from "../core/nearest.ts";
import { objectKind, textKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments, wrongKind } from "../core/options/read.ts";
import { custom } from "../core/options/option.ts";
import { showText } from "../core/options/show.ts";
import { list } from "../core/options/values.ts";
import { isPlainRecord } from "./files/json.ts";
import { checkName, checkReadName } from "./known_hyperparameters.ts";

/** Hyperparameters, as an argument. */
export const hyperparametersKind = objectKind("hyperparameters", "values", "ranges");

const valueKind = custom<HyperparameterValue>({
  expected: "a number, a string, true, false, null or a function",
  accepts: (value): value is HyperparameterValue =>
    value === null || (["number", "string", "boolean", "function"].includes(typeof value) && !Number.isNaN(value)),
  // NaN is of the right kind, but no training can have it.
  resembles: (value) => typeof value === "number",
});
const rangeKind = list(valueKind, { items: "values" });
const declaredKind = custom<object>({
  expected: "a record of values and ranges",
  accepts: (value): value is object => isPlainRecord(value),
});

/** A value of a hyperparameter: a number, a name, a switch, or a function such as an activation. */
export type HyperparameterValue = number | string | boolean | null | ((...args: never[]) => unknown);

/** The declaration of a hyperparameter: its value, or its value and the range that a search tries. */
export type Declaration = HyperparameterValue | readonly [HyperparameterValue, readonly HyperparameterValue[]];

/** The type of a declared hyperparameter's value. */
export type ValueOf<D> = D extends readonly [infer V, readonly (infer R)[]] ? ValueOf<V | R>
  : D extends number ? number
  : D extends string ? string
  : D extends boolean ? boolean
  : D;

/** The values of declared hyperparameters. */
export type ValuesOf<D> = { readonly [N in keyof D]: ValueOf<D[N]> };

/** Values of hyperparameters by name. */
export type HyperparameterValues = Readonly<Record<string, HyperparameterValue>>;

/** Hyperparameters: immutable, and iterable over all combinations of their ranges. */
export class Hyperparameters<V extends HyperparameterValues = HyperparameterValues> {
  /** Creates hyperparameters from values and ranges; call {@linkcode hyperparameters} instead. */
  constructor(
    /** The value of each, frozen. */
    readonly values: V,
    /** The range of those that have one. */
    readonly ranges: Readonly<Partial<Record<keyof V & string, readonly HyperparameterValue[]>>>,
  ) {
    checkArguments("declare hyperparameters", { values, ranges }, declaredKind);
    for (const name in ranges) checkRange(name, ranges[name]);
    for (const name in values) checkArguments("declare hyperparameters", { [name]: values[name] }, valueKind);
    Object.freeze(values);
    Object.freeze(ranges);
  }

  /** The number of combinations. */
  get size(): number {
    return Object.values<readonly HyperparameterValue[] | undefined>(this.ranges)
      .reduce((product, range) => product * (range?.length ?? 1), 1);
  }

  /**
   * A copy with another value of a declared name, and another range if one is given.
   *
   * @throws {RangeError} for an unknown name (the message has the nearest one), or an empty range.
   */
  with<N extends keyof V & string>(name: N, value: V[N], range?: readonly V[N][]): Hyperparameters<V> {
    checkArguments("set a hyperparameter", { name }, textKind);
    if (!Object.hasOwn(this.values, name)) {
      throw new RangeError(`Cannot set hyperparameter ${name}${suggestName(name, Object.keys(this.values))}`);
    }
    checkArgument(`set hyperparameter ${name}`, value, valueKind);
    checkRange(name, range);
    const ranges = range ? { ...this.ranges, [name]: Object.freeze([...range]) } : this.ranges;
    return new Hyperparameters({ ...this.values, [name]: value }, { ...ranges });
  }

  /** All combinations, each in its own frozen record. The range that is declared last changes fastest. */
  *[Symbol.iterator](): Generator<V> {
    const names = Object.keys(this.ranges) as (keyof V & string)[];
    for (let number = 0; number < this.size; number++) {
      let rest = number;
      const chosen = names.toReversed().map((name) => {
        const range = this.ranges[name] ?? [];
        const value = range[rest % range.length];
        rest = Math.floor(rest / range.length);
        return [name, value] as const;
      });
      yield Object.freeze({ ...this.values, ...Object.fromEntries(chosen) });
    }
  }
}

/**
 * Hyperparameters by name: a value, or `[value, range]` for those that a search tries.
 *
 * Training reads `batchSize`, `nEpochs`, `learningRate`, `momentum`, `patience` and the options of the update rules.
 * Other names are for the code that builds the network, except for those of the options of a training, such as `seed`
 * and `earlyStop`, which are passed to `train`.
 *
 * @throws {RangeError} for NaN, an empty range, the name of an option of a training, or a name that misspells one of those
 * that training reads.
 *
 * @example
 * ```ts
 * import { hyperparameters } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const hps = hyperparameters({ batchSize: 500, learningRate: [0.1, [0.001, 0.01]] });
 * assertEquals(hps.values, { batchSize: 500, learningRate: 0.1 });
 * assertEquals(hps.size, 2);
 * assertEquals([...hps].map(({ learningRate }) => learningRate), [0.001, 0.01]);
 * assertEquals(hps.with("batchSize", 20).values.batchSize, 20);
 * ```
 */
export function hyperparameters<const D extends Readonly<Record<string, Declaration>>>(
  declared: D,
): Hyperparameters<ValuesOf<D>> {
  refuseSurplus("hyperparameters", arguments, 1);
  return declare(declared, checkName);
}

/** Hyperparameters from a file, which may have names that {@linkcode hyperparameters} refuses now. */
export function readHyperparameters(declared: Readonly<Record<string, Declaration>>): Hyperparameters {
  return declare(declared, checkReadName);
}

function declare<D extends Readonly<Record<string, Declaration>>>(
  declared: D,
  check: (name: string) => void,
): Hyperparameters<ValuesOf<D>> {
  checkArgument("declare hyperparameters", declared, declaredKind);
  const values: Record<string, HyperparameterValue> = {};
  const ranges: Record<string, readonly HyperparameterValue[]> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    check(name);
    values[name] = isPair(declaration) ? declaration[0] : declaration;
    checkArguments("declare hyperparameters", { [showText(name)]: values[name] }, valueKind);
    if (!isPair(declaration)) continue;
    if (declaration.length !== 2) {
      throw wrongKind(`declare hyperparameter ${showText(name)}`, "a value, or [value, range]", declaration);
    }
    checkRange(name, declaration[1]);
    ranges[name] = Object.freeze([...declaration[1]]);
  }
  return new Hyperparameters(values as ValuesOf<D>, ranges as Partial<Record<keyof D & string, never>>);
}

function isPair(
  declaration: Declaration,
): declaration is readonly [HyperparameterValue, readonly HyperparameterValue[]] {
  return Array.isArray(declaration);
}

function checkRange(name: string, range: readonly HyperparameterValue[] | undefined): void {
  if (range !== undefined) checkArgument(`search over hyperparameter ${showText(name)}`, range, rangeKind);
  if (range?.length === 0) {
    throw new RangeError(
      `Cannot search over hyperparameter ${showText(name)}: expected a range with at least one value, got none`,
    );
  }
}
