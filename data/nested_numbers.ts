/**
 * Lists of numbers nested to any depth, as one array and its shape.
 *
 * @module
 */

import { showValue } from "../core/options/show.ts";
import type { Shape } from "../core/shape.ts";
import {
  checkSingle,
  isNumberArray,
  isWholeArray,
  type NumberArray,
  refuseBigInts,
  type SampleValues,
  wholeNumbers,
} from "./number_array.ts";

/** Numbers in lists of lists, of any depth; the innermost ones may be arrays of numbers. */
export type NestedNumbers = readonly (number | boolean | NumberArray | NestedNumbers)[];

/** The deepest nesting, more than any tensor needs; it ends lists that contain themselves. */
const MOST_AXES = 32;

/** Numbers in one array, and the shape that their nesting had. */
export interface FlatNumbers {
  readonly values: SampleValues;
  readonly shape: Shape;
}

/**
 * Nested lists as one array and its shape. If the innermost lists are arrays of whole numbers, the numbers stay whole;
 * all others become singles, true 1 and false 0.
 *
 * @param action what is tried, for messages: `make samples`
 * @throws {TypeError} if lists of one depth differ in length, or contain anything but numbers; the message has the place.
 * @throws {RangeError} if a number is beyond the largest single.
 */
export function flatNumbers(action: string, nested: NestedNumbers): FlatNumbers {
  const shape = shapeOf(action, nested);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const filling: Filling = { action, shape, values: new Float32Array(length), path: [], wholes: [], length: 0 };
  fill(filling, nested);
  if (filling.wholes === undefined || filling.wholes.length === 0) return { values: filling.values, shape };
  const whole = new Int32Array(length);
  let begin = 0;
  for (const row of filling.wholes) {
    whole.set(row, begin);
    begin += row.length;
  }
  return { values: whole, shape };
}

/** The state of a conversion. */
interface Filling {
  readonly action: string;
  readonly shape: Shape;
  readonly values: Float32Array;
  /** The indices of the list that is converted. */
  readonly path: number[];
  /** The innermost lists, as long as all of them are arrays of whole numbers. */
  wholes: Int32Array[] | undefined;
  /** How many numbers were converted. */
  length: number;
}

/** The shape of the first element of each list. */
function shapeOf(action: string, nested: NestedNumbers): Shape {
  const shape: number[] = [];
  let one: unknown = nested;
  while (Array.isArray(one) || isNumberArray(one)) {
    if (shape.length === MOST_AXES) {
      throw new TypeError(`Cannot ${action}: expected lists of at most ${MOST_AXES} levels, got a deeper one`);
    }
    shape.push(one.length);
    one = one[0];
  }
  return shape;
}

function fill(filling: Filling, list: NestedNumbers | NumberArray): void {
  const { action, shape, path } = filling;
  const extent = shape[path.length];
  if (list.length !== extent) {
    throw new TypeError(
      `Cannot ${action} of lists of different lengths: ${nameOf(path.map(() => 0))} has ${extent} ${
        path.length + 1 === shape.length ? "numbers" : "entries"
      }, ${nameOf(path)} has ${list.length}`,
    );
  }
  if (isNumberArray(list)) return fillArray(filling, list);
  if (path.length + 1 === shape.length) filling.wholes = undefined;
  // By index, because methods of arrays leave out holes.
  for (let i = 0; i < list.length; i++) {
    path.push(i);
    fillItem(filling, list[i]);
    path.pop();
  }
}

function fillItem(filling: Filling, item: NestedNumbers[number]): void {
  const { action, shape, path, values } = filling;
  refuseBigInts(action, item);
  if (path.length < shape.length) {
    if (!Array.isArray(item) && !isNumberArray(item)) throw wrong(filling, "a list of numbers", item);
    return fill(filling, item);
  }
  if (typeof item !== "number" && typeof item !== "boolean") throw wrong(filling, "a number", item);
  checkSingle(action, Number(item), () => `as ${nameOf(path)}`);
  values[filling.length++] = Number(item);
}

function fillArray(filling: Filling, list: NumberArray): void {
  const { action, shape, path, values } = filling;
  if (path.length + 1 < shape.length) throw wrong(filling, "a list of lists", list);
  if (isWholeArray(list)) filling.wholes?.push(wholeNumbers(action, list));
  else filling.wholes = undefined;
  for (let i = 0; i < list.length; i++) {
    checkSingle(action, list[i], () => `as ${nameOf([...path, i])}`);
    values[filling.length++] = list[i];
  }
}

function wrong({ action, path }: Filling, expected: string, got: unknown): TypeError {
  return new TypeError(`Cannot ${action}: expected ${nameOf(path)} to be ${expected}, got ${showValue(got)}`);
}

/** The name of an entry: `row 3`, `row 3[1]`. */
function nameOf([row, ...others]: readonly number[]): string {
  return row === undefined ? "the list" : `row ${row}${others.map((one) => `[${one}]`).join("")}`;
}
