import { assert, assertEquals, assertStrictEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Tensor } from "../core/tensor.ts";
import { data } from "./data.ts";
import { digitsLoader } from "./digits/digits.ts";
import { DataError } from "./errors.ts";
import { oneHotEncoding } from "./one_hot.ts";
import { samples } from "./samples.ts";
import { firstExamples } from "./tensor_set.ts";

const rows = samples([[0, 5], [4, 5], [2, 5]]);
const classes = Int32Array.of(2, 0, 1);

Deno.test("two sets are for training and validation, a third one is for testing", () => {
  const two = data([{ x: rows, y: classes }, { x: rows, y: classes }]);
  assertEquals([two.training.length, two.validation.length, two.test], [3, 3, undefined]);
  const three = data(digitsLoader({ sizes: [5, 3, 2] }), { name: "digits" });
  assertEquals([three.training.length, three.validation.length, three.test?.length], [5, 3, 2]);
  assertEquals([three.name, three.sampleShape], ["digits", [784]]);
  assertEquals(three.training.x.shape, [5, 784]);
  assertStrictEquals(three.training.x, three.training.x);
});

Deno.test("targets are class numbers or rows", async () => {
  const numbers = data([{ x: rows, y: classes }, { x: rows, y: classes }]);
  assertEquals([numbers.training.y.dtype, numbers.training.y.shape, numbers.classes], ["i32", [3], 3]);
  const oneHot = { x: rows, y: oneHotEncoding(classes) };
  const targets = data([oneHot, oneHot]);
  assertEquals(targets.classes, undefined);
  assertEquals(await targets.training.y.toArray(), [[0, 0, 1], [1, 0, 0], [0, 1, 0]]);
});

Deno.test("preprocessing is fitted on the training set alone", async () => {
  const other = { x: samples([[8, 6]]), y: Int32Array.of(0) };
  const { training, validation, scaling } = data([{ x: rows, y: classes }, other], { preprocessing: "normalize" });
  assertEquals(await training.x.toArray(), [[0, 0], [1, 0], [0.5, 0]]);
  assertEquals(await validation.x.toArray(), [[2, 1]]);
  assertEquals([...scaling!.revert(scaling!.apply(other.x)).values], [8, 6]);
});

Deno.test("sets that do not fit together are refused, and the message has what was expected and what it got", () => {
  const good = { x: rows, y: classes };
  const refuse = (sets: Parameters<typeof data>[0], message: string) =>
    assertThrows(() => data(sets), DataError, message);
  refuse([good], "Cannot make data from 1 sets: expected training and validation");
  refuse([good, { x: rows, y: Int32Array.of(1) }], "validation set: expected as many targets as inputs, got 1 and 3");
  refuse(
    [good, { x: samples([[1]]), y: Int32Array.of(1) }],
    "expected inputs of [2] with class numbers, got inputs of [1]",
  );
  refuse([good, { x: rows, y: oneHotEncoding(classes) }], "got inputs of [2] with targets of [3]");
  refuse([{ x: rows, y: Int32Array.of(0, -1, 0) }, good], "expected classes from 0, got -1 at 1");
  refuse([{ x: rows, y: Int32Array.of(-1, 0, 0) }, good], "expected classes from 0, got -1 at 0");
  refuse(
    [{ x: rows, y: Int32Array.of(0, 1, 0, 1, 0, 1) }, good],
    "got 6 and 3; 2 class numbers per example are passed as samples(Float32Array.from(y), [3, 2])",
  );
  for (const length of [4, 7]) {
    const error = assertThrows(() => data([{ x: rows, y: new Int32Array(length) }, good]), DataError);
    assertEquals(error.message.endsWith(`got ${length} and 3`), true, error.message);
  }
  const flat = { shape: [3], read: (_: Int32Array, target: Float32Array) => void target.fill(1) };
  refuse([{ x: flat, y: classes }, good], "in the shape [example, ...feature], got [3]");
  const steps = { ...good, weights: samples([[1, 1], [1, NaN], [1, 1]]) };
  refuse([steps, good], "weights of the training set: expected finite numbers from 0, got NaN at example 1");
  refuse([good, { x: samples([[1, 2], [NaN, 0]]), y: Int32Array.of(0, 1) }], "got NaN as feature 0 of example 1");
  refuse(
    [good, { x: samples(new Float32Array(0), [0, 2]), y: new Int32Array(0) }],
    "expected at least one input, in the shape [example, ...feature], got [0, 2]",
  );
});

Deno.test("targets in an array are refused, and the message says how classes and other targets are passed", () => {
  const wrong: unknown = [{ x: rows, y: [0, 1, 0] }, { x: rows, y: classes }];
  assertThrows(
    () => data(wrong as Parameters<typeof data>[0]),
    TypeError,
    "Cannot make data: expected y of set 0 to be classes from 0, such as Int32Array.of(0, 1), or samples with a shape, " +
      "such as samples([[0.5], [1.5]]), got [0, 1, 0]",
  );
});

Deno.test("an unknown preprocessing is refused with the nearest known one", () => {
  const set = { x: rows, y: classes };
  assertThrows(
    () => data([set, set], { preprocessing: "normalise" as "normalize" }),
    RangeError,
    "did you mean normalize?",
  );
});

Deno.test("a set is divided into parts that fit a device, and stays whole if it fits", async () => {
  const x = samples(Float32Array.from({ length: 14 }, (_, i) => i), [7, 2]);
  const set = { x, y: Int32Array.of(0, 1, 2, 3, 4, 5, 6) };
  const { training } = data([set, set], { preprocessing: "normalize" });
  const parts = training.parts(24);
  assertEquals(parts.map(({ x }) => x.shape), [[3, 2], [3, 2], [1, 2]]);
  assertEquals(await Promise.all(parts.map(({ y }) => y.toArray())), [[0, 1, 2], [3, 4, 5], [6]]);
  assertEquals(await parts[2].x.toArray(), [[1, 1]]);
  assertStrictEquals(training.parts(24), parts);
  assertStrictEquals(training.parts(1000)[0].x, training.x);
  assertEquals(training.parts(1).length, 7);
});

Deno.test("the first examples of a set are a set, which is the same if it has no more", async () => {
  const { training } = data([{ x: rows, y: classes }, { x: rows, y: classes }]);
  assertStrictEquals(firstExamples(training, 3), training);
  const two = firstExamples(training, 2);
  assert(two.y instanceof Tensor);
  assertEquals([two.length, await two.y.toArray()], [2, [2, 0]]);
});

Deno.test("weights that devices take for 0 are refused with the first of them, and 0 and the least others are taken", () => {
  for (const [place, weights] of [[0, [1e-42, 1, 2]], [1, [1, 1e-42, 2]], [1, [0, 1e-39, 0]]] as const) {
    const set = { x: rows, y: classes };
    const { message } = assertThrows(() => data([set, { ...set, weights }]), DataError);
    assertStringIncludes(
      message,
      "weights of the validation set: expected 0, or numbers from 1.2e-38 on (multiply all",
    );
    assertStringIncludes(message, ` at example ${place}`);
  }
  const set = { x: rows, y: classes, weights: [0, 2 ** -126, 0] };
  assertEquals(data([set, set]).training.weights?.shape, [3]);
});
