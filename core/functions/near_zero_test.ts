import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { numbers, reference } from "../../tests/oracle.ts";
import { tensor } from "../creation.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { expm1, log1p } from "./near_zero.ts";

/** Numbers of all magnitudes between two powers of ten, with the given signs. */
const sizes = (from: number, to: number, signs: readonly number[]): number[] =>
  signs.flatMap((sign) =>
    Array.from({ length: 60 }, (_, i) => Math.fround(sign * 10 ** (from + (to - from) * i / 59)))
  );

async function assertRelative(fn: (x: Tensor) => Tensor, meaning: (x: number) => number, at: number[]): Promise<void> {
  const values = await fn(tensor(at)).data();
  values.forEach((value, i) => {
    const expected = meaning(at[i]);
    assert(Math.abs(value / expected - 1) < 2e-6, `at ${at[i]}: expected ${expected}, got ${value}`);
  });
}

testOnEveryDevice("exp(x) − 1 keeps its digits, however close x is to 0, on both sides", async () => {
  await assertRelative(expm1, Math.expm1, sizes(-20, 1, [-1, 1]));
});

testOnEveryDevice("log(1 + x) keeps its digits, however close x is to 0, and for large x", async () => {
  await assertRelative(log1p, Math.log1p, sizes(-20, 30, [1]));
  await assertRelative(log1p, Math.log1p, [...sizes(-20, -0.01, [-1]), -0.5, 1, 2, 2.5]);
});

testOnEveryDevice("both have their limits at and beyond the ends of their ranges, with their slopes", async () => {
  const x = tensor([-Infinity, -1, 89, 200, Infinity, NaN]);
  assertEquals(await log1p(x).toArray(), [
    NaN,
    -Infinity,
    Math.fround(Math.log(90)),
    Math.fround(Math.log(201)),
    Infinity,
    NaN,
  ]);
  assertEquals(
    (await expm1(x).data()).map((value) => Math.fround(value)).slice(2),
    Float32Array.of(Infinity, Infinity, Infinity, NaN),
  );
  const slopes = async (fn: (x: Tensor) => Tensor, at: number[]): Promise<unknown> =>
    await grad((x: Tensor) => fn(x).sum())(tensor(at)).toArray();
  assertEquals(await slopes(expm1, [-Infinity, -200, 89, 200, Infinity]), [0, 0, Infinity, Infinity, Infinity]);
  assertEquals(await slopes(log1p, [-1, 1, 3, 1e30, Infinity]), [Infinity, 0.5, 0.25, Math.fround(1e-30), 0]);
});

Deno.test("in double precision log(1 + x) has a relative error below 10⁻⁸", async () => {
  const x = numbers([500], { low: 0, high: 1 });
  const [{ values }] = await reference((x) => log1p(x), [x]);
  values.forEach((value, i) => assert(Math.abs(value / Math.log1p(x.values[i]) - 1) < 1e-8, `at ${x.values[i]}`));
});

testOnEveryDevice("both are 0 at 0, with a slope of 1", async () => {
  for (const fn of [expm1, log1p]) {
    assertEquals(await fn(tensor([0])).toArray(), [0]);
    assertEquals(await grad((x: Tensor) => fn(x).sum())(tensor([0])).toArray(), [1]);
  }
});

testComputation("exp(x) − 1", (x) => expm1(x), [numbers([9])]);
testComputation("log(1 + x)", (x) => log1p(x), [numbers([9], { low: -0.9, high: 3 })]);
testComputation("exp(x) − 1 on both sides of 1", (x) => expm1(x), [numbers([9], { low: -3, high: 3 })]);

testOnEveryDevice("log(1 + x) of the greatest whole numbers does not wrap around", async () => {
  for (const most of [Int32Array.of(2 ** 31 - 1), Uint32Array.of(2 ** 32 - 1)]) {
    assertAlmostEquals(await log1p(tensor(most)).item(), Math.log1p(most[0]), 1e-5, `${most[0]}`);
  }
});
