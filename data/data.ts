/**
 * The container of what a network learns from: a training set, a validation set, and perhaps a test set.
 *
 * @module
 */

import { dataNode } from "../core/runtime.ts";
import { sameShape, type Shape, showShape } from "../core/shape.ts";
import { Storage } from "../core/storage.ts";
import { Tensor } from "../core/tensor.ts";
import { DataError } from "./errors.ts";
import { GreyLevels, ImageSet } from "./image_set.ts";
import { featuresOf, type Samples, type SampleSet } from "./samples.ts";
import { fitScaling, type Preprocessing, type Scaling } from "./scaling.ts";

/** Examples as tensors. They go to the device when they are first used there, and stay. */
export interface TensorPair {
  /**
   * The inputs, f32 [example, ...feature]. In the parts of a set of images they are u32 [example, feature / 4], four grey
   * levels a word, the first one in the lowest byte: a quarter of the memory.
   */
  readonly x: Tensor;
  /** The classes, i32 [example], or the targets, f32 [example, ...target]. */
  readonly y: Tensor;
}

/** A set of examples. */
export interface TensorSet extends TensorPair {
  /** The number of examples. */
  readonly length: number;
  /**
   * The examples in order, in as few parts as there must be for no tensor to have more than `mostBytes` bytes. The parts
   * share the memory of the host with the set, and stay the same from call to call.
   */
  parts(mostBytes: number): readonly TensorPair[];
}

/** Options of {@linkcode data}. */
export interface DataOptions {
  /** How the inputs are scaled; fitted on the training set alone. */
  readonly preprocessing?: Preprocessing;
  /** What reports call the data; `data` where not given. */
  readonly name?: string;
}

/** What a network learns from. */
export interface Data {
  /** What reports call it. */
  readonly name: string;
  /** What is learned from. */
  readonly training: TensorSet;
  /** What tells when to stop. */
  readonly validation: TensorSet;
  /** `undefined` where two sets were given. */
  readonly test: TensorSet | undefined;
  /** The shape of one input, without the axis of examples. */
  readonly sampleShape: Shape;
  /** The number of classes; `undefined` where the targets are no class numbers. */
  readonly classes: number | undefined;
  /** The scaling of the inputs, for new samples and for the way back; `undefined` where there is none. */
  readonly scaling: Scaling | undefined;
}

const setNames = ["training", "validation", "test"] as const;

/**
 * A container of two sets (training and validation) or three (and test), each `{ x, y }` with `x` of `[example,
 * ...feature]` and `y` class numbers or targets such as one-hot rows. The arrays are kept, not copied.
 *
 * @throws {DataError} if the sets do not fit together, or hold numbers that are not finite.
 * @throws {RangeError} for an unknown preprocessing.
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
export function data(sets: readonly SampleSet[], { preprocessing, name = "data" }: DataOptions = {}): Data {
  if (sets.length < 2 || sets.length > 3) {
    throw new DataError(`Cannot hold ${sets.length} sets: expected training and validation, and perhaps test`);
  }
  sets.forEach((set, i) => checkSet(set, setNames[i]));
  sets.slice(1).forEach((set, i) => checkAlike(sets[0], set, setNames[i + 1]));
  const scaling = preprocessing && fitScaling(preprocessing, sets[0].x);
  const [training, validation, test] = sets.map((set, i) =>
    tensorSet(set, scaling && once(() => i === 0 ? scaling.z : scaling.apply(set.x)))
  );
  const sampleShape = sets[0].x.shape.slice(1);
  return { name, training, validation, test, sampleShape, classes: classesOf(sets), scaling };
}

/** A function that makes its result once. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}

/** A set whose tensors are made when they are first asked for. */
function tensorSet(set: SampleSet, scaled?: () => Samples): TensorSet {
  if (set instanceof ImageSet && !scaled && set.isPackable) return imageTensorSet(set);
  const { x, y } = set;
  const made = new Map<number, readonly TensorPair[]>();
  const length = x.shape[0];
  const inCount = (count: number): readonly TensorPair[] => {
    const known = made.get(count) ?? pairsOf({ x: scaled ? scaled() : x, y }, Math.ceil(length / count));
    made.set(count, known);
    return known;
  };
  const rowBytes = 4 * Math.max(featuresOf(x.shape), y instanceof Int32Array ? 1 : featuresOf(y.shape));
  return {
    length,
    get x() {
      return inCount(1)[0].x;
    },
    get y() {
      return inCount(1)[0].y;
    },
    parts: (mostBytes) => inCount(Math.ceil(length / Math.max(1, Math.floor(mostBytes / rowBytes)))),
  };
}

