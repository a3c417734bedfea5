import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { DataError } from "./errors.ts";
import { ImageSet } from "./mnist/image_set.ts";
import type { SampleSource } from "./sample_source.ts";
import { type Samples, samples, type SampleSet } from "./samples.ts";
import { tableOf } from "./table/table_of.ts";
import { kFolds, split, type SplitOptions } from "./split.ts";

/** Examples whose only input is their number. */
const numbered = (count: number, classOf: (i: number) => number = () => 0): SampleSet => ({
  x: samples(Array.from({ length: count }, (_, i) => [i])),
  y: Int32Array.from({ length: count }, (_, i) => classOf(i)),
});

const numbersOf = ({ x }: SampleSet): number[] => [...x.values];

/** All parts together, in order. */
const together = (sets: readonly SampleSet[]): number[] => sets.flatMap(numbersOf).sort((a, b) => a - b);

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

Deno.test("every example is in exactly one part, with its own target", () => {
  const options: SplitOptions[] = [{}, { shuffle: false }, { stratify: true }, { groups: upTo(97).map((i) => i % 40) }];
  for (const one of options) {
    const parts = split(numbered(97, (i) => i % 7), [0.5, 0.3, 0.2], one);
    assertEquals(together(parts), upTo(97));
    for (const { x, y } of parts) assertEquals([...y as Int32Array], [...x.values].map((i) => i % 7));
  }
});

Deno.test("parts are as large as their shares, rounded, or as their numbers of examples", () => {
  const sizes = (count: number, shares: number[]) => split(numbered(count), shares).map(({ x }) => x.shape[0]);
  assertEquals(sizes(10, [0.6, 0.2, 0.2]), [6, 2, 2]);
  assertEquals(sizes(11, [1 / 3, 1 / 3, 1 / 3]), [4, 3, 4]);
  assertEquals(sizes(10, [7, 1, 2]), [7, 1, 2]);
  assertEquals(sizes(3, [0.34, 0.33, 0.33]), [1, 1, 1]);
});

Deno.test("without shuffling the order is kept; with it, the seed decides", () => {
  const [first, second] = split(numbered(10), [0.7, 0.3], { shuffle: false });
  assertEquals([numbersOf(first), numbersOf(second)], [[0, 1, 2, 3, 4, 5, 6], [7, 8, 9]]);
  const shuffled = (seed?: number) => numbersOf(split(numbered(50), [0.5, 0.5], seed === undefined ? {} : { seed })[0]);
  assertEquals(shuffled(), shuffled(1));
  assertNotEquals(shuffled(2), shuffled(1));
  assertNotEquals(shuffled(1), upTo(25));
});

Deno.test("shuffling is fair: each example comes to each part equally often", () => {
  const found = new Int32Array(5);
  for (let seed = 0; seed < 2000; seed++) {
    for (const i of numbersOf(split(numbered(5), [0.4, 0.6], { seed })[0])) found[i]++;
  }
  // 800 expected, with a standard deviation of 22.
  for (const times of found) assert(Math.abs(times - 800) < 100, `${found}`);
});

Deno.test("stratified parts have the same share of each class, rare classes included", () => {
  const set = numbered(200, (i) => i < 150 ? 0 : i < 195 ? 1 : 2); // 150, 45 and 5 of the classes
  const parts = split(set, [0.6, 0.2, 0.2], { stratify: true });
  const counts = parts.map(({ y }) => [0, 1, 2].map((one) => [...y as Int32Array].filter((own) => own === one).length));
  assertEquals(counts, [[90, 27, 3], [30, 9, 1], [30, 9, 1]]);
  for (const { validation } of kFolds(set, 5, { stratify: true })) {
    const own = [0, 1, 2].map((one) => [...validation.y as Int32Array].filter((other) => other === one).length);
    assertEquals(own, [30, 9, 1]);
  }
});

Deno.test("groups stay together", () => {
  const groups = upTo(60).map((i) => `patient ${i % 13}`);
  for (
    const parts of [
      split(numbered(60), [0.5, 0.25, 0.25], { groups }),
      kFolds(numbered(60), 4, { groups }).map(({ validation }) => validation),
    ]
  ) {
    const owners = parts.map((part) => new Set(numbersOf(part).map((i) => groups[i])));
    const all = owners.flatMap((own) => [...own]);
    assertEquals(all.length, 13);
    assertEquals(new Set(all).size, 13);
    assertEquals(together(parts), upTo(60));
    for (const { x } of parts) assert(x.shape[0] >= 10, `${x.shape}`);
  }
});

Deno.test("each example is validated in one fold, and learned from in all others", () => {
  const folds = kFolds(numbered(23), 4);
  assertEquals(together(folds.map(({ validation }) => validation)), upTo(23));
  for (const { training, validation } of folds) assertEquals(together([training, validation]), upTo(23));
  const sizes = folds.map(({ validation }) => validation.x.shape[0]);
  assertEquals(Math.max(...sizes) - Math.min(...sizes), 1);
});

Deno.test("images stay bytes, sources are read through, and targets keep their shape", () => {
  const images = new ImageSet(Uint8Array.from(upTo(12)), Int32Array.from(upTo(3)), 4);
  const [, last] = split(images, [1, 2], { shuffle: false });
  assert("levels" in last.x);
  assertEquals([last.x.shape, last.x.levels, last.y], [
    [2, 4],
    Uint8Array.from(upTo(12).slice(4)),
    Int32Array.of(1, 2),
  ]);

  const source: SampleSource = {
    shape: [6, 2],
    read: (numbers, target) => numbers.forEach((number, i) => target.set([number, -number], 2 * i)),
    readLevels: (numbers, target) => numbers.forEach((number, i) => target.set([number, number], 2 * i)),
  };
  const [part] = split({ x: source, y: samples([[0], [1], [2], [3], [4], [5]]) }, [0.5, 0.5], { shuffle: false });
  assert("read" in part.x && !(part.y instanceof Int32Array) && "values" in part.y);
  const read = new Float32Array(4);
  part.x.read(Int32Array.of(2, 0), read);
  assertEquals([[...read], [...part.y.values], part.y.shape], [[2, -2, 0, -0], [0, 1, 2], [3, 1]]);
  const levels = new Uint8Array(2);
  part.x.readLevels!(Int32Array.of(1), levels);
  assertEquals(levels, Uint8Array.of(1, 1));
});

