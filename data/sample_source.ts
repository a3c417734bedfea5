/**
 * Samples that are read on demand, for example from files larger than the memory of the host.
 *
 * @module
 */

import { numbersKind, objectKind } from "../core/options/kinds.ts";
import { custom } from "../core/options/option.ts";
import { refuseOtherNames } from "../core/options/other_names.ts";
import { checkArgument, checkArguments, wrongKind } from "../core/options/read.ts";
import { shape as shapeOption } from "../core/options/shapes.ts";
import type { Shape } from "../core/shape.ts";
import { DataError } from "./errors.ts";
import { isNamed, labelOf, mapParts, type OneOrNamed, partsIn } from "./named.ts";
import { hostTensor, type RowArray, type Rows } from "./rows.ts";
import {
  isNumberArray,
  isWholeArray,
  type NumberArray,
  refuseBigInts,
  sampleValues,
  wholeNumbers,
} from "./number_array.ts";
import type { ImagePreprocessing } from "./images/image_preprocessing.ts";
import { isOfImages } from "./recognized.ts";
import { type AnySamples, featuresOf, type Samples, samplesKind } from "./samples.ts";
import { arePackable, packedShape } from "./grey_levels.ts";
import type { Scaling } from "./scaling.ts";

/**
 * Samples that can be read by number, in any order: from a file ({@linkcode openNpy}), or any other source with random
 * access.
 *
 * @example
 * ```ts
 * import { data, type SampleSource } from "@yadll/yadll/data";
 * import { assertEquals } from "@std/assert";
 *
 * const multiples: SampleSource = {
 *   shape: [1000, 2],
 *   read: (numbers, target) => numbers.forEach((number, i) => target.set([number, 2 * number], 2 * i)),
 * };
 * const set = { x: multiples, y: new Int32Array(1000) };
 * const { training } = data([set, set]);
 * assertEquals(await training.x.slice([7], [8]).toArray(), [[7, 14]]);
 * ```
 */
export interface SampleSource {
  /** `[sample, ...feature]` */
  readonly shape: Shape;
  /** Reads the samples with these numbers, in this order, to the start of `target`, before it returns. */
  read(numbers: Int32Array, target: Float32Array): void;
  /**
   * Reads the same samples as gray levels from 0 to 255, where `read` returns levels / 255. A source with this method
   * keeps its bytes on the device, in a quarter of the memory.
   */
  readLevels?(numbers: Int32Array, target: Uint8Array): void;
}

/** A set of examples whose inputs, or inputs and targets, may be read on demand. */
export interface SourceSet {
  /** The inputs, `[sample, ...feature]`. */
  readonly x: AnySamples | SampleSource;
  /** The class of each sample, or its targets, `[sample, ...target]`. */
  readonly y: Int32Array | AnySamples | SampleSource;
  /**
   * How much each sample counts in means, `[sample]`, or each of its time steps, `[sample, time]`: numbers from 0, such as
   * a mask of zeros and ones; default: all count alike.
   */
  readonly weights?: AnySamples | SampleSource | undefined;
  /** How the inputs were made of pictures, and the names of the classes; default: they were not. */
  readonly preprocessing?: ImagePreprocessing | undefined;
}

/** A set of examples as it may be given: its targets and weights may be any array of numbers. */
export interface GivenSet extends Pick<SourceSet, "x" | "preprocessing"> {
  /** The class of each sample, as whole numbers, or its targets, `[sample]` or `[sample, ...target]`. */
  readonly y: NumberArray | AnySamples | SampleSource;
  /** How much each sample counts in means, `[sample]`, or each of its time steps, `[sample, time]`: numbers from 0. */
  readonly weights?: NumberArray | readonly number[] | AnySamples | SampleSource | undefined;
}

/** A set of examples that may have several inputs and targets, by the names of input layers and of outputs. */
export interface NamedSourceSet extends Pick<SourceSet, "weights" | "preprocessing"> {
  /** The inputs, `[sample, ...feature]`, or several by the names of the input layers. */
  readonly x: OneOrNamed<SourceSet["x"]>;
  /** The classes or targets, or those of several outputs by the names of these. */
  readonly y: OneOrNamed<SourceSet["y"]>;
}

/**
 * A set of several inputs or outputs as it may be given: each part of a record is what `x` or `y` of a set of one input
 * and one output may be. Weights count for all outputs.
 */
export interface GivenNamedSet extends Pick<GivenSet, "weights" | "preprocessing"> {
  /** The inputs, `[sample, ...feature]`, or several by the names of the input layers. */
  readonly x: OneOrNamed<GivenSet["x"]>;
  /** The classes or targets, or those of several outputs by the names of these. */
  readonly y: OneOrNamed<GivenSet["y"]>;
}

