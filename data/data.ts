/**
 * The sets that a network learns from: a training set, a validation set, and optionally a test set.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { listKind } from "../core/options/kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { showValue } from "../core/options/show.ts";
import type { Declaration } from "../core/options/option.ts";
import { oneOf, text } from "../core/options/values.ts";
import { sameShape, type Shape, showShape } from "../core/shape.ts";
import { DataError } from "./errors.ts";
import { GreyLevels } from "./grey_levels.ts";
import {
  checkFinite,
  type GivenSet,
  isSource,
  readSourceSet,
  runsOf,
  type SampleSource,
  type SourceSet,
} from "./sample_source.ts";
import { type AnySamples, featuresOf } from "./samples.ts";
import { fitScaling, type Preprocessing, preprocessings, type Scaling } from "./scaling.ts";
import type { ImagePreprocessing } from "./images/image_preprocessing.ts";
import type { TablePreprocessing } from "./steps/table_preprocessing.ts";
import { type TensorSet, tensorSet } from "./tensor_set.ts";

const setsKind = listKind("sets");

/** Options of {@linkcode data}. */
export interface DataOptions {
  /** How the inputs are scaled, fitted to the training set only; default: none. */
  readonly preprocessing?: Preprocessing;
  /** The name of the data in reports; default: `data`. */
  readonly name?: string;
}

/** {@linkcode DataOptions}, declared. */
export const dataOptions = {
  preprocessing: oneOf(preprocessings, { otherwise: "none", help: "how the inputs are scaled" }),
  name: text({ default: "data", help: "name of the data in reports" }),
} satisfies Declaration<DataOptions>;

/** The sets that a network learns from and is judged by. */
export interface Data {
  /** The name of the data in reports. */
  readonly name: string;
  /** The set to learn from. */
  readonly training: TensorSet;
  /** The set that decides when to stop. */
  readonly validation: TensorSet;
  /** The set for the final test; `undefined` if two sets were given. */
  readonly test: TensorSet | undefined;
  /** The shape of one input, without the axis of examples. */
  readonly sampleShape: Shape;
  /** The number of classes; `undefined` if the targets are not class numbers. */
  readonly classes: number | undefined;
  /** The scaling of the inputs, to apply to new samples and to revert; `undefined` if there is none. */
  readonly scaling: Scaling | undefined;
  /** The preprocessing of the tables or pictures from which the sets were made; `undefined` if they were made of others. */
  readonly preprocessing?: TablePreprocessing | ImagePreprocessing | undefined;
}

const setNames = ["training", "validation", "test"] as const;

/**
 * Makes a container of two sets (training and validation) or three (also test), each `{ x, y }` with `x` of
 * `[example, ...feature]` and `y` of class numbers (an array of whole numbers), or targets such as one-hot rows. Arrays
 * of singles or of i32 are kept, not copied.
 * Samples may also be read on demand (`SampleSource`); if they are floats, they are read once here to check
 * them.
 *
 * Sets may have `weights` from 0, one for each example, or one for each of its time steps: then costs and errors are
 * weighted means, Σ weightᵢ costᵢ / Σ weightᵢ. A mask is a list of weights 0 and 1.
 *
 * @throws {DataError} if the sets do not fit together, or contain numbers that are not finite.
 * @throws {RangeError} if an option or the preprocessing is unknown; the message suggests the nearest name.
 *
 * @example
 * ```ts
 * import { data, samples } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const set = { x: samples([[0, 10], [2, 30], [1, 20]]), y: Int32Array.of(0, 1, 0) };
 * const { training, validation, classes } = data([set, set], { preprocessing: "normalize" });
 * assertEquals(await training.x.toArray(), [[0, 0], [1, 1], [0.5, 0.5]]);
 * assertEquals([validation.length, classes], [3, 2]);
 * ```
 */
export function data(sets: readonly GivenSet[], options?: DataOptions): Data {
  refuseSurplus("data", arguments, 2);
  checkArgument("make data", sets, setsKind);
  const plain = sets.map((set, i) => readSourceSet("make data", set, `set ${i}`));
  const { preprocessing, name } = readOptions("make data", dataOptions, options);
  if (plain.length < 2 || plain.length > 3) {
    throw new DataError(
      `Cannot make data from ${plain.length} sets: expected training and validation, and optionally test`,
    );
  }
  plain.forEach((set, i) => checkSet(set, setNames[i]));
  plain.slice(1).forEach((set, i) => checkAlike(plain[0], set, setNames[i + 1]));
  const images = imagesOf(plain, preprocessing);
  const scaling = preprocessing && fitScaling(preprocessing, plain[0].x);
  const [training, validation, test] = plain.map((set) => tensorSet(set, scaling));
  const sampleShape = plain[0].x.shape.slice(1);
  const classes = images?.classes.length ?? classesOf(plain);
  return { name, training, validation, test, sampleShape, classes, scaling, ...(images && { preprocessing: images }) };
}

/**
 * How the inputs were made of pictures; undefined if they were not.
 *
 * @throws {DataError} if those of two sets were made in different ways, or should be scaled as well.
 */
