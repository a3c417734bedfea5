import { assertEquals, assertThrows } from "@std/assert";
import { checkAlike, checkSet } from "./check_sets.ts";
import { DataError } from "./errors.ts";
import { GreyLevels } from "./grey_levels.ts";
import type { NamedSourceSet, SampleSource } from "./sample_source.ts";
import { type Samples, samples } from "./samples.ts";

const x = samples([[1, 2], [3, 4], [5, 6]]);
const y = Int32Array.of(0, 2, 1);

const of = (values: readonly number[], shape: readonly number[] = [values.length]): Samples => (
  { values: Float32Array.from(values), shape }
);

/** The message of the error about a set; empty if it is accepted. */
function refusal(set: Partial<NamedSourceSet>): string {
  const given: NamedSourceSet = { x, y, ...set };
  try {
    checkSet(given, "training");
    return "";
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message;
  }
}

Deno.test("all parts of a set have as many examples", () => {
  assertEquals(refusal({}), "");
  assertEquals(
    refusal({ y: Int32Array.of(0, 1) }),
    "Cannot use the training set: expected as many targets as inputs, got 2 and 3",
  );
  assertEquals(
    refusal({ y: new Int32Array(6) }),
    "Cannot use the training set: expected as many targets as inputs, got 6 and 3; 2 class numbers per example are " +
      "passed as samples(Float32Array.from(y), [3, 2])",
  );
  assertEquals(refusal({ y: new Int32Array(7) }).endsWith("got 7 and 3"), true);
  assertEquals(refusal({ y: of([1, 2]) }).endsWith("got 2 and 3"), true);
  const named = { a: x, b: of([1, 2, 3]) };
  assertEquals(refusal({ x: named, y: { p: y, q: of([1, 2, 3]) } }), "");
  assertEquals(
    refusal({ x: { ...named, b: of([1, 2]) } }),
    "Cannot use the training set: expected as many examples in all parts, got 3 in x.a and 2 in x.b",
  );
  assertEquals(refusal({ x: named, y: { p: y, q: of([1]) } }).endsWith("got 3 in x.a and 1 in y.q"), true);
});

Deno.test("a set has at least one example, with features unless its input has a name", () => {
  const empty = { x: of([], [0, 2]), y: new Int32Array(0) };
  assertEquals(
    refusal(empty),
    "Cannot use the training set: expected at least one input, in the shape [example, ...feature], got [0, 2]",
  );
  assertEquals(refusal({ x: of([1, 2, 3]) }).endsWith("got [3]"), true);
  assertEquals(refusal({ x: { a: of([1, 2, 3]) } }), "");
  assertEquals(refusal({ x: { a: of([], [0]) }, y: new Int32Array(0) }).includes("one example of x.a, in"), true);
});

Deno.test("numbers of inputs and targets are finite, and classes are from 0", () => {
  assertEquals(
    refusal({ x: of([1, 2, 3, 4, NaN, 6], [3, 2]) }),
    "Cannot use x of the training set: expected finite numbers, got NaN as feature 0 of example 2",
  );
  assertEquals(refusal({ y: of([1, -1, -Infinity]) }).endsWith("got -Infinity as feature 0 of example 2"), true);
  assertEquals(
    refusal({ y: Int32Array.of(0, -1, 1) }),
    "Cannot use y of the training set: expected classes from 0, got -1 at 1; if an objective ignores that class " +
      "(ignoreIndex), pass samples(Float32Array.from(y), [3])",
  );
  assertEquals(refusal({ x: new GreyLevels(new Uint8Array(6), [3, 2]) }), "");
  const infinite: SampleSource = { shape: [3, 2], read: (_, target) => void target.fill(Infinity) };
  assertEquals(refusal({ x: infinite }).includes("got Infinity as feature 0 of example 0"), true);
  // Levels cannot be infinite, so they are not read.
  assertEquals(refusal({ x: { ...infinite, readLevels: () => {} } }), "");
});

