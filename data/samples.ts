/**
 * Samples on the host: numbers and their shape, and the sets that hold them with their targets.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { listKind } from "../core/options/kinds.ts";
import { custom, type Declaration } from "../core/options/option.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { shape as shapeOption } from "../core/options/shapes.ts";
import { showValue } from "../core/options/show.ts";
import { flag } from "../core/options/values.ts";
import { checkShape, type Shape, showShape, sizeOf } from "../core/shape.ts";
import { GreyLevels } from "./grey_levels.ts";
import { flatNumbers, type NestedNumbers } from "./nested_numbers.ts";
import {
  type FloatArray,
  isNumberArray,
  type NumberArray,
  refuseBigInts,
  type SampleValues,
  sampleValues,
  type WholeArray,
} from "./number_array.ts";

const extentsKind = shapeOption({ least: 0 });

/** Samples, as arguments. */
export const samplesKind = custom<AnySamples>({
  expected:
    "samples, such as samples([[1, 2]]): as many values, in a Float32Array or an Int32Array, as their shape has " +
    "elements",
  accepts: (value): value is AnySamples => {
    if (typeof value !== "object" || value === null || !("shape" in value)) return false;
    const { shape } = value;
    return extentsKind.accepts(shape) && shape.length > 0 && countOf(value) === sizeOf(shape);
  },
});

/** The number of values, without asking gray levels for their floats. */
function countOf(samples: object): number | undefined {
  if ("levels" in samples && samples.levels instanceof Uint8Array) return samples.levels.length;
  if (!("values" in samples)) return undefined;
  const { values } = samples;
  return values instanceof Float32Array || values instanceof Int32Array ? values.length : undefined;
}

const rowsKind = listKind<NestedNumbers>("rows of numbers, or an array of numbers such as a Float32Array");

/** Numbers on the host with their shape; the first axis counts the samples: `[sample, ...feature]`. */
export interface Samples<V extends SampleValues = Float32Array> {
  /** The numbers, the last axis fastest: singles, or whole numbers such as tokens, which stay whole. */
  readonly values: V;
  /** The extents of the axes. */
  readonly shape: Shape;
}

/** Samples of singles or of whole numbers. */
export type AnySamples = Samples<SampleValues>;

/** One set of examples: inputs `x` and targets `y`, either class numbers or numbers of any shape. */
export interface SampleSet<V extends SampleValues = Float32Array> {
  /** The inputs, `[sample, ...feature]`. */
  readonly x: Samples<V>;
  /** The class of each sample, or its targets, `[sample, ...target]`. */
  readonly y: Int32Array | AnySamples;
  /** How much each sample counts in means, `[sample]` or `[sample, time]`; default: all count alike. */
  readonly weights?: Samples | undefined;
}

/** Options of {@linkcode samples}. */
export interface SamplesOptions {
  /**
   * Whether bytes are gray levels: they become numbers from 0 to 1, but are kept as bytes, also on the device, in a
   * quarter of the memory; default: false.
   */
  readonly greyLevels?: boolean;
}

/** {@linkcode SamplesOptions}, declared. */
export const samplesOptions = {
  greyLevels: flag({ default: false, help: "whether bytes are gray levels" }),
} satisfies Declaration<SamplesOptions>;

/**
 * Samples of whole numbers, such as tokens, which stay whole; networks that do not look them up convert them. An
 * `Int32Array` is kept, all others are copied.
 *
 * @param shape The extents of the axes; default: `[length, 1]`.
 * @throws {TypeError} if the shape does not fit the array.
 * @throws {RangeError} if a number is beyond the largest i32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples } from "@yadll/yadll/data";
 *
 * assertEquals(samples(Uint16Array.of(7, 1, 4, 0), [2, 2]).values, Int32Array.of(7, 1, 4, 0));
 * ```
 */
