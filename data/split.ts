/**
 * Splits examples into training, validation and test sets, and into folds for cross-validation.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { count, finite, whole } from "../core/options/numbers.ts";
import { custom, type Declaration } from "../core/options/option.ts";
import { checkArguments, readOptions } from "../core/options/read.ts";
import { flag, list } from "../core/options/values.ts";
import { DataError } from "./errors.ts";
import { type Groups, partition } from "./partition.ts";
import { partsIn } from "./named.ts";
import {
  areTargets,
  type GivenNamedSet,
  type GivenSet,
  isSampled,
  type NamedSourceSet,
  readSourceSet,
  type SourceSet,
} from "./sample_source.ts";
import type { NumberArray, SampleValues } from "./number_array.ts";
import type { AnySamples, Samples, SampleSet } from "./samples.ts";
import { examplesOf, type TableSplitOptions } from "./table/split_table.ts";
import { Table } from "./table/table.ts";
import { takeExamples } from "./take.ts";

/** A set in memory or of sources, with the names of a given set. */
export interface SourceSetOf<S extends GivenNamedSet> extends NamedSourceSet {
  /** The inputs, as those of the given set: those of samples are samples of the same kind of numbers. */
  readonly x: S["x"] extends Samples<infer V> ? Samples<V> : S["x"] extends GivenSet["x"] ? SourceSet["x"]
  : { readonly [N in keyof S["x"]]: S["x"][N] extends Samples<infer V> ? Samples<V> : SourceSet["x"] };
  /** The targets, as those of the given set: those of class numbers are class numbers. */
  readonly y: S["y"] extends Int32Array ? Int32Array : S["y"] extends GivenSet["y"] ? SourceSet["y"] : {
    readonly [N in keyof S["y"]]: S["y"][N] extends Int32Array ? Int32Array
      : S["y"][N] extends AnySamples ? Int32Array | AnySamples
      : SourceSet["y"];
  };
}

/** Options of {@linkcode split} and {@linkcode kFolds}. */
export interface SplitOptions {
  /** The random seed: the same seed splits in the same way on every machine; default: 1. */
  readonly seed?: number;
  /** Shuffle the examples first; default: true. Time series keep their order with false. */
  readonly shuffle?: boolean;
  /** Give each part the same share of each class; default: false. The targets must be classes. */
  readonly stratify?: boolean;
  /**
   * The group of each example; groups are not divided. A group is, for example, the patient whom a picture shows. Sizes,
   * and with `stratify` the shares of each class, follow as closely as whole groups permit.
   */
  readonly groups?: Groups | undefined;
}

/** A set in memory as it may be given: its targets may be any array of numbers. */
export interface GivenSampleSet<V extends SampleValues = Float32Array> {
  /** The inputs, `[sample, ...feature]`. */
  readonly x: Samples<V>;
  /** The class of each sample, as whole numbers, or its targets, `[sample]` or `[sample, ...target]`. */
  readonly y: NumberArray | AnySamples;
}

const groupsKind = custom<Groups>({
  expected: "a list with the group of each example, a number or a text",
  accepts: (value): value is Groups =>
    (Array.isArray(value) || ArrayBuffer.isView(value)) &&
    Array.from(value as ArrayLike<unknown>).every((group) => typeof group === "string" || typeof group === "number"),
});

/** {@linkcode SplitOptions}, declared. */
export const splitOptions = {
  seed: whole({ default: 1, help: "random seed" }),
  shuffle: flag({ default: true, help: "shuffle the examples first" }),
  stratify: flag({ default: false, help: "give each part the same share of each class" }),
  groups: { ...groupsKind, help: "group of each example; groups are not divided" },
} satisfies Declaration<SplitOptions>;

const sharesKind = list(finite({ least: 0 }), { items: "shares of the parts, such as [0.8, 0.2]" });
const foldsOption = count({ least: 2 });

