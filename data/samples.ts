/**
 * Samples on the host: numbers and their shape, and the sets that hold them with their targets.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { listKind, numbersKind } from "../core/options/kinds.ts";
import { custom } from "../core/options/option.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import { shape as shapeOption } from "../core/options/shapes.ts";
import { checkShape, type Shape, showShape, sizeOf } from "../core/shape.ts";

const extentsKind = shapeOption({ least: 0 });

/** Samples, as arguments. */
export const samplesKind = custom<Samples>({
  expected: "samples, such as samples([[1, 2]]): as many values, in a Float32Array, as their shape has elements",
  accepts: (value): value is Samples => {
    if (typeof value !== "object" || value === null || !("shape" in value)) return false;
    const { shape } = value;
    return extentsKind.accepts(shape) && shape.length > 0 && countOf(value) === sizeOf(shape);
  },
});

/** The number of values, without asking gray levels for their floats. */
function countOf(samples: object): number | undefined {
  if ("levels" in samples && samples.levels instanceof Uint8Array) return samples.levels.length;
  return "values" in samples && samples.values instanceof Float32Array ? samples.values.length : undefined;
}

const rowsKind = listKind("rows of numbers, or a Float32Array");

/** Numbers on the host with their shape; the first axis counts the samples: `[sample, ...feature]`. */
export interface Samples {
  /** The numbers, the last axis fastest. */
  readonly values: Float32Array;
  /** The extents of the axes. */
  readonly shape: Shape;
}

/** One set of examples: inputs `x` and targets `y`, either class numbers or numbers of any shape. */
export interface SampleSet {
  /** The inputs, `[sample, ...feature]`. */
  readonly x: Samples;
  /** The class of each sample, or its targets, `[sample, ...target]`. */
  readonly y: Int32Array | Samples;
  /** How much each sample counts in means, `[sample]` or `[sample, time]`; default: all count alike. */
  readonly weights?: Float32Array | readonly number[] | Samples | undefined;
}

/**
 * Samples from rows of numbers, or from a flat array and a shape.
 *
 * @throws {TypeError} if the rows differ in length, or the shape does not fit the array.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { samples } from "@yadll/yadll/data";
 *
 * assertEquals(samples([[1, 2], [3, 4], [5, 6]]).shape, [3, 2]);
 * assertEquals(samples(new Float32Array(8), [2, 4]).shape, [2, 4]);
 * ```
 */
export function samples(values: Float32Array | readonly (readonly number[])[], shape?: Shape): Samples {
  refuseSurplus("samples", arguments, 2);
  if (!(values instanceof Float32Array)) checkRows(values);
  if (shape !== undefined) checkShape(shape, "make samples of shape");
  const flat = values instanceof Float32Array ? values : fromRows(values);
  const extents = shape ??
    (values instanceof Float32Array ? [values.length, 1] : [values.length, values[0]?.length ?? 0]);
  if (sizeOf(extents) !== flat.length) {
    throw new TypeError(
      `Cannot make samples of shape ${showShape(extents)}: expected ${sizeOf(extents)} numbers, got ${flat.length}`,
    );
  }
  return { values: flat, shape: extents };
}

/** The number of features of one sample: the product of all extents but the first. */
export function featuresOf(shape: Shape): number {
  return sizeOf(shape.slice(1));
}

function checkRows(rows: unknown): void {
  const given: readonly unknown[] = Array.isArray(rows) ? rows : [];
  checkArgument("make samples", rows, rowsKind);
  given.forEach((row, i) => checkArguments("make samples", { [`row ${i}`]: row }, numbersKind));
}

function fromRows(rows: readonly (readonly number[])[]): Float32Array {
  const columns = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== columns);
  if (odd >= 0) {
    throw new TypeError(
      `Cannot make samples of rows of different lengths: row 0 has ${columns} numbers, row ${odd} has ${
        rows[odd].length
      }`,
    );
  }
  return Float32Array.from(rows.flat());
}