export function samples(
  values: WholeArray,
  shape?: Shape,
  options?: { readonly greyLevels?: false },
): Samples<Int32Array>;
/**
 * Samples of gray levels, as numbers from 0 to 1. The bytes are kept, not copied.
 *
 * @throws {TypeError} if the shape does not fit the array.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples } from "@yadll/yadll/data";
 *
 * const pictures = samples(Uint8Array.of(0, 255, 51, 0), [1, 4], { greyLevels: true });
 * assertEquals(pictures.values, Float32Array.of(0, 1, 0.2, 0));
 * ```
 */
export function samples(values: Uint8Array, shape: Shape | undefined, options: { readonly greyLevels: true }): Samples;
/**
 * Samples from rows of numbers, or from an array of floats and a shape. A `Float32Array` is kept, all others are copied.
 *
 * @param shape The extents of the axes; default: those of the rows, and for an array `[length, 1]`.
 * @throws {TypeError} if the rows differ in length, or the shape does not fit.
 * @throws {RangeError} if a number is beyond the largest single (3.4e38).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples } from "@yadll/yadll/data";
 *
 * assertEquals(samples([[1, 2], [3, 4], [5, 6]]).shape, [3, 2]);
 * assertEquals(samples(new Float64Array(8), [2, 4]).values, new Float32Array(8));
 * ```
 */
export function samples(
  values: FloatArray | readonly (readonly number[])[],
  shape?: Shape,
  options?: SamplesOptions,
): Samples;
/**
 * Samples from lists nested to any depth, with the shape of the lists. True becomes 1. If the innermost lists are arrays
 * of whole numbers, the numbers stay whole.
 *
 * @throws {TypeError} if lists of one depth differ in length, or contain BigInts or other values.
 * @throws {RangeError} if a number is beyond the largest single (3.4e38), or the largest i32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples } from "@yadll/yadll/data";
 *
 * assertEquals(samples([[[1], [2]], [[3], [4]]]).shape, [2, 2, 1]);
 * assertEquals(samples([[true, false]]).values, Float32Array.of(1, 0));
 * ```
 */
export function samples(values: NestedNumbers, shape?: Shape, options?: SamplesOptions): AnySamples;
export function samples(
  values: NumberArray | NestedNumbers,
  shape?: Shape,
  options?: SamplesOptions,
): AnySamples {
  refuseSurplus("samples", arguments, 3);
  const { greyLevels } = readOptions("make samples", samplesOptions, options);
  refuseBigInts("make samples", values);
  if (!isNumberArray(values)) checkArgument("make samples", values, rowsKind);
  if (shape !== undefined) checkShape(shape, "make samples of shape");
  if (greyLevels) return levelsOf(values, shape);
  if (isNumberArray(values)) return shaped(sampleValues("make samples", values), shape);
  const flat = flatNumbers("make samples", values);
  if (shape !== undefined || flat.shape.length > 1) return shaped(flat.values, shape ?? flat.shape);
  return shaped(flat.values, [values.length, values.length === 0 ? 0 : 1]);
}

function levelsOf(values: unknown, shape: Shape | undefined): GreyLevels {
  if (!(values instanceof Uint8Array)) {
    throw new TypeError(
      `Cannot make samples of gray levels: expected bytes, as a Uint8Array, got ${showValue(values)}`,
    );
  }
  const extents = shape ?? [values.length, 1];
  checkSize(values.length, extents);
  return new GreyLevels(values, extents);
}

function shaped(values: SampleValues, shape: Shape = [values.length, 1]): AnySamples {
  checkSize(values.length, shape);
  return { values, shape };
}

function checkSize(length: number, shape: Shape): void {
  if (sizeOf(shape) === length) return;
  throw new TypeError(
    `Cannot make samples of shape ${showShape(shape)}: expected ${sizeOf(shape)} numbers, got ${length}`,
  );
}

/** The number of features of one sample: the product of all extents but the first. */
export function featuresOf(shape: Shape): number {
  return sizeOf(shape.slice(1));
}
