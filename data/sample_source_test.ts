import { assertEquals, assertThrows } from "@std/assert";
import { data } from "./data.ts";
import { digestOf } from "./digest.ts";
import { type GivenSet, readSourceSet, runsOf, type SampleSource } from "./sample_source.ts";
import { samples } from "./samples.ts";
import { kFolds, split } from "./split.ts";

Deno.test("misspelled parts of sets are refused with the nearest name, wherever sets are read", () => {
  const set = { x: samples([[1], [2], [3], [4]]), y: Int32Array.of(0, 1, 0, 1) };
  const odd = { ...set, weight: [1, 1, 1, 2] };
  const only = "to have only x, y, weights, preprocessing, got";
  const refused: readonly (readonly [() => unknown, string])[] = [
    [() => data([odd, set]), `Cannot make data: expected set 0 ${only} "weight"; did you mean weights?`],
    [() => data([set, { ...set, ...{ wheights: [1] } }]), `set 1 ${only} "wheights"; did you mean weights?`],
    [() => data([set, { ...set, ...{ labels: 1 } }]), `set 1 ${only} "labels"`],
    [() => split(odd, [0.5, 0.5]), `Cannot split: expected the set ${only} "weight"; did you mean weights?`],
    [() => kFolds(odd, 2), `Cannot make folds: expected the set ${only} "weight"; did you mean weights?`],
    [() => digestOf([odd]), `Cannot compute a digest: expected a set ${only} "weight"; did you mean weights?`],
  ];
  for (const [read, message] of refused) assertThrows(read, RangeError, message);
  data([{ ...set, ...{ weight: undefined } }, set]);
  class Named implements GivenSet {
    readonly name = "objects of classes may have more";
    readonly x = set.x;
    readonly y = set.y;
  }
  data([new Named(), set]);
});

Deno.test("a source that reads later is refused: its samples would be used before they are there", () => {
  const later: SampleSource = {
    shape: [3, 4],
    read: async (_numbers, target) => {
      await Promise.resolve();
      target.fill(1);
    },
  };
  const levels: SampleSource = {
    shape: [3, 4],
    read: (_numbers, target) => target.fill(1),
    readLevels: async (_numbers, target) => {
      await Promise.reject(new Error("the disk is gone"));
      target.fill(255);
    },
  };
  const y = Int32Array.of(0, 1, 0);
  const message = "Cannot read samples: expected read to fill its target before it returns, got a Promise";
  assertThrows(() => data([{ x: later, y }, { x: later, y }]), TypeError, message);
  const gray = data([{ x: levels, y }, { x: levels, y }]);
  assertThrows(() => gray.training.rows.x.tensor(0, 3), TypeError, "expected readLevels to fill its target");
});

Deno.test("a source that is larger than memory for a run is read in several runs, of one sample at least", () => {
  const runsOfWidth = (count: number, width: number) => {
    const read: SampleSource["read"] = (rows, target) =>
      rows.forEach((row, i) => target.fill(row, i * width, (i + 1) * width));
    return Array.from(runsOf({ shape: [count, width], read }), ({ values, shape }) => {
      assertEquals([shape[1], values.length], [width, shape[0] * width]);
      return Array.from({ length: shape[0] }, (_, i) => values[i * width]);
    });
  };
  assertEquals(runsOfWidth(5, 100_000), [[0, 1], [2, 3], [4]]);
  assertEquals(runsOfWidth(2, 300_000), [[0], [1]]);
});

Deno.test("weights of one number per example may be a column, in memory and read on demand", async () => {
  const set = { x: samples([[1], [2], [3]]), y: Int32Array.of(0, 1, 0) };
  const numbers = [0.5, 0, 2];
  const read: SampleSource["read"] = (rows, target) => rows.forEach((row, i) => target[i] = numbers[row]);
  for (const weights of [samples(numbers.map((one) => [one])), { shape: [3, 1], read }]) {
    const { training } = data([{ ...set, weights }, set]);
    assertEquals(await training.weights?.toArray(), numbers);
    assertEquals(await digestOf([{ ...set, weights }]), await digestOf([{ ...set, weights: numbers }]));
  }
});

Deno.test("samples and sources have an axis of examples", () => {
  const given = [{ values: Float32Array.of(1), shape: [] }, { shape: [], read: () => {} }];
  for (const x of given) {
    const message = "expected x of set 0 to be";
    assertThrows(() => data([{ x, y: Int32Array.of(0) }, { x, y: Int32Array.of(0) }]), TypeError, message);
  }
});

Deno.test("weights of truth values are refused with the cure", () => {
  const set = { x: samples([[1], [2], [3]]), y: Int32Array.of(0, 1, 0) };
  for (const weights of [[true, false, true], { values: [true, false, true], shape: [3] }]) {
    assertThrows(
      () => Reflect.apply(data, undefined, [[{ ...set, weights }, set]]),
      TypeError,
      "expected weights of set 0 to be a list of numbers, such as a mask of 0 and 1, or samples",
    );
  }
});

Deno.test("samples of one whole number each are classes, and those of several keep their shape", () => {
  const x = samples([[1], [2], [3]]);
  const whole = (...shape: number[]) => ({ values: Int32Array.from({ length: shape.reduce((a, b) => a * b) }), shape });
  assertEquals(readSourceSet("test", { x, y: whole(3) }, "a set").y, new Int32Array(3));
  for (const shape of [[3, 1], [3, 2]]) {
    assertEquals(readSourceSet("test", { x, y: whole(...shape) }, "a set").y, whole(...shape));
  }
  const fractions = samples([0.5, 1, 2]);
  assertEquals(readSourceSet("test", { x, y: fractions }, "a set").y, fractions);
});