Deno.test("weights are one per example, finite, from 0, and not all 0", () => {
  const weighted = (...weights: number[]) => refusal({ weights: of(weights) });
  const action = "Cannot use the weights of the training set: expected ";
  assertEquals([weighted(1, 0, 2), weighted(0, 0, 1e-37), weighted(2 ** -126, 0, 0)], ["", "", ""]);
  assertEquals(weighted(1, 2), `${action}as many as examples, 3, got 2`);
  assertEquals(weighted(0, 0, 0), `${action}at least one above 0, got only zeros`);
  assertEquals(weighted(1, -0.5, 1), `${action}finite numbers from 0, got -0.5 at example 1`);
  assertEquals(weighted(1, 1, NaN), `${action}finite numbers from 0, got NaN at example 2`);
  assertEquals(weighted(1, Infinity, 1), `${action}finite numbers from 0, got Infinity at example 1`);
  assertEquals(
    weighted(1, 1, 1e-40),
    `${action}0, or numbers from 1.2e-38 on (multiply all by the same factor), got 9.999946e-41 at example 2`,
  );
  const steps = refusal({ weights: of([1, 1, 1, 1, 1, -1], [3, 2]) });
  assertEquals(steps, `${action}finite numbers from 0, got -1 at example 2`);
  // Of a source, examples are counted through all runs.
  const count = 2 ** 18 + 3;
  const last: SampleSource = {
    shape: [count],
    read: (numbers, target) => numbers.forEach((number, i) => target[i] = number === count - 1 ? -1 : 1),
  };
  const many = { x: of(Array.from({ length: count }, () => 1), [count, 1]), y: new Int32Array(count) };
  assertEquals(refusal({ ...many, weights: last }), `${action}finite numbers from 0, got -1 at example 262146`);
});

Deno.test("other sets have the shapes and the kind of targets of the training set", () => {
  const training: NamedSourceSet = { x, y };
  const other = { x: samples([[7, 8]]), y: Int32Array.of(0) };
  assertEquals(checkAlike(training, other, "test"), other);
  const action = "Cannot use the test set with the training set: expected ";
  for (
    const [set, message] of [
      [{ x: samples([[7]]), y: Int32Array.of(0) }, "inputs of [2] with class numbers, got inputs of [1] with class"],
      [{ x: samples([[7, 8]]), y: of([0]) }, "inputs of [2] with class numbers, got inputs of [2] with targets of []"],
      [{ x: { a: samples([[7, 8]]) }, y: Int32Array.of(0) }, "one x without a name, got x with a"],
      [{ x: samples([[7, 8]]), y: { a: y } }, "one y without a name, got y with a"],
    ] as const
  ) assertThrows(() => checkAlike(training, set, "test"), DataError, action + message);
});

Deno.test("parts by name are put in the order of the training set, and must be like its parts", () => {
  const training: NamedSourceSet = { x: { left: x, right: of([1, 2, 3]) }, y: { p: y, q: of([1, 2, 3]) } };
  const [left, right] = [samples([[7, 8]]), of([9])];
  const found = checkAlike(training, { x: { right, left }, y: { q: right, p: Int32Array.of(1) } }, "test");
  assertEquals([Object.keys(found.x), Object.keys(found.y)], [["left", "right"], ["p", "q"]]);
  const mixed: NamedSourceSet = { x, y: { p: y } };
  assertEquals(checkAlike(mixed, { x: left, y: { p: Int32Array.of(1) } }, "test").x === left, true);
  assertThrows(
    () => checkAlike(mixed, { x: samples([[7]]), y: { p: Int32Array.of(1) } }, "test"),
    DataError,
    "expected inputs of [2] as x, got inputs of [1]",
  );
  const action = "Cannot use the test set with the training set: expected ";
  const check = (set: Partial<NamedSourceSet>): void => {
    checkAlike(training, { x: { left, right }, y: { p: Int32Array.of(1), q: right }, ...set }, "test");
  };
  check({});
  for (
    const [set, message] of [
      [{ x: { left } }, "x with left, right, got x with left"],
      [{ x: { left, right, more: right } }, "x with left, right, got x with left, right, more"],
      [{ x: { left, rigth: right } }, "x with left, right, got x with left, rigth: did you mean right?"],
      [{ x: left }, "x with left, right, got one x without a name"],
      [{ x: { left: right, right } }, "inputs of [2] as x.left, got inputs of []"],
      [{ y: { p: right, q: right } }, "class numbers as y.p, got targets of []"],
    ] as const
  ) assertThrows(() => check(set), DataError, action + message);
});