/**
 * Splits the rows of a table. `stratify` and `groups` name columns.
 *
 * @throws {RangeError} if the shares do not sum to 1, a part would be empty, or there is no such column.
 *
 * @example
 * ```ts
 * import { parseTable, split } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const table = parseTable("size,kind\n1,a\n2,b\n3,a\n4,b\n");
 * const [training, validation] = split(table, [0.5, 0.5], { stratify: "kind" });
 * assertEquals([training.length, [...validation.column("kind").values].sort()], [2, ["a", "b"]]);
 * ```
 */
export function split(table: Table, shares: readonly number[], options?: TableSplitOptions): Table[];
/**
 * Splits a set into parts with these shares, which sum to 1, or with these numbers of examples, which sum to all: every
 * example is in exactly one part. Samples are copied, and sources are read through.
 *
 * @throws {RangeError} if the shares do not sum to 1, or a part would be empty.
 * @throws {DataError} if the targets are no classes and `stratify` is set, or there are not as many groups as examples.
 *
 * @example
 * ```ts
 * import { samples, split } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const x = samples(Array.from({ length: 10 }, (_, i) => [i]));
 * const y = Int32Array.from({ length: 10 }, (_, i) => i % 2);
 * const [training, validation, test] = split({ x, y }, [0.6, 0.2, 0.2], { stratify: true });
 * assertEquals([training, validation, test].map(({ y }) => [...y as Int32Array].sort()), [[0, 0, 0, 1, 1, 1], [0, 1], [0, 1]]);
 * ```
 */
export function split<V extends SampleValues>(
  set: GivenSampleSet<V>,
  shares: readonly number[],
  options?: SplitOptions,
): SampleSet<V>[];
/**
 * Splits a set whose samples are read on demand; the parts read from the same source.
 *
 * @throws {RangeError} if the shares do not sum to 1, or a part would be empty.
 *
 * @example
 * ```ts
 * import { data, type SampleSource, split } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const x: SampleSource = {
 *   shape: [10, 1],
 *   read: (numbers, target) => numbers.forEach((number, i) => target[i] = number),
 * };
 * const sets = split({ x, y: new Int32Array(10) }, [0.7, 0.3], { shuffle: false });
 * assertEquals(await data(sets).validation.x.toArray(), [[7], [8], [9]]);
 * ```
 */
export function split(set: GivenSet, shares: readonly number[], options?: SplitOptions): SourceSet[];
/**
 * Splits a set of several inputs or targets by name; the parts have the same names. `stratify` needs one target.
 *
 * @throws {RangeError} if the shares do not sum to 1, or a part would be empty.
 * @throws {DataError} if the parts of the set have different numbers of examples.
 *
 * @example
 * ```ts
 * import { samples, split } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const x = { image: samples([[1], [2], [3], [4]]), table: samples([[5], [6], [7], [8]]) };
 * const [training, validation] = split({ x, y: Float32Array.of(0, 1, 2, 3) }, [0.5, 0.5], { shuffle: false });
 * assertEquals([training.x.table.shape, validation.x.image.shape], [[2, 1], [2, 1]]);
 * ```
 */
export function split<S extends GivenNamedSet>(
  set: S,
  shares: readonly number[],
  options?: SplitOptions,
): SourceSetOf<S>[];
export function split(
  set: GivenNamedSet | Table,
  shares: readonly number[],
  options?: SplitOptions | TableSplitOptions,
): (NamedSourceSet | Table)[] {
  refuseSurplus("split", arguments, 3);
  if (set instanceof Table) {
    checkArguments("split", { shares }, sharesKind);
    const examples = examplesOf("split", set, options as TableSplitOptions | undefined);
    return partsOf("split", { ...examples, shares: sharesOf(shares, set.length) }).map((rows) => set.take(rows));
  }
  const plain = readSourceSet("split", set, "the set");
  checkArguments("split", { shares }, sharesKind);
  const examples = examplesIn(plain);
  return partsOf("split", {
    set: plain,
    shares: sharesOf(shares, examples),
    options: options as SplitOptions | undefined,
  }).map((numbers) => takeExamples(plain, numbers));
}

