/**
 * Whether the parts of a set fit together, and the sets of data.
 *
 * @module
 */

import { suggestName } from "../core/nearest.ts";
import { showValue } from "../core/options/show.ts";
import { type Shape, showShape } from "../core/shape.ts";
import { DataError } from "./errors.ts";
import { GreyLevels } from "./grey_levels.ts";
import { labelOf, namesIn, type OneOrNamed, partNamed, partsIn } from "./named.ts";
import {
  areTargets,
  checkFinite,
  isSampled,
  isSource,
  type NamedSourceSet,
  runsOf,
  type SampleSource,
  type SourceSet,
} from "./sample_source.ts";
import { type AnySamples, featuresOf } from "./samples.ts";

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

/** The shape of targets; class numbers have one axis. */
function shapeOf(y: SourceSet["y"]): Shape {
  return y instanceof Int32Array ? [y.length] : y.shape;
}

/**
 * Throws unless all parts of a set have as many examples, and only finite numbers.
 *
 * @param name the set in messages: `training`
 * @throws {DataError} with the part that does not fit.
 */
export function checkSet(set: NamedSourceSet, name: string): void {
  const [inputs, targets] = [partsIn(set.x, isSampled), partsIn(set.y, areTargets)];
  const [examples] = inputs[0].value.shape;
  checkLengths(set, name);
  for (const { name: input, value: { shape } } of inputs) {
    // An input with a name may be one number per example, such as the length of a sequence.
    if (examples > 0 && (shape.length >= 2 || input !== undefined)) continue;
    const what = input === undefined ? "input" : `example of ${labelOf("x", input)}`;
    throw new DataError(
      `Cannot use the ${name} set: expected at least one ${what}, in the shape [example, ...feature], got ${
        showShape(shape)
      }`,
    );
  }
  for (const { name: input, value } of inputs) {
    if (value instanceof GreyLevels || isSource(value) && value.readLevels) continue;
    checkFinite(value, `use ${labelOf("x", input)} of the ${name} set`);
  }
  if (set.weights !== undefined) checkWeights(set.weights, { name, examples });
  for (const { name: output, value } of targets) checkTargets(value, `use ${labelOf("y", output)} of the ${name} set`);
}

/** Throws unless all parts have as many examples. */
function checkLengths({ x, y }: NamedSourceSet, name: string): void {
  if (isSampled(x) && areTargets(y)) {
    const [[examples], [targets]] = [x.shape, shapeOf(y)];
    if (examples === targets) return;
    throw new DataError(
      `Cannot use the ${name} set: expected as many targets as inputs, got ${targets} and ${examples}` +
        sequenceCure(y, examples),
    );
  }
  const [first, ...others] = [
    ...partsIn(x, isSampled).map(({ name, value }) => ({ label: labelOf("x", name), length: value.shape[0] })),
    ...partsIn(y, areTargets).map(({ name, value }) => ({ label: labelOf("y", name), length: shapeOf(value)[0] })),
  ];
  const odd = others.find(({ length }) => length !== first.length);
  if (odd === undefined) return;
  throw new DataError(
    `Cannot use the ${name} set: expected as many examples in all parts, got ${first.length} in ${first.label} and ` +
      `${odd.length} in ${odd.label}`,
  );
}

function checkTargets(y: SourceSet["y"], action: string): void {
  if (!(y instanceof Int32Array)) return checkFinite(y, action);
  const odd = firstOdd(y);
  if (odd >= 0) {
    throw new DataError(
      `Cannot ${action}: expected classes from 0, got ${y[odd]} at ${odd}; if an objective ignores ` +
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

/**
 * A set whose parts are like those of the training set, in the same order.
 *
 * @param name the set in messages: `validation`
 * @throws {DataError} if names, shapes or kinds of targets differ.
 */
export function checkAlike(training: NamedSourceSet, other: NamedSourceSet, name: string): NamedSourceSet {
  const action = `use the ${name} set with the training set`;
  checkNames(action, "x", [namesIn(training.x, isSampled), namesIn(other.x, isSampled)]);
  checkNames(action, "y", [namesIn(training.y, areTargets), namesIn(other.y, areTargets)]);
  if (isSampled(training.x) && areTargets(training.y)) {
    const pair = ({ x, y }: NamedSourceSet): string =>
      `${partsIn(x, isSampled).map(({ value }) => describeInput(value)).join()} with ${
        partsIn(y, areTargets).map(({ value }) => describeTargets(value)).join()
      }`;
    const [expected, got] = [pair(training), pair(other)];
    if (expected === got) return other;
    throw new DataError(`Cannot ${action}: expected ${expected}, got ${got}`);
  }
  const x = inOrder(training.x, other.x, { isOne: isSampled, label: "x", describe: describeInput, action });
  const y = inOrder(training.y, other.y, { isOne: areTargets, label: "y", describe: describeTargets, action });
  return { ...other, x, y };
}

function describeInput({ shape }: SourceSet["x"]): string {
  return `inputs of ${showShape(shape.slice(1))}`;
}

function describeTargets(y: SourceSet["y"]): string {
  return y instanceof Int32Array ? "class numbers" : `targets of ${showShape(y.shape.slice(1))}`;
}

/** How parts are compared. */
interface Comparison<T> {
  readonly isOne: (given: OneOrNamed<T>) => given is T;
  readonly label: string;
  readonly describe: (part: T) => string;
  readonly action: string;
}

/** The parts of another set in the order of those of the training set, which they must be like. */
function inOrder<T>(
  training: OneOrNamed<T>,
  other: OneOrNamed<T>,
  { isOne, label, describe, action }: Comparison<T>,
): OneOrNamed<T> {
  const check = (one: T, own: T, name: string | undefined): T => {
    const [expected, got] = [describe(one), describe(own)];
    if (expected === got) return own;
    throw new DataError(`Cannot ${action}: expected ${expected} as ${labelOf(label, name)}, got ${got}`);
  };
  if (isOne(training)) return check(training, partNamed(other, isOne, ""), undefined);
  const entries = Object.entries(training).map(([name, one]) =>
    [name, check(one, partNamed(other, isOne, name), name)] as const
  );
  return Object.fromEntries(entries);
}

type Names = readonly string[] | undefined;

/** Throws unless two sets have the same names, in any order, or both have none. */
function checkNames(action: string, label: string, [expected, got]: readonly [Names, Names]): void {
  if (expected === undefined && got === undefined) return;
  const odd = got?.find((name) => !expected?.includes(name));
  if (expected && got && odd === undefined && expected.length === got.length) return;
  const show = (names: Names): string => names ? `${label} with ${names.join(", ")}` : `one ${label} without a name`;
  const nearest = odd === undefined || !expected ? "" : suggestName(odd, expected);
  throw new DataError(`Cannot ${action}: expected ${show(expected)}, got ${show(got)}${nearest}`);
}