/** One value for a part of a set, or one by each of the names of a record of parts. */
export type PartsOf<P, T> = P extends GivenSet["x"] | GivenSet["y"] ? T : { readonly [N in keyof P]: T };

const setParts = ["x", "y", "weights", "preprocessing"] satisfies (keyof GivenSet)[];

/** A set, as an argument. */
export const setKind = objectKind("sets with x and y", "x", "y");

const shapedKind = objectKind("samples with a shape, such as samples([[1, 2]])", "shape");
const targetsKind = objectKind(
  "classes from 0, such as Int32Array.of(0, 1), or samples with a shape, such as samples([[0.5], [1.5]])",
  "shape",
);
const WEIGHTS = "a list of numbers, such as a mask of 0 and 1, or samples";
const weightsKind = objectKind(`${WEIGHTS} with a shape, such as samples([[1, 0]])`, "shape");
const imagesKind = custom<ImagePreprocessing>({
  expected: "that of pictures, which readImageFolder makes",
  accepts: isOfImages,
});
const extentsKind = shapeOption({ least: 0 });

/** Samples that are read on demand, as an argument. */
export const sourceKind = custom<SampleSource>({
  expected: "a source of samples, with a shape and a function read",
  accepts: (value): value is SampleSource =>
    typeof value === "object" && value !== null && "read" in value && typeof value.read === "function" &&
    "shape" in value && extentsKind.accepts(value.shape) && value.shape.length > 0,
});

/** Whether inputs are those of one input, without a name. */
export function isSampled(x: OneOrNamed<SourceSet["x"]>): x is SourceSet["x"] {
  return !isNamed(x);
}

/** Whether targets are those of one output, without a name. */
export function areTargets(y: OneOrNamed<SourceSet["y"]>): y is SourceSet["y"] {
  return !isNamed(y);
}

function areGivenTargets(y: OneOrNamed<GivenSet["y"]>): y is GivenSet["y"] {
  return !isNamed(y);
}

/**
 * A given set with classes as i32, and arrays of other targets as samples.
 *
 * @param name the set in messages: `set 0`
 * @throws {TypeError} if its parts are not numbers with a shape.
 * @throws {RangeError} for a part of another name, with the nearest one.
 */
export function readSourceSet(action: string, given: GivenSet, name: string): SourceSet;
/** The same for a set that may have several inputs and targets by name. */
export function readSourceSet(action: string, given: GivenNamedSet, name: string): NamedSourceSet;
export function readSourceSet(action: string, given: GivenNamedSet, name: string): NamedSourceSet {
  checkArgument(action, given, setKind);
  refuseOtherNames(action, given, { what: name, names: setParts });
  const set = plainSet(action, given, name);
  for (const { name: input, value } of partsIn(set.x, isSampled)) {
    checkPart(action, { [`${labelOf("x", input)} of ${name}`]: value }, shapedKind);
  }
  for (const { name: output, value } of partsIn(set.y, areTargets)) {
    if (!(value instanceof Int32Array)) {
      checkPart(action, { [`${labelOf("y", output)} of ${name}`]: value }, targetsKind);
    }
  }
  return set;
}

/** Throws unless a part has numbers with a shape; its name is the one in messages. */
function checkPart(
  action: string,
  part: Readonly<Record<string, AnySamples | SampleSource>>,
  kind: typeof shapedKind,
): void {
  checkArguments(action, part, kind);
  const [numbers] = Object.values(part);
  checkArguments(action, part, isSource(numbers) ? sourceKind : samplesKind);
}

function plainSet(action: string, { x, y, weights, preprocessing }: GivenNamedSet, name: string): NamedSourceSet {
  const others = {
    ...(weights !== undefined && { weights: plainWeights(action, weights, `weights of ${name}`) }),
    ...(preprocessing !== undefined && { preprocessing }),
  };
  if (preprocessing !== undefined) checkArguments(action, { [`preprocessing of ${name}`]: preprocessing }, imagesKind);
  return { x, y: mapParts(y, areGivenTargets, (part) => plainTargets(action, part)), ...others };
}

function plainTargets(action: string, y: GivenSet["y"]): SourceSet["y"] {
  refuseBigInts(action, y);
  if (!isNumberArray(y)) return areClasses(y) ? y.values : y;
  if (isWholeArray(y)) return wholeNumbers(action, y);
  return { values: sampleValues(action, y), shape: [y.length] };
}