function imagesOf(sets: readonly SourceSet[], scaling: Preprocessing | undefined): ImagePreprocessing | undefined {
  const { preprocessing } = sets[0];
  if (preprocessing === undefined) return undefined;
  const describe = (images: ImagePreprocessing): string => JSON.stringify(images.configuration);
  sets.forEach(({ preprocessing: own }, i) => {
    if (own === undefined || describe(own) === describe(preprocessing)) return;
    throw new DataError(
      `Cannot use the ${setNames[i]} set with the training set: expected pictures read with ${
        describe(preprocessing)
      }, got ${describe(own)}`,
    );
  });
  if (scaling === undefined) return preprocessing;
  throw new DataError(
    `Cannot make data: expected pictures without preprocessing, since their levels are from 0 to 1, got "${scaling}"; ` +
      "begin the network with a layer that normalizes, or pass sets { x: pictures.x, y: pictures.y }",
  );
}

/** A set in messages, and the number of its examples. */
interface NamedSet {
  readonly name: string;
  readonly examples: number;
}

/** Refuses weights of another number of examples, below 0, not finite, or all 0. */
function checkWeights(weights: AnySamples | SampleSource, { name, examples }: NamedSet): void {
  const action = `use the weights of the ${name} set`;
  if (weights.shape[0] !== examples) {
    throw new DataError(
      `Cannot ${action}: expected as many as examples, ${examples}, got ${weights.shape[0]}`,
    );
  }
  const width = featuresOf(weights.shape);
  let [sum, before] = [0, 0];
  const refuse = (expected: string, value: number, at: number): DataError => {
    const got = showValue(Number(value.toPrecision(7)));
    const example = Math.floor((before + at) / width);
    return new DataError(`Cannot ${action}: expected ${expected}, got ${got} at example ${example}`);
  };
  for (const { values } of runsOf(weights)) {
    const odd = firstOdd(values);
    if (odd >= 0) throw refuse("finite numbers from 0", values[odd], odd);
    const tiny = firstTiny(values);
    if (tiny >= 0) {
      throw refuse(`0, or numbers from ${LEAST_SHOWN} on (multiply all by the same factor)`, values[tiny], tiny);
    }
    sum += sumOf(values);
    before += values.length;
  }
  if (sum === 0) throw new DataError(`Cannot ${action}: expected at least one above 0, got only zeros`);
}

function checkSet({ x, y, weights }: SourceSet, name: string): void {
  const targets = y instanceof Int32Array ? y.length : y.shape[0];
  if (x.shape[0] !== targets) {
    throw new DataError(
      `Cannot use the ${name} set: expected as many targets as inputs, got ${targets} and ${x.shape[0]}` +
        sequenceCure(y, x.shape[0]),
    );
  }
  if (x.shape.length < 2 || x.shape[0] === 0) {
    throw new DataError(
      `Cannot use the ${name} set: expected at least one input, in the shape [example, ...feature], got ${
        showShape(x.shape)
      }`,
    );
  }
  if (!(x instanceof GreyLevels || isSource(x) && x.readLevels)) checkFinite(x, `use x of the ${name} set`);
  if (weights !== undefined) checkWeights(weights, { name, examples: targets });
  if (!(y instanceof Int32Array)) return checkFinite(y, `use y of the ${name} set`);
  const odd = firstOdd(y);
  if (odd >= 0) {
    throw new DataError(
      `Cannot use y of the ${name} set: expected classes from 0, got ${y[odd]} at ${odd}; if an objective ignores ` +
        `that class (ignoreIndex), pass samples(Float32Array.from(y), [${y.length}])`,
    );
  }
}

/** The position of the first number that is below 0, infinite or NaN; -1 if there is none. */
function firstOdd(values: AnySamples["values"]): number {
  for (let i = 0; i < values.length; i++) if (!(values[i] >= 0 && values[i] < Infinity)) return i;
  return -1;
}

/** The least number that devices do not take for 0, also in messages. */
const LEAST = 2 ** -126;
const LEAST_SHOWN = "1.2e-38";

/** The position of the first number above 0 that devices may take for 0; -1 if there is none. */
function firstTiny(values: AnySamples["values"]): number {
  for (let i = 0; i < values.length; i++) if (values[i] > 0 && values[i] < LEAST) return i;
  return -1;
}

function sumOf(values: AnySamples["values"]): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** How to pass several class numbers per example, if these may be such. */
function sequenceCure(y: SourceSet["y"], examples: number): string {
  const count = y instanceof Int32Array ? y.length / examples : 0;
  if (count < 2 || !Number.isInteger(count)) return "";
  return `; ${count} class numbers per example are passed as samples(Float32Array.from(y), [${examples}, ${count}])`;
}

function checkAlike(training: SourceSet, other: SourceSet, name: string): void {
  const describe = ({ x, y }: SourceSet): string =>
    `inputs of ${showShape(x.shape.slice(1))} with ${
      y instanceof Int32Array ? "class numbers" : `targets of ${showShape(y.shape.slice(1))}`
    }`;
  const fits = sameShape(training.x.shape.slice(1), other.x.shape.slice(1));
  if (fits && describe(training) === describe(other)) return;
  throw new DataError(
    `Cannot use the ${name} set with the training set: expected ${describe(training)}, got ${describe(other)}`,
  );
}

/** The highest class of all sets, plus 1. */
function classesOf(sets: readonly SourceSet[]): number | undefined {
  let highest = -1;
  for (const { y } of sets) {
    if (!(y instanceof Int32Array)) return undefined;
    for (let i = 0; i < y.length; i++) if (y[i] > highest) highest = y[i];
  }
  return highest + 1;
}
