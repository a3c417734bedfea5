/**
 * Class numbers as one-hot rows, and back.
 *
 * @module
 */

import { whole } from "../core/options/numbers.ts";
import { custom } from "../core/options/option.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import { showValue } from "../core/options/show.ts";
import { checkShape } from "../core/shape.ts";
import { type AnySamples, featuresOf, type Samples, samplesKind } from "./samples.ts";

const highestClass = whole({ least: -1 });
const classesKind = custom<ArrayLike<number>>({
  expected: "a list of class numbers",
  accepts: (value): value is ArrayLike<number> => Array.isArray(value) || ArrayBuffer.isView(value),
});

/**
 * A row for each class number, with 1 in the column of the class and 0 in the others.
 *
 * @param classes Whole numbers from 0 to `highest`.
 * @param highest The highest class; default: the maximum of `classes`. The result has `highest + 1` columns.
 * @returns `[sample, class]`
 * @throws {RangeError} if a class is not a whole number from 0 to `highest`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { oneHotEncoding } from "@yadll/yadll/data";
 *
 * assertEquals([...oneHotEncoding([1, 0, 3]).values], [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
 * assertEquals(oneHotEncoding([1, 0, 3], 5).shape, [3, 6]);
 * ```
 */
export function oneHotEncoding(classes: ArrayLike<number>, highest: number = highestOf(classes)): Samples {
  checkArgument("encode classes", classes, classesKind);
  checkArguments("encode classes", { highest }, highestClass);
  checkShape([classes.length, highest + 1], "encode classes to");
  const columns = highest + 1;
  const values = new Float32Array(classes.length * columns);
  for (let row = 0; row < classes.length; row++) {
    const one = classes[row];
    if (!Number.isInteger(one) || one < 0 || one > highest) {
      throw new RangeError(
        `Cannot encode class ${showValue(one)} at ${row}: expected a whole number from 0 to ${highest}`,
      );
    }
    values[row * columns + one] = 1;
  }
  return { values, shape: [classes.length, columns] };
}

/**
 * The class of each row: the column of its greatest value, or the first of several.
 *
 * @param rows `[sample, class]`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { oneHotDecoding, samples } from "@yadll/yadll/data";
 *
 * assertEquals([...oneHotDecoding(samples([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]))], [1, 0, 3]);
 * ```
 */
export function oneHotDecoding(rows: AnySamples): Int32Array {
  checkArgument("decode classes", rows, samplesKind);
  const columns = featuresOf(rows.shape);
  return Int32Array.from({ length: rows.shape[0] }, (_, row) => {
    let greatest = 0;
    for (let column = 1; column < columns; column++) {
      if (rows.values[row * columns + column] > rows.values[row * columns + greatest]) greatest = column;
    }
    return greatest;
  });
}

function highestOf(classes: ArrayLike<number>): number {
  checkArgument("encode classes", classes, classesKind);
  let highest = -1;
  for (let i = 0; i < classes.length; i++) highest = Math.max(highest, classes[i]);
  return highest;
}
