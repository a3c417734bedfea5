import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { data } from "./data.ts";
import { digestOf } from "./digest.ts";
import { samples } from "./samples.ts";
import { kFolds, split } from "./split.ts";

const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];

Deno.test("samples keep whole numbers of every kind of array whole", () => {
  for (const Kind of integers) {
    assertEquals(samples(Kind.of(0, 1, 2, 127), [2, 2]), { values: Int32Array.of(0, 1, 2, 127), shape: [2, 2] });
    assertEquals(samples(Kind.of(5)).shape, [1, 1]);
    assertEquals(samples(new Kind(0)).shape, [0, 1]);
  }
  assertEquals(samples(Int8Array.of(-128, 127)).values, Int32Array.of(-128, 127));
  assertEquals(samples(Uint32Array.of(2 ** 31 - 1)).values, Int32Array.of(2 ** 31 - 1));
});

Deno.test("samples become singles if their arrays are floats", () => {
  for (const Kind of [Float16Array, Float32Array, Float64Array]) {
    assertEquals(samples(Kind.of(0.5, -2, NaN, -Infinity), [4]).values, Float32Array.of(0.5, -2, NaN, -Infinity));
  }
  assertEquals(samples(Float64Array.of(0.1)).values, Float32Array.of(0.1));
  assertEquals(samples(Float64Array.of(3.4028235e38)).values, Float32Array.of(3.4028234663852886e38));
});

Deno.test("samples keep a Float32Array and an Int32Array, and copy none of them", () => {
  const [floats, whole] = [Float32Array.of(1), Int32Array.of(1)];
  assertStrictEquals(samples(floats).values, floats);
  assertStrictEquals(samples(whole).values, whole);
});

Deno.test("samples refuse numbers that singles or i32 cannot hold, with the place", () => {
  assertThrows(
    () => samples(Float64Array.of(1, 1e39)),
    RangeError,
    "Cannot make samples: expected numbers up to 3.4e38, the largest single, got 1e+39 at 1; scale the numbers down",
  );
  assertThrows(() => samples([[1, 2], [3, -1e300]]), RangeError, "got -1e+300 as row 1[1]");
  assertThrows(() => samples(Uint32Array.of(0, 2 ** 31)), RangeError, "at most 2147483647, got 2147483648 at 1");
  assertThrows(() => samples(Uint32Array.of(2 ** 31)), RangeError, "got 2147483648 at 0");
});

Deno.test("samples refuse BigInts with the cure, and what is no array of numbers", () => {
  for (const Kind of [BigInt64Array, BigUint64Array]) {
    const given: unknown = Kind.of(1n);
    assertThrows(
      () => samples(given as number[][]),
      TypeError,
      `got a ${Kind.name}; convert it, such as with Int32Array.from(values, Number)`,
    );
  }
  assertThrows(() => samples([[1n]] as unknown as number[][]), TypeError, "expected row 0[0] to be a number, got 1n");
  for (const wrong of [new DataView(new ArrayBuffer(4)), new ArrayBuffer(4), new Set([1]), "12", 3]) {
    assertThrows(() => samples(wrong as unknown as number[][]), TypeError, "expected a list of rows of numbers, or an");
  }
});

Deno.test("samples read the shape from lists of any depth", () => {
  assertEquals(samples([1, 2, 3]), { values: Float32Array.of(1, 2, 3), shape: [3, 1] });
  assertEquals(samples([1, 2, 3], [3]).shape, [3]);
  assertEquals(samples([[[1], [2]], [[3], [4]]]), { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2, 1] });
  assertEquals(samples([[[[5]]]]).shape, [1, 1, 1, 1]);
  assertEquals(samples([[], []]), { values: new Float32Array(0), shape: [2, 0] });
  assertEquals(samples([]), { values: new Float32Array(0), shape: [0, 0] });
  assertEquals(samples([[1, 2], [3, 4]], [4, 1]).shape, [4, 1]);
});

Deno.test("samples take true as 1, and lists of arrays", () => {
  assertEquals(samples([[true, false], [false, true]]).values, Float32Array.of(1, 0, 0, 1));
  assertEquals(samples([Uint8Array.of(1, 2), Int16Array.of(-3, 4)]).values, Int32Array.of(1, 2, -3, 4));
  assertEquals(samples([Uint8Array.of(1, 2), [3, 4]]).values, Float32Array.of(1, 2, 3, 4));
  assertEquals(samples([Float64Array.of(0.5, 2)]), { values: Float32Array.of(0.5, 2), shape: [1, 2] });
  assertEquals(samples([[Uint8Array.of(7)], [Uint8Array.of(8)]]), { values: Int32Array.of(7, 8), shape: [2, 1, 1] });
});