/** A set whose parts hold grey levels; the floats are made only where somebody asks for the whole. */
function imageTensorSet(images: ImageSet): TensorSet {
  const made = new Map<number, readonly TensorPair[]>();
  const x = once(() => fromSamples(images.x));
  const y = once(() => fromClasses(images.y));
  const inRows = (rows: number): readonly TensorPair[] => {
    const known = made.get(rows) ??
      Array.from({ length: Math.ceil(images.length / rows) }, (_, i) => packed(images.slice(i * rows, (i + 1) * rows)));
    made.set(rows, known);
    return known;
  };
  return {
    length: images.length,
    get x() {
      return x();
    },
    get y() {
      return y();
    },
    parts: (mostBytes) =>
      inRows(Math.max(1, Math.min(images.length, Math.floor(mostBytes / Math.max(images.pixelsPerImage, 4))))),
  };
}

function packed(images: ImageSet): TensorPair {
  const words = images.words();
  const shape = [images.length, words.length / images.length];
  const x = new Tensor(dataNode({ shape, dtype: "u32" }, Storage.fromHost("u32", words)));
  return { x, y: fromClasses(images.y) };
}

/** Runs of at most `rows` examples as tensors. */
function pairsOf({ x, y }: SampleSet, rows: number): TensorPair[] {
  const length = x.shape[0];
  return Array.from({ length: Math.ceil(length / rows) }, (_, i) => {
    const [from, to] = [i * rows, Math.min(length, (i + 1) * rows)];
    return {
      x: fromSamples(rowsOf(x, from, to)),
      y: y instanceof Int32Array ? fromClasses(y.subarray(from, to)) : fromSamples(rowsOf(y, from, to)),
    };
  });
}

/** Some samples, in the same memory. */
function rowsOf({ values, shape }: Samples, from: number, to: number): Samples {
  const features = featuresOf(shape);
  return { values: values.subarray(from * features, to * features), shape: [to - from, ...shape.slice(1)] };
}

function fromSamples({ values, shape }: Samples): Tensor {
  return new Tensor(dataNode({ shape: [...shape], dtype: "f32" }, Storage.fromHost("f32", values)));
}

function fromClasses(classes: Int32Array): Tensor {
  return new Tensor(dataNode({ shape: [classes.length], dtype: "i32" }, Storage.fromHost("i32", classes)));
}

function checkSet({ x, y }: SampleSet, name: string): void {
  const targets = y instanceof Int32Array ? y.length : y.shape[0];
  if (x.shape[0] !== targets) {
    throw new DataError(
      `Cannot use the ${name} set: expected as many targets as inputs, got ${targets} and ${x.shape[0]}`,
    );
  }
  if (x.shape.length < 2 || x.shape[0] === 0) {
    throw new DataError(
      `Cannot use the ${name} set: expected inputs of shape [example, ...feature], one at least, got ${
        showShape(x.shape)
      }`,
    );
  }
  if (!(x instanceof GreyLevels)) checkFinite(x, `x of the ${name} set`);
  if (!(y instanceof Int32Array)) return checkFinite(y, `y of the ${name} set`);
  const odd = y.findIndex((one) => one < 0);
  if (odd >= 0) {
    throw new DataError(`Cannot use y of the ${name} set: expected classes from 0, got ${y[odd]} at ${odd}`);
  }
}

function checkFinite({ values, shape }: Samples, title: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const features = featuresOf(shape);
    throw new DataError(
      `Cannot use ${title}: expected finite numbers, got ${values[i]} as feature ${i % features} of example ${
        Math.floor(i / features)
      }`,
    );
  }
}

function checkAlike(training: SampleSet, other: SampleSet, name: string): void {
  const describe = ({ x, y }: SampleSet): string =>
    `inputs of ${showShape(x.shape.slice(1))} with ${
      y instanceof Int32Array ? "class numbers" : `targets of ${showShape(y.shape.slice(1))}`
    }`;
  const fits = sameShape(training.x.shape.slice(1), other.x.shape.slice(1));
  if (fits && describe(training) === describe(other)) return;
  throw new DataError(
    `Cannot use the ${name} set with the training set: expected ${describe(training)}, got ${describe(other)}`,
  );
}

/** One more than the highest class of all sets. */
function classesOf(sets: readonly SampleSet[]): number | undefined {
  let highest = -1;
  for (const { y } of sets) {
    if (!(y instanceof Int32Array)) return undefined;
    for (const one of y) highest = Math.max(highest, one);
  }
  return highest + 1;
}