Deno.test("splits that make no sense are refused", () => {
  const set = numbered(4);
  assertThrows(
    () => split(set, [0.5, 0.4]),
    RangeError,
    "expected shares whose sum is 1, or numbers of examples whose sum is 4, got 0.9",
  );
  assertThrows(() => split(set, [1.5, 2.5]), RangeError, "or numbers of examples whose sum is 4, got 4");
  assertThrows(() => split(set, [0.9, 0.1]), RangeError, "into parts of 0.9, 0.1: part 1 would be empty");
  assertThrows(() => split(set, [2, -1]), RangeError, "at least 0, got -1");
  const grouped = () => kFolds(set, 3, { groups: ["a", "a", "b", "b"] });
  assertThrows(grouped, RangeError, "Cannot make folds: 4 examples of 2 groups cannot be divided into parts of 0.333");
  assertThrows(() => kFolds(set, 5), RangeError, "Cannot make 5 folds of 4 examples: some would be empty");
  assertThrows(() => kFolds(set, 1), RangeError, "at least 2, got 1");
  assertThrows(() => split(set, [0.5, 0.5], { groups: [1, 2] }), DataError, "one for each of 4 examples, got 2");
  assertThrows(() => split(set, [0.5, 0.5], { groups: [1, 1, 1, 1] }), RangeError, "4 examples of 1 groups");
  const numbers = { x: set.x, y: samples([[1], [2], [3], [4]]) };
  assertThrows(() => split(numbers, [0.5, 0.5], { stratify: true }), DataError, "expected classes as y");
  assertThrows(() => split({ ...set, y: new Int32Array(3) }, [0.5, 0.5]), DataError, "got 3 and 4");
  assertThrows(() => split(set, [0.5, 0.5], { shufle: true } as SplitOptions), RangeError, "did you mean shuffle?");
});

Deno.test("there may be as many folds as examples, and the first part may be the empty one", () => {
  assertEquals(kFolds(numbered(4), 4).map(({ validation }) => validation.x.shape[0]), [1, 1, 1, 1]);
  assertThrows(() => kFolds(numbered(4), 5), RangeError, "some would be empty");
  assertThrows(() => split(numbered(4), [0.05, 0.95]), RangeError, "part 0 would be empty");
});

Deno.test("whole groups are divided so that parts have their share of each class", () => {
  // 60 patients with 1 to 4 pictures; of every third patient, all pictures show class 1.
  const patients = Array.from({ length: 60 }, (_, patient) => Array<number>(1 + patient % 4).fill(patient)).flat();
  const y = Int32Array.from(patients, (patient) => patient % 3 === 0 ? 1 : 0);
  const set = { x: samples(patients.map((patient) => [patient])), y };
  const share = (part: ArrayLike<number>) => Array.from(part).filter((one) => one === 1).length / part.length;
  for (const seed of [1, 2, 3, 4]) {
    const parts = split(set, [0.7, 0.15, 0.15], { stratify: true, groups: patients, seed });
    const seen = parts.map(({ x }) => new Set(x.values));
    assertEquals(seen.reduce((sum, { size }) => sum + size, 0), 60, "no patient is in two parts");
    parts.forEach((part, i) => {
      assert(Math.abs(part.x.shape[0] - [0.7, 0.15, 0.15][i] * patients.length) <= 2);
      assert(Math.abs(share(part.y as Int32Array) - share(y)) < 0.06, `part ${i}: ${share(part.y as Int32Array)}`);
    });
    for (const { validation } of kFolds(set, 5, { stratify: true, groups: patients, seed })) {
      assert(Math.abs(share(validation.y as Int32Array) - share(y)) < 0.06);
    }
  }
  const table = tableOf(patients.map((patient, i) => ({ patient, kind: y[i] })));
  const [first] = split(table, [0.5, 0.5], { stratify: "kind", groups: "patient" });
  assert(Math.abs(share(first.column("kind").numbers) - share(y)) < 0.03);
});

Deno.test("whole groups are divided by classes of which some are in no example", () => {
  const y = Int32Array.of(0, 2, 0, 2);
  const parts = split({ x: samples([[0], [1], [2], [3]]), y }, [0.5, 0.5], { stratify: true, groups: [1, 1, 2, 2] });
  assertEquals(parts.map(({ y }) => [...y as Int32Array].sort()), [[0, 2], [0, 2]]);
});

Deno.test("parts of several inputs and targets keep the types of what was given", () => {
  const [first] = split({ x: { u: samples([[1], [2]]) }, y: { k: Int32Array.of(0, 1) } }, [0.5, 0.5], {
    shuffle: false,
  });
  const u: Samples = first.x.u;
  const k: Int32Array = first.y.k;
  assertEquals([[...u.values], [...k]], [[1], [0]]);
  const [fold] = kFolds({ x: { u: samples([[1], [2]]) }, y: { k: Int32Array.of(0, 1) } }, 2, { shuffle: false });
  const { values }: Samples = fold.training.x.u;
  assertEquals([[...values], fold.training.y.k[0]], [[2], 1]);
});
