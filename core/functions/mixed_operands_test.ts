import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertNear, numbers, reference } from "../../tests/oracle.ts";
import { ones, tensor } from "../creation.ts";
import type { DType } from "../dtype.ts";
import type { BinaryOp } from "../scalar/operations.ts";
import type { Tensor } from "../tensor.ts";
import { binary, choose, power, reversed, truncate } from "./mixed_operands.ts";

const dtypes: readonly DType[] = ["f32", "i32", "u32", "bool"];
const of = (dtype: DType): Tensor => ones([2], { dtype });

Deno.test("two tensors are promoted to the first of f32, i32, u32 and bool", () => {
  for (const [i, a] of dtypes.entries()) {
    for (const [j, b] of dtypes.entries()) {
      if (a !== "bool" || b !== "bool") {
        assertEquals(binary("add", of(a), of(b)).dtype, dtypes[Math.min(i, j)], `${a} and ${b}`);
      }
      assertEquals(binary("div", of(a), of(b)).dtype, "f32");
      assertEquals(binary("pow", of(a), of(b)).dtype, "f32");
      assertEquals(binary("lt", of(a), of(b)).dtype, "bool");
    }
  }
});

Deno.test("bools have no sum", () => {
  assertThrows(() => binary("add", of("bool"), of("bool")), TypeError, "Cannot add bool[2] and bool[2]");
});

Deno.test("a number takes the tensor's element type if that can hold it, otherwise f32", () => {
  const cases: readonly [DType, number, DType][] = [
    ["f32", 1, "f32"],
    ["i32", -3, "i32"],
    ["i32", 0.5, "f32"],
    ["i32", 2 ** 31, "f32"],
    ["u32", 2 ** 31, "u32"],
    ["u32", -1, "f32"],
    ["bool", 1, "i32"],
    ["bool", 0.5, "f32"],
    ["i32", NaN, "f32"],
    ["i32", Infinity, "f32"],
  ];
  for (const [dtype, value, expected] of cases) {
    assertEquals(binary("add", of(dtype), value).dtype, expected, `${dtype} and ${value}`);
  }
});

Deno.test("operands are broadcast to one shape, or refused with the operation's name", async () => {
  const [column, row] = [tensor([[1], [2]]), tensor([10, 20, 30])];
  assertEquals(await binary("add", column, row).toArray(), [[11, 21, 31], [12, 22, 32]]);
  assertThrows(
    () => binary("sub", ones([2, 3]), ones([2])),
    TypeError,
    "Cannot sub [2, 3] and [2]: extents must be equal or 1, got 3 and 2 at axis 1",
  );
});

testOnEveryDevice("comparisons with NaN are false in either direction, and only inequality is true", async () => {
  const [x, y] = [tensor([NaN, 1, NaN]), tensor([1, NaN, NaN])];
  const none = [false, false, false];
  for (const op of ["lt", "le", "eq"] as const) assertEquals(await binary(op, x, y).toArray(), none, op);
  for (const op of ["lt", "le"] as const) assertEquals(await reversed(op, x, y).toArray(), none, `reversed ${op}`);
  assertEquals(await binary("ne", x, y).toArray(), [true, true, true]);
});

Deno.test("a reversed operation exchanges its operands", async () => {
  const x = tensor([1, 2]);
  assertEquals(await reversed("sub", x, 10).toArray(), [9, 8]);
  assertEquals(await reversed("div", tensor([2, 4]), tensor([8, 8])).toArray(), [4, 2]);
});

Deno.test("operations equal those on numbers", async () => {
  const [a, b] = [numbers([40], { low: 0.25, high: 4 }), numbers([40], { seed: 2, low: 0.25, high: 4 })];
  const meanings: Partial<Record<BinaryOp, (a: number, b: number) => number>> = {
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    mod: (a, b) => a % b,
    max: Math.max,
    min: Math.min,
    pow: Math.pow,
    lt: (a, b) => Number(a < b),
    le: (a, b) => Number(a <= b),
  };
  for (const [op, meaning] of Object.entries(meanings)) {
    const [{ values }] = await reference((a, b) => binary(op as BinaryOp, a, b), [a, b]);
    assertNear(values, a.values.map((x, i) => meaning(x, b.values[i])), op, { tolerance: 1e-12 });
  }
});

Deno.test("powers with small whole exponents are multiplications, and a power of 1 is the tensor itself", async () => {
  const x = numbers([30]);
  for (const exponent of [0, 1, 2, 3, -1]) {
    const [{ values }] = await reference((x) => power(x, exponent), [x]);
    assertNear(values, x.values.map((value) => value ** exponent), `power ${exponent}`, { tolerance: 1e-12 });
  }
  const base = tensor([2]);
  assertStrictEquals(power(base, 1), base);
});

testComputation(
  "powers with fractional exponents",
  (x) => [power(x, 0.5), power(x, 2.5), power(x, -0.5), power(x, x)],
  [
    numbers([7], { low: 0.25, high: 3 }),
  ],
);

testOnEveryDevice("negative bases have powers with small whole exponents", async () => {
  const x = tensor([-2, -1, 0]);
  assertEquals(await power(x, 2).toArray(), [4, 1, 0]);
  assertEquals(await power(x, 3).toArray(), [-8, -1, 0]);
  assertEquals(await power(x, 0).toArray(), [1, 1, 1]);
});

testOnEveryDevice("fractions are truncated toward zero, and tensors of integers stay the same", async () => {
  assertEquals(await truncate(tensor([2.75, -2.75, 0.5, -0.5, 0])).data(), Float32Array.of(2, -2, 0, -0, 0));
  const whole = tensor(Int32Array.of(3, -3));
  assertStrictEquals(truncate(whole), whole);
});

Deno.test("a choice broadcasts to one shape, and has the element type of its operands", async () => {
  const condition = tensor([[true], [false]]);
  assertEquals(await choose(condition, tensor([1, 2]), tensor([[10, 20], [30, 40]])).toArray(), [[1, 2], [30, 40]]);
  const types: readonly [Tensor | number, Tensor | number, DType][] = [
    [1, 2, "f32"],
    [of("i32"), 2, "i32"],
    [0.5, of("i32"), "f32"],
    [of("i32"), of("u32"), "i32"],
    [of("bool"), of("bool"), "bool"],
    [of("bool"), 3, "i32"],
  ];
  for (const [a, b, expected] of types) assertEquals(choose(tensor(true), a, b).dtype, expected);
  assertThrows(() => choose(condition, ones([3]), ones([2])), TypeError, "Cannot choose between [2, 3] and [2]");
});

Deno.test("any value but 0 is a true condition", async () => {
  assertEquals(await choose(tensor([0, 2, -1]), 1, 0).toArray(), [0, 1, 1]);
});