Deno.test("samples refuse ragged lists of any depth, with the place", () => {
  const of = (given: unknown) => () => samples(given as number[][]);
  assertThrows(of([[[1, 2]], [[3, 4], [5, 6]]]), TypeError, "row 0 has 1 entries, row 1 has 2");
  assertThrows(of([[[1, 2]], [[3]]]), TypeError, "row 0[0] has 2 numbers, row 1[0] has 1");
  assertThrows(of([[1, 2], 3]), TypeError, "expected row 1 to be a list of numbers, got 3");
  assertThrows(of([[1, 2], [3, [4]]]), TypeError, "expected row 1[1] to be a number, got [4]");
  assertThrows(of([[1, 2], ["3", 4]]), TypeError, 'expected row 1[0] to be a number, got "3"');
  assertThrows(of([[1, 2], [3, undefined]]), TypeError, "expected row 1[1] to be a number");
  const circle: unknown[] = [];
  circle.push(circle);
  assertThrows(of(circle), TypeError, "expected lists of at most 32 levels");
});

Deno.test("targets may be any array: classes as whole numbers, all others as targets", async () => {
  const x = samples([[1], [2], [3]]);
  const wanted = data([{ x, y: Int32Array.of(0, 2, 1) }, { x, y: Int32Array.of(0, 2, 1) }]);
  for (const Kind of integers) {
    const set = { x, y: Kind.of(0, 2, 1) };
    const made = data([set, set]);
    assertEquals([made.classes, made.training.y.dtype], [3, "i32"]);
    assertEquals(await digestOf([set, set]), await digestOf(wanted));
  }
  const set = { x, y: Float64Array.of(0.5, -1, 2) };
  const { classes, training } = data([set, set]);
  assertEquals([classes, training.y.dtype, await training.y.toArray()], [undefined, "f32", [0.5, -1, 2]]);
  const refused = { x, y: BigInt64Array.of(0n, 1n, 2n) as unknown as Int32Array };
  assertThrows(() => data([refused, refused]), TypeError, "got a BigInt64Array; convert it");
  const negative = { x, y: Int8Array.of(0, -1, 0) };
  assertThrows(() => data([negative, negative]), Error, "expected classes from 0, got -1 at 1");
});

Deno.test("tokens stay whole in sets, splits, folds and scaled data", async () => {
  const set = { x: samples(Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8), [4, 2]), y: Uint8Array.of(0, 1, 0, 1) };
  const [first, second] = split(set, [0.5, 0.5], { shuffle: false });
  assertEquals([first.x.values, second.x.values], [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6, 7, 8)]);
  assertEquals(second.y, Int32Array.of(0, 1));
  assertEquals(kFolds(set, 2, { stratify: true })[0].training.x.values.length, 4);
  const { training } = data([set, set]);
  assertEquals([training.x.dtype, await training.x.toArray()], ["i32", [[1, 2], [3, 4], [5, 6], [7, 8]]]);
  const scaled = data([set, set], { preprocessing: "normalize" });
  assertEquals([scaled.training.x.dtype, await scaled.training.x.slice([3]).toArray()], ["f32", [[1, 1]]]);
});

Deno.test("gray levels stay bytes, packed into words if their last axis fills them", async () => {
  const bytes = Uint8Array.from({ length: 24 }, (_, i) => 10 * i);
  const pictures = samples(bytes, [3, 2, 4], { greyLevels: true });
  assertEquals(pictures.values, Float32Array.from(bytes, (one) => one / 255));
  const { training } = data([{ x: pictures, y: new Uint8Array(3) }, { x: pictures, y: new Uint8Array(3) }]);
  assertEquals([training.rows.x.dtype, training.rows.x.shape, training.exampleBytes], ["u32", [3, 2, 1], 12]);
  assertEquals(await training.x.data(), pictures.values);
  const [{ x }] = split({ x: pictures, y: new Uint8Array(3) }, [1], { shuffle: false });
  assertEquals(x, pictures);
  const odd = samples(bytes, [4, 6], { greyLevels: true });
  const floats = data([{ x: odd, y: new Uint8Array(4) }, { x: odd, y: new Uint8Array(4) }]).training.rows.x;
  assertEquals([floats.dtype, floats.shape], ["f32", [4, 6]]);
  const wrong = () => samples([[1]], [1, 1], { greyLevels: true });
  assertThrows(wrong, TypeError, "Cannot make samples of gray levels: expected bytes, as a Uint8Array, got [[1]]");
  assertThrows(() => samples(bytes, [5, 5], { greyLevels: true }), TypeError, "expected 25 numbers, got 24");
});
