import { assert, assertEquals } from "@std/assert";
import { bitcast, erf, power, saturated } from "./double_precision.ts";

/** erf to 16 digits, by mpmath 1.3 with 40 digits. */
const known: readonly (readonly [number, number])[] = [
  [1e-10, 1.128379167095513e-10],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753107],
  [2, 0.9953222650189527],
  [2.5, 0.9995930479825550],
];

/** 1 − erf, where erf itself has too few digits to tell. */
const complements: readonly (readonly [number, number])[] = [
  [3, 2.209049699858544e-5],
  [3.5, 7.430983723414128e-7],
  [4, 1.541725790028002e-8],
  [5, 1.537459794428035e-12],
  [5.5, 7.357847917974398e-15],
];

Deno.test("erf has 14 digits, is odd, and ends at 1", () => {
  for (const [x, value] of known) {
    assert(Math.abs(erf(x) / value - 1) < 1e-14, `erf(${x}): expected ${value}, got ${erf(x)}`);
    assertEquals(erf(-x), -erf(x));
  }
  for (const [x, value] of complements) {
    assert(Math.abs(1 - erf(x) - value) < 4e-16, `1 - erf(${x}): expected ${value}, got ${1 - erf(x)}`);
  }
  assertEquals([erf(6.5), erf(-7), erf(Infinity), erf(0), erf(-0), erf(NaN)], [1, -1, 1, 0, -0, NaN]);
});

Deno.test("powers of 1, and infinite powers of -1, are 1", () => {
  assertEquals([power(1, NaN), power(1, Infinity), power(-1, Infinity), power(-1, -Infinity)], [1, 1, 1, 1]);
  assertEquals([power(-1, 3), power(2, Infinity), power(0.5, Infinity), power(2, 10)], [-1, Infinity, 0, 1024]);
});

Deno.test("bits stay the same under another type", () => {
  assertEquals(bitcast(1, "f32", "i32"), 0x3f800000);
  assertEquals(bitcast(-0, "f32", "u32"), 2 ** 31);
  assertEquals(bitcast(-1, "i32", "u32"), 2 ** 32 - 1);
  assertEquals(bitcast(2 ** 32 - 1, "u32", "i32"), -1);
  assertEquals(bitcast(0x3f800000, "u32", "f32"), 1);
});

Deno.test("numbers beyond the limits of an element type become the limits", () => {
  assertEquals([-3e9, 3e9, 7].map((value) => saturated("i32", value)), [-(2 ** 31), 2 ** 31 - 1, 7]);
  assertEquals([-1, 5e9, 7].map((value) => saturated("u32", value)), [0, 2 ** 32 - 1, 7]);
  assertEquals(saturated("f32", Infinity), Infinity);
});
