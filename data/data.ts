/**
 * The sets that a network learns from: a training set, a validation set, and optionally a test set.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { listKind } from "../core/options/kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import type { Declaration } from "../core/options/option.ts";
import { oneOf, text } from "../core/options/values.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { DataError } from "./errors.ts";
import { checkAlike, checkSet } from "./check_sets.ts";
import { mapParts, type OneOrNamed } from "./named.ts";
import {
  areTargets,
  type GivenNamedSet,
  type GivenSet,
  isSampled,
  type NamedSourceSet,
  type PartsOf,
  readSourceSet,
  type SourceSet,
} from "./sample_source.ts";
import { fitInputs, type InputScaling, type Preprocessing, preprocessings, type Scaling } from "./scaling.ts";
import type { ImagePreprocessing } from "./images/image_preprocessing.ts";
import type { TablePreprocessing } from "./steps/table_preprocessing.ts";
import { type NamedTensorSet, type TensorSet, tensorSet } from "./tensor_set.ts";

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

/** The sets that a network learns from and is judged by, which may have several inputs and targets by name. */
export interface NamedData {
  /** The name of the data in reports. */
  readonly name: string;
  /** The set to learn from. */
  readonly training: NamedTensorSet;
  /** The set that decides when to stop. */
  readonly validation: NamedTensorSet;
  /** The set for the final test; `undefined` if two sets were given. */
  readonly test: NamedTensorSet | undefined;
  /** The shape of one input, without the axis of examples, or those of several by name. */
  readonly sampleShape: OneOrNamed<Shape>;
  /** The number of classes, or those of several targets by name; `undefined` if targets are not class numbers. */
  readonly classes: number | undefined | Readonly<Record<string, number | undefined>>;
  /** The scaling of the inputs, to apply to new samples and to revert; `undefined` if there is none. */
  readonly scaling: Scaling | InputScaling | undefined;
  /** The preprocessing of the tables or pictures from which the sets were made; `undefined` if they were made of others. */
  readonly preprocessing?: TablePreprocessing | ImagePreprocessing | undefined;
}

/** The sets that a network of one input and one output learns from and is judged by. */
export interface Data extends NamedData {
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
}

/** A set of tensors with the names of a given set. */
export interface TensorSetOf<S extends GivenNamedSet> extends NamedTensorSet {
  /** The inputs, as those of the given set. */
  readonly x: PartsOf<S["x"], Tensor>;
  /** The targets, as those of the given set. */
  readonly y: PartsOf<S["y"], Tensor>;
}

/** The data of given sets of several inputs or targets, with their names. */
export interface NamedDataOf<S extends GivenNamedSet> extends NamedData {
  /** The set to learn from. */
  readonly training: TensorSetOf<S>;
  /** The set that decides when to stop. */
  readonly validation: TensorSetOf<S>;
  /** The set for the final test; `undefined` if two sets were given. */
  readonly test: TensorSetOf<S> | undefined;
}

/** The data of given sets. */
export type DataOf<S extends GivenNamedSet> = S extends GivenSet ? Data : NamedDataOf<S>;

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
 * For networks of several inputs or outputs, `x`, `y` or both are records by the names of the input layers and of the
 * outputs. All sets have the same names. A preprocessing is fitted to each input by itself, and leaves inputs of whole
 * numbers, such as tokens, as they are.
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
 *
 * @example
 * ```ts
 * import { data, samples } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const set = {
 *   x: { image: samples([[0, 10], [2, 30]]), words: samples(Int32Array.of(7, 1, 4, 0), [2, 2]) },
 *   y: { kind: Int32Array.of(0, 1), age: samples([[30], [40]]) },
 * };
 * const { training, classes, sampleShape } = data([set, set], { preprocessing: "normalize" });
 * assertEquals(await training.x.image.toArray(), [[0, 0], [1, 1]]);
 * assertEquals(await training.x.words.toArray(), [[7, 1], [4, 0]]);
 * assertEquals([classes, sampleShape], [{ kind: 2, age: undefined }, { image: [2], words: [2] }]);
 * ```
 */
export function data<S extends GivenNamedSet>(sets: readonly S[], options?: DataOptions): DataOf<S>;
export function data(sets: readonly GivenNamedSet[], options?: DataOptions): NamedData {
  refuseSurplus("data", arguments, 2);
  checkArgument("make data", sets, setsKind);
  const read = sets.map((set, i) => readSourceSet("make data", set, `set ${i}`));
  const { preprocessing, name } = readOptions("make data", dataOptions, options);
  if (read.length < 2 || read.length > 3) {
    throw new DataError(
      `Cannot make data from ${read.length} sets: expected training and validation, and optionally test`,
    );
  }
  read.forEach((set, i) => checkSet(set, setNames[i]));
  const [first, ...others] = read;
  const plain = [first, ...others.map((set, i) => checkAlike(first, set, setNames[i + 1]))];
  const images = imagesOf(plain, preprocessing);
  const scaling = preprocessing && fitInputs(preprocessing, first.x);
  const [training, validation, test] = plain.map((set) => tensorSet(set, scaling));
  const sampleShape = mapParts(first.x, isSampled, ({ shape }) => shape.slice(1));
  const classes = images?.classes.length ??
    mapParts(first.y, areTargets, (_, output) => classesOf(plain, output));
  return { name, training, validation, test, sampleShape, classes, scaling, ...(images && { preprocessing: images }) };
}

/**
 * How the inputs were made of pictures; undefined if they were not.
 *
 * @throws {DataError} if those of two sets were made in different ways, or should be scaled as well, or are one of several
 * inputs.
 */
function imagesOf(sets: readonly NamedSourceSet[], scaling: Preprocessing | undefined): ImagePreprocessing | undefined {
  const { preprocessing, x, y } = sets[0];
  if (preprocessing === undefined) return undefined;
  if (!isSampled(x) || !areTargets(y)) {
    throw new DataError(
      "Cannot make data: expected pictures as the only x and their classes as the only y, got several by name; pass " +
        "their x and y without preprocessing",
    );
  }
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

/** The highest class of all sets, plus 1. */
function classesOf(sets: readonly NamedSourceSet[], output: string | undefined): number | undefined {
  let highest = -1;
  for (const { y: all } of sets) {
    const y = targetsNamed(all, output);
    if (!(y instanceof Int32Array)) return undefined;
    for (let i = 0; i < y.length; i++) if (y[i] > highest) highest = y[i];
  }
  return highest + 1;
}

function targetsNamed(y: NamedSourceSet["y"], output: string | undefined): SourceSet["y"] {
  return areTargets(y) ? y : y[output ?? ""];
}