/** Weights as floats: those of an array have the shape `[sample]`, and so have those of a column, `[sample, 1]`. */
function plainWeights(action: string, weights: unknown, part: string): AnySamples | SampleSource {
  refuseBigInts(action, weights);
  if (isNumberArray(weights)) return { values: Float32Array.from(weights), shape: [weights.length] };
  if (numbersKind.accepts(weights)) return { values: Float32Array.from(weights), shape: [weights.length] };
  checkArguments(action, { [part]: weights }, weightsKind);
  if (sourceKind.accepts(weights)) {
    if (!isColumn(weights.shape)) return weights;
    return { shape: [weights.shape[0]], read: (numbers, target) => weights.read(numbers, target) };
  }
  if (samplesKind.accepts(weights)) {
    const shape = isColumn(weights.shape) ? [weights.shape[0]] : weights.shape;
    return { values: Float32Array.from(weights.values), shape };
  }
  throw wrongKind(action, `${part} to be ${WEIGHTS}`, weights);
}

/** Whether there is one number for each sample in an axis of its own. */
function isColumn(shape: Shape): boolean {
  return shape.length === 2 && shape[1] === 1;
}

/** Whether targets are samples of one whole number each, so they are classes. */
function areClasses(y: AnySamples | SampleSource): y is Samples<Int32Array> {
  return samplesKind.accepts(y) && y.values instanceof Int32Array && y.shape.length === 1;
}

/** Whether samples are read on demand. */
export function isSource(x: AnySamples | SampleSource): x is SampleSource {
  return "read" in x;
}

/**
 * Throws if a reading function of a source returned a promise: the samples would be used before they are there.
 *
 * @param method the name of the function: `read`
 */
function checkDone(method: string, result: unknown): void {
  if (!(result instanceof Promise)) return;
  result.catch(() => {}); // what is thrown below says enough
  throw new TypeError(
    `Cannot read samples: expected ${method} to fill its target before it returns, got a Promise; ` +
      "read synchronously, such as with readSync, or all samples before",
  );
}

/** Bytes of samples that are read at a time to visit all of them. */
const RUN_BYTES = 2 ** 20;

/** All samples in order, in runs that fit into memory; a run is valid until the next one. */
export function* runsOf(x: AnySamples | SampleSource): Generator<AnySamples> {
  if (!isSource(x)) return yield x;
  const { shape: [count, ...feature] } = x;
  const width = featuresOf(x.shape);
  const most = Math.min(count, Math.max(1, Math.floor(RUN_BYTES / (4 * Math.max(1, width)))));
  const values = new Float32Array(most * width);
  for (let begin = 0; begin < count; begin += most) {
    const numbers = Int32Array.from({ length: Math.min(most, count - begin) }, (_, i) => begin + i);
    checkDone("read", x.read(numbers, values));
    yield { values: values.subarray(0, numbers.length * width), shape: [numbers.length, ...feature] };
  }
}

/**
 * The rows of a source: gray levels if it has them and they fill whole words, otherwise numbers, which may be scaled.
 */
export function sourceRows(source: SampleSource, scaling?: Scaling): Rows {
  const { shape } = source;
  const width = featuresOf(shape);
  if (source.readLevels && !scaling && arePackable(shape)) {
    return rowsBy("u32", packedShape(shape), (numbers, target) => {
      const levels = new Uint8Array(target.buffer, target.byteOffset, numbers.length * width);
      checkDone("readLevels", source.readLevels!(numbers, levels));
    });
  }
  return rowsBy("f32", shape, (numbers, target) => {
    const values = target as Float32Array;
    checkDone("read", source.read(numbers, values));
    if (!scaling) return;
    const read = { values: values.subarray(0, numbers.length * width), shape: [numbers.length, ...shape.slice(1)] };
    values.set(scaling.apply(read).values);
  });
}

function rowsBy(dtype: "f32" | "u32", shape: Shape, copy: Rows["copy"]): Rows {
  const width = featuresOf(shape);
  return {
    dtype,
    shape,
    copy,
    tensor: (begin, end) => {
      const values: RowArray = new (dtype === "f32" ? Float32Array : Uint32Array)((end - begin) * width);
      copy(Int32Array.from({ length: end - begin }, (_, i) => begin + i), values);
      return hostTensor(dtype, values, [end - begin, ...shape.slice(1)]);
    },
  };
}

/**
 * Refuses numbers that are not finite.
 *
 * @param action what is tried, for the message: `use x of the training set`
 */
export function checkFinite(x: AnySamples | SampleSource, action: string): void {
  const features = featuresOf(x.shape);
  let before = 0;
  for (const { values } of runsOf(x)) {
    const i = values instanceof Float32Array ? firstInfinite(values) : -1;
    if (i >= 0) {
      throw new DataError(
        `Cannot ${action}: expected finite numbers, got ${values[i]} as feature ${i % features} of example ${
          Math.floor((before + i) / features)
        }`,
      );
    }
    before += values.length;
  }
}

/** The position of the first number that is not finite; -1 if all are. It gets arrays of one type, which is faster. */
function firstInfinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
