import { assertEquals, assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { arange, full, tensor } from "./creation.ts";
import type { DType } from "./dtype.ts";
import type { NestedArray } from "./nested_array.ts";

/** Numbers that a tensor of one number cannot have. */
const foreign: readonly (readonly [DType, ...number[]])[] = [
  ["i32", 2.5, 2 ** 31, -(2 ** 31) - 1, NaN, Infinity, -Infinity],
  ["u32", 0.5, -1, 2 ** 32, NaN, Infinity, -Infinity],
  ["bool", 0.5, 2, -1, NaN, Infinity, -Infinity],
];

const limits: readonly (readonly [DType, number, number])[] = [
  ["i32", -(2 ** 31), 2 ** 31 - 1],
  ["u32", 0, 2 ** 32 - 1],
  ["bool", 0, 1],
];

Deno.test("a number that the elements cannot be is refused where it would surround them or fill their shape", () => {
  for (const [dtype, ...numbers] of foreign) {
    const x = full([2], 1, { dtype });
    for (const value of numbers) {
      for (
        const make of [
          () => x.fullLike(value),
          () => x.scalar(value),
          () => x.pad([[1, 0]], value),
          () => x.pad([[0, 0]], value),
        ]
      ) assertThrows(make, RangeError, `for ${dtype} (choose f32, or cast to it, for other numbers), got ${value}`);
    }
  }
  assertThrows(
    () => tensor(Int32Array.of(1, 2)).pad([[1, 0]], -Infinity),
    RangeError,
    "Cannot pad: expected value to be a whole number from -2147483648 to 2147483647 for i32 (choose f32",
  );
});

testOnEveryDevice("the limits of an element type fill a tensor and surround one", async () => {
  for (const [dtype, ...ends] of limits) {
    for (const end of ends) {
      const values = await full([2], end, { dtype }).pad([[0, 1]], ends[0]).data();
      assertEquals([...values], [end, end, ends[0]], dtype);
    }
  }
  const padded = tensor([2]).pad([[1, 0]], -Infinity).pad([[0, 1]], NaN);
  assertEquals(await padded.data(), Float32Array.of(-Infinity, 2, NaN));
});

Deno.test("numbers that would become others in i32 or u32 make no tensor of it, and the first one is named", () => {
  for (const [dtype, , ...numbers] of foreign.slice(0, 2)) {
    for (const value of numbers) {
      const got = `for ${dtype} (choose f32, or cast to it, for other numbers), got ${value}`;
      for (
        const make of [
          () => tensor([[1, 1], [value, 1]], undefined, { dtype }),
          () => tensor(value, [], { dtype }),
          () => tensor(Float64Array.of(1, value), undefined, { dtype }),
          () => full([2], value, { dtype }),
        ]
      ) assertThrows(make, RangeError, got);
    }
  }
  assertThrows(
    () => tensor([[1, 2], [3, -1]], undefined, { dtype: "u32" }),
    RangeError,
    "Cannot make a tensor: expected the value at [1, 1] to be a number from 0 to 4294967295 for u32",
  );
  assertThrows(() => tensor(Uint32Array.of(2 ** 31), [1], { dtype: "i32" }), RangeError, "got 2147483648");
});

Deno.test("fractions are dropped where i32 or u32 is chosen, and any value but 0 is true", async () => {
  const made = (dtype: DType) => tensor([2.9, -0.5, 0], undefined, { dtype }).toArray();
  assertEquals(await made("i32"), [2, 0, 0]);
  assertEquals(await made("u32"), [2, 0, 0]);
  assertEquals(await made("bool"), [true, true, false]);
  assertEquals(await tensor([2 ** 31 - 0.5], [1], { dtype: "i32" }).toArray(), [2 ** 31 - 1]);
  assertEquals(await tensor([NaN, Infinity], [2], { dtype: "bool" }).toArray(), [true, true]);
  assertEquals(await full([1], -1.5, { dtype: "i32" }).toArray(), [-1]);
  assertEquals(await full([1], -Infinity, { dtype: "bool" }).toArray(), [true]);
});

testOnEveryDevice("whole numbers are counted exactly up to the limits of their type", async () => {
  const counts: readonly (readonly [DType, start: number, stop: number, step: number])[] = [
    ["i32", 0, 5, 1],
    ["i32", 5, -5, -2],
    ["i32", 2 ** 31 - 3, 2 ** 31, 1],
    ["i32", -(2 ** 31), 2 ** 31, 2 ** 32 - 1],
    ["i32", 2 ** 31 - 1, -(2 ** 31) - 1, -(2 ** 30)],
    ["u32", 2 ** 32 - 3, 2 ** 32, 1],
    ["u32", 2 ** 32 - 1, -1, -(2 ** 31)],
    ["u32", 7, 2 ** 32, 2 ** 30 + 1],
    ["u32", 5, -1, -2],
  ];
  for (const [dtype, start, stop, step] of counts) {
    const length = Math.ceil((stop - start) / step);
    const expected = Array.from({ length }, (_, i) => start + i * step);
    assertEquals([...await arange(start, stop, step, { dtype }).data()], expected, `${dtype} from ${start}`);
  }
  assertEquals(await arange(-3, -3, 1, { dtype: "u32" }).toArray(), []);
  assertEquals(await arange(0, 4, 1, { dtype: "bool" }).toArray(), [false, true, true, true]);
  assertEquals(await arange(0, 2, 0.5, { dtype: "i32" }).toArray(), [0, 0, 1, 1]);
});

Deno.test("counts that leave their type are refused", () => {
  assertThrows(
    () => arange(-3, 3, 1, { dtype: "u32" }),
    RangeError,
    "Cannot count in u32: expected first to be a number from 0 to 4294967295 for u32",
  );
  assertThrows(() => arange(2, -2, -1, { dtype: "u32" }), RangeError, "expected last to be");
  assertThrows(() => arange(2 ** 31 - 2, 2 ** 31 + 1, 1, { dtype: "i32" }), RangeError, "got 2147483648");
});

testOnEveryDevice("Bytes above 1 are numbers only if a type says so", async () => {
  const error = assertThrows(() => tensor(Uint8Array.of(0, 1, 200, 3), [2, 2]), RangeError);
  assertEquals(
    error.message,
    "Cannot make a tensor: expected flags of 0 or 1 in a Uint8Array, which makes a bool tensor, got 200 at [1, 0]; " +
      'for numbers, give the type of the elements, such as { dtype: "f32" }',
  );
  assertThrows(() => tensor(Uint8Array.of(2, 0)), RangeError, "got 2 at [0]");
  for (const dtype of ["f32", "i32", "u32"] as const) {
    assertEquals(await tensor(Uint8Array.of(200, 0, 3), [3], { dtype }).add(1).toArray(), [201, 1, 4]);
  }
  assertEquals(await tensor(Uint8Array.of(200, 0), [2], { dtype: "bool" }).toArray(), [true, false]);
  assertEquals(await tensor(Uint8Array.of(1, 0)).toArray(), [true, false]);
});

Deno.test("a place in nested arrays is shown whole up to 40 characters", () => {
  const within = (path: readonly number[]): NestedArray =>
    path.reduceRight<NestedArray>((inner, index) => [...new Array<number>(index).fill(1), inner], "x" as never);
  const short = [10, ...new Array<number>(12).fill(0)];
  const place = short.map((index) => `[${index}]`).join("");
  assertEquals(place.length, 40);
  const messageFor = (path: readonly number[]) => assertThrows(() => tensor(within(path)), TypeError).message;
  assertEquals(messageFor(short).split(" at ")[1], place);
  assertEquals(messageFor([...short, 0]).split(" at ")[1], `${place}…`);
});
