/**
 * Parts of sets, by the numbers of their examples.
 *
 * @module
 */

import { GreyLevels } from "./grey_levels.ts";
import { mapParts } from "./named.ts";
import {
  areTargets,
  isSampled,
  isSource,
  type NamedSourceSet,
  type SampleSource,
  type SourceSet,
} from "./sample_source.ts";
import { type AnySamples, featuresOf } from "./samples.ts";

/** The rows of an array with these numbers, one after the other. */
function takeRows<A extends Float32Array | Int32Array | Uint8Array>(from: A, to: A, numbers: Int32Array): A {
  const width = numbers.length === 0 ? 0 : to.length / numbers.length;
  numbers.forEach((number, i) => to.set(from.subarray(number * width, (number + 1) * width), i * width));
  return to;
}

function takeSamples(x: AnySamples, numbers: Int32Array): AnySamples {
  const shape = [numbers.length, ...x.shape.slice(1)];
  const length = numbers.length * featuresOf(x.shape);
  if (x instanceof GreyLevels) return new GreyLevels(takeRows(x.levels, new Uint8Array(length), numbers), shape);
  const { values } = x;
  if (values instanceof Int32Array) return { values: takeRows(values, new Int32Array(length), numbers), shape };
  return { values: takeRows(values, new Float32Array(length), numbers), shape };
}

/** A source that reads only some of the samples of another. */
function takeSource(source: SampleSource, numbers: Int32Array): SampleSource {
  const from = (own: Int32Array): Int32Array => own.map((number) => numbers[number]);
  const { readLevels } = source;
  return {
    shape: [numbers.length, ...source.shape.slice(1)],
    read: (own, target) => source.read(from(own), target),
    ...readLevels &&
      { readLevels: (own: Int32Array, target: Uint8Array) => readLevels.call(source, from(own), target) },
  };
}

/** The examples of a set with these numbers, in this order: copies of samples, and views of sources. */
export function takeExamples(set: SourceSet, numbers: Int32Array): SourceSet;
/** The same for a set that may have several inputs and targets by name. */
export function takeExamples(set: NamedSourceSet, numbers: Int32Array): NamedSourceSet;
export function takeExamples({ x, y, weights, preprocessing }: NamedSourceSet, numbers: Int32Array): NamedSourceSet {
  const take = (part: AnySamples | SampleSource) =>
    isSource(part) ? takeSource(part, numbers) : takeSamples(part, numbers);
  const takeTargets = (part: SourceSet["y"]): SourceSet["y"] =>
    part instanceof Int32Array ? takeRows(part, new Int32Array(numbers.length), numbers) : take(part);
  return {
    x: mapParts(x, isSampled, take),
    y: mapParts(y, areTargets, takeTargets),
    ...(weights !== undefined && { weights: take(weights) }),
    ...(preprocessing !== undefined && { preprocessing }),
  };
}