/** A fold: what to learn from, and what to validate by. */
export interface Fold<S> {
  /** All examples but those of the fold. */
  readonly training: S;
  /** The examples of the fold. */
  readonly validation: S;
}

/**
 * Splits the rows of a table for cross-validation. `stratify` and `groups` name columns.
 *
 * @throws {RangeError} if `folds` is not a whole number of at least 2, a fold would be empty, or there is no such column.
 *
 * @example
 * ```ts
 * import { kFolds, parseTable } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const [first] = kFolds(parseTable("size\n1\n2\n3\n4\n"), 2, { shuffle: false });
 * assertEquals(first.validation.column("size").values, [1, 2]);
 * ```
 */
export function kFolds(table: Table, folds: number, options?: TableSplitOptions): Fold<Table>[];
/**
 * Splits a set for cross-validation: each of `folds` parts is the validation set once, and the others together are the
 * training set.
 *
 * Source: Stone, "Cross-validatory choice and assessment of statistical predictions", 1974.
 *
 * @throws {RangeError} if `folds` is not a whole number of at least 2, or a fold would be empty.
 * @throws {DataError} if the targets are no classes and `stratify` is set, or there are not as many groups as examples.
 *
 * @example
 * ```ts
 * import { kFolds, samples } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const x = samples(Array.from({ length: 6 }, (_, i) => [i]));
 * const folds = kFolds({ x, y: new Int32Array(6) }, 3, { shuffle: false });
 * assertEquals(folds.map(({ validation }) => [...validation.x.values]), [[0, 1], [2, 3], [4, 5]]);
 * assertEquals([...folds[1].training.x.values], [0, 1, 4, 5]);
 * ```
 */
export function kFolds<V extends SampleValues>(
  set: GivenSampleSet<V>,
  folds: number,
  options?: SplitOptions,
): Fold<SampleSet<V>>[];
/**
 * Splits a set whose samples are read on demand, for cross-validation.
 *
 * @throws {RangeError} if `folds` is not a whole number of at least 2, or a fold would be empty.
 *
 * @example
 * ```ts
 * import { kFolds, type SampleSource } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const x: SampleSource = { shape: [9, 1], read: (numbers, target) => target.set(numbers) };
 * assertEquals(kFolds({ x, y: new Int32Array(9) }, 3)[0].training.x.shape, [6, 1]);
 * ```
 */
export function kFolds(set: GivenSet, folds: number, options?: SplitOptions): Fold<SourceSet>[];
/**
 * Splits a set of several inputs or targets by name, for cross-validation.
 *
 * @throws {RangeError} if `folds` is not a whole number of at least 2, or a fold would be empty.
 *
 * @example
 * ```ts
 * import { kFolds, samples } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const y = { kind: Int32Array.of(0, 1, 0), age: samples([[3], [4], [5]]) };
 * const [first] = kFolds({ x: samples([[1], [2], [3]]), y }, 3, { shuffle: false });
 * assertEquals(first.validation.y.kind, Int32Array.of(0));
 * ```
 */
export function kFolds<S extends GivenNamedSet>(
  set: S,
  folds: number,
  options?: SplitOptions,
): Fold<SourceSetOf<S>>[];
export function kFolds(
  set: GivenNamedSet | Table,
  folds: number,
  options?: SplitOptions | TableSplitOptions,
): Fold<NamedSourceSet | Table>[] {
  refuseSurplus("kFolds", arguments, 3);
  if (set instanceof Table) {
    const examples = examplesOf("make folds", set, options as TableSplitOptions | undefined);
    return foldsOf(folds, examples).map(({ training, validation }) => ({
      training: set.take(training),
      validation: set.take(validation),
    }));
  }
  const plain = readSourceSet("make folds", set, "the set");
  return foldsOf(folds, { set: plain, options: options as SplitOptions | undefined }).map((
    { training, validation },
  ) => ({
    training: takeExamples(plain, training),
    validation: takeExamples(plain, validation),
  }));
}

/** The numbers of the examples of each fold. */
function foldsOf(folds: number, { set, options }: Omit<Splitting, "shares">): Fold<Int32Array>[] {
  checkArguments("make folds", { folds }, foldsOption);
  if (folds > examplesIn(set)) {
    throw new RangeError(`Cannot make ${folds} folds of ${examplesIn(set)} examples: some would be empty`);
  }
  const shares = Array.from({ length: folds }, () => 1 / folds);
  const parts = partsOf("make folds", { set, shares, options });
  return parts.map((validation, fold) => {
    const others = parts.filter((_, i) => i !== fold);
    const training = new Int32Array(others.reduce((sum, { length }) => sum + length, 0));
    let begin = 0;
    for (const other of others) {
      training.set(other, begin);
      begin += other.length;
    }
    return { training, validation };
  });
}

/** Shares whose sum is 1, from shares or from numbers of examples. */
function sharesOf(given: readonly number[], examples: number): readonly number[] {
  const sum = given.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) < 1e-9) return given;
  if (sum === examples && given.every(Number.isInteger)) return given.map((size) => size / examples);
  throw new RangeError(
    `Cannot split ${examples} examples by [${
      given.join(", ")
    }]: expected shares whose sum is 1, or numbers of examples ` +
      `whose sum is ${examples}, got ${sum}`,
  );
}

/** What is split, and how. */
interface Splitting {
  readonly set: NamedSourceSet;
  readonly shares: readonly number[];
  readonly options: SplitOptions | undefined;
}

/** The number of examples of a set. */
function examplesIn({ x }: NamedSourceSet): number {
  return partsIn(x, isSampled)[0].value.shape[0];
}

/** Throws unless all parts of a set have as many examples. */
function checkLengths(action: string, set: NamedSourceSet): void {
  const examples = examplesIn(set);
  const inputs = partsIn(set.x, isSampled).map(({ value }) => value.shape[0]);
  const targets = partsIn(set.y, areTargets).map(({ value }) =>
    value instanceof Int32Array ? value.length : value.shape[0]
  );
  const odd = [...inputs, ...targets].find((length) => length !== examples);
  if (odd === undefined) return;
  throw new DataError(`Cannot ${action}: expected as many targets as inputs, got ${odd} and ${examples}`);
}

/** The numbers of the examples of each part. */
function partsOf(action: string, { set, shares, options }: Splitting): Int32Array[] {
  const { seed, shuffle, stratify, groups } = readOptions(action, splitOptions, options);
  const { y } = set;
  const examples = examplesIn(set);
  checkLengths(action, set);
  if (stratify && !(y instanceof Int32Array)) {
    throw new DataError(
      `Cannot ${action} with stratify: expected classes as y, such as an Int32Array, got other targets`,
    );
  }
  if (groups && groups.length !== examples) {
    throw new DataError(
      `Cannot ${action} by groups: expected one for each of ${examples} examples, got ${groups.length}`,
    );
  }
  const classes = stratify && y instanceof Int32Array ? y : undefined;
  const parts = partition({ count: examples, shares, seed: shuffle ? seed : undefined, classes, groups });
  const empty = parts.findIndex(({ length }) => length === 0);
  if (empty < 0) return parts;
  throw new RangeError(
    `Cannot ${action}: ${examples} examples${
      groups ? ` of ${new Set(Array.from(groups)).size} groups` : ""
    } cannot be divided into parts of ${
      shares.map((share) => Number(share.toPrecision(3))).join(", ")
    }: part ${empty} would be empty`,
  );
}
