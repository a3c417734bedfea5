import { assert, assertEquals } from "@std/assert";
import { full, tensor, zeros } from "../core/creation.ts";
import { jit } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { evaluateScalar } from "../core/scalar/evaluate.ts";
import { testOnEveryDevice } from "./on_every_device.ts";

testOnEveryDevice("the first NaN is the position of the maximum and of the minimum", async () => {
  for (const length of [1, 2, 3, 5, 10, 33, 1000, 200_003]) {
    for (const places of [[0], [length - 1], [length >> 1, length - 1], [0, length >> 1], []]) {
      const values = Float32Array.from({ length }, (_, i) => i % 7);
      for (const place of places) values[place] = NaN;
      const numbers = values.map((value) => Number.isNaN(value) ? 0 : value);
      const [most, least] = [numbers.indexOf(numbers.reduce((a, b) => Math.max(a, b))), numbers.indexOf(0)];
      const expected = places.length ? [places[0], places[0]] : [most, least];
      const x = tensor(values);
      assertEquals([await x.argmax().item(), await x.argmin().item()], expected, `of ${length}, NaN at [${places}]`);
    }
  }
});

testOnEveryDevice("the first NaN of each row and column is found", async () => {
  const x = tensor([[1, NaN, 3, NaN, 9], [NaN, 7, NaN, 2, 1], [4, 4, 1, 1, 0], [
    -Infinity,
    -Infinity,
    0,
    NaN,
    Infinity,
  ]]);
  const both = jit((
    x: Tensor,
  ) => [x.argmax({ axis: 1 }), x.argmin({ axis: 1 }), x.argmax({ axis: 0 }), x.argmin({ axis: 0 })]);
  assertEquals(await Promise.all(both(x).map((y) => y.toArray())), [
    [1, 0, 0, 3],
    [1, 0, 4, 3],
    [1, 0, 1, 0, 3],
    [1, 0, 1, 0, 2],
  ]);
});

const special = [0, 1, -1, 2.5, -0.3, Infinity, -Infinity, NaN, 1e30, -1e30, 1e-30, -7, 3];

/** Whether two numbers are both NaN, or close; the sign of 0 is not compared. */
const isSame = (a: number, b: number): boolean =>
  Number.isNaN(b) ? Number.isNaN(a) : a === b || Math.abs(a - b) <= 1e-6 + 4e-6 * Math.abs(b);

/** Compares the values of `fn`, both alone and compiled, with those of `meaning`. */
async function assertValues(
  name: string,
  fn: (x: Tensor) => Tensor,
  { meaning, at = special }: { readonly meaning: (x: number) => number; readonly at?: readonly number[] },
): Promise<void> {
  const x = tensor(Float32Array.from(at));
  for (const compiled of [fn, jit(fn)]) {
    const values = await compiled(x).data();
    values.forEach((value, i) => {
      const expected = Math.fround(meaning(Math.fround(at[i])));
      assert(isSame(value, expected), `${name} at ${at[i]}: expected ${expected}, got ${value}`);
    });
  }
}

testOnEveryDevice("literals are computed with as IEEE 754 says, 0 and infinity too", async () => {
  for (const op of ["add", "sub", "mul", "div", "mod", "max", "min", "pow"] as const) {
    const types = { to: "f32", from: "f32" } as const;
    for (const literal of special) {
      const constant = (x: Tensor): Tensor => x.fullLike(literal);
      await assertValues(`${op} x ${literal}`, (x) => x.binary(op, constant(x)), {
        meaning: (x) => evaluateScalar(op, [x, Math.fround(literal)], types),
      });
      await assertValues(`${op} ${literal} x`, (x) => constant(x).binary(op, x), {
        meaning: (x) => evaluateScalar(op, [Math.fround(literal), x], types),
      });
    }
  }
});

testOnEveryDevice(
  "special values take part in products with 0, in sums, and in differences from themselves",
  async () => {
    await assertValues("x − x", (x) => x.sub(x), { meaning: (x) => x - x });
    await assertValues("x / x", (x) => x.div(x), { meaning: (x) => x / x });
    await assertValues("0 · x + 1", (x) => x.mul(0).add(1), { meaning: (x) => x * 0 + 1 });
    await assertValues("Σ 0 · x", (x) => x.expandDims(1).mul(0).sum({ axis: 1 }), { meaning: (x) => x * 0 });
    await assertValues("sign", (x) => x.sign(), { meaning: Math.sign });
    await assertValues("trunc", (x) => x.trunc(), { meaning: Math.trunc, at: special.filter(Number.isFinite) });
    await assertValues("floor", (x) => x.floor(), { meaning: Math.floor });
  },
);

testOnEveryDevice("everything but 0 is true, NaN too", async () => {
  await assertValues("cast", (x) => x.cast("bool"), { meaning: (x) => x === 0 ? 0 : 1 });
  await assertValues("not", (x) => x.logicalNot(), { meaning: (x) => x === 0 ? 1 : 0 });
  assertEquals(evaluateScalar("cast", [NaN], { to: "bool", from: "f32" }), 1);
});

testOnEveryDevice("the mean and the variance of nothing are NaN", async () => {
  const none = zeros([0]);
  const all = [
    none.mean(),
    jit((x: Tensor) => x.mean())(none),
    none.variance(),
    jit((x: Tensor) => x.variance())(none),
  ];
  assertEquals(await Promise.all(all.map((x) => x.item())), [NaN, NaN, NaN, NaN]);
});

testOnEveryDevice("sine and cosine are accurate to 4e-7 for numbers of any size", async () => {
  const sizes = Array.from({ length: 400 }, (_, i) => 10 ** (-3 + 41 * i / 400)).flatMap((x) => [x, -x]);
  const at = [...sizes, 65535.9, 65536, 1e5, 1e6, 1e9, 3.4e38, 2 ** 127, 16367173 * 2 ** 72].map(Math.fround);
  for (const [name, meaning] of [["sin", Math.sin], ["cos", Math.cos]] as const) {
    const values = await tensor(Float32Array.from(at))[name]().data();
    values.forEach((value, i) => {
      assert(Math.abs(value - meaning(at[i])) < 4e-7, `${name}(${at[i]}): expected ${meaning(at[i])}, got ${value}`);
    });
  }
});

testOnEveryDevice("remainders are exact, however large the quotient is", async () => {
  const a = [1e9, -1e9, 3.4e38, 123456.78, 5.5, -5.5, 7, 1e20, 2 ** 24 + 2, -0.75, 1e30, 6, 3.3e38].map(Math.fround);
  const b = [0.1, 3, 1.1, 1e-3, 2, 2, -7, 1e-20, 3, 1e9, 7e-30, Infinity, 1e-37].map(Math.fround);
  const values = await tensor(Float32Array.from(a)).mod(tensor(Float32Array.from(b))).data();
  assertEquals(
    [...values],
    a.map((x, i) => x % b[i]).map((x) => x === 0 ? 0 : x).map((x, i) => Object.is(values[i], -0) ? -0 : x),
  );
});

testOnEveryDevice("powers of small whole numbers are whole", async () => {
  for (const exponent of [2, 3, 4, 5, 6, 7, 10, 15, 20]) {
    const bases = [-3, -2, 2, 3, 5, 7, 10, 12].filter((base) => Math.abs(base) ** exponent <= 2 ** 24);
    const [x, y] = [tensor(Float32Array.from(bases)), full([bases.length], exponent)];
    const expected = bases.map((base) => base ** exponent);
    for (const power of [x.pow(exponent), x.pow(tensor(exponent)), jit((x: Tensor) => x.pow(exponent))(x), x.pow(y)]) {
      assertEquals([...await power.data()], expected, `to the power of ${exponent}`);
    }
  }
});

testOnEveryDevice("integers divided by 0 are 0, and so are their remainders", async () => {
  for (const whole of [Int32Array.of(7, -7, 0, -(2 ** 31)), Uint32Array.of(7, 0, 0xffffffff)]) {
    const x = tensor(whole);
    const divisors = [x.zerosLike(), tensor(whole.map(() => 0)), jit((x: Tensor) => x.sub(x))(x)];
    for (const op of ["div", "mod"] as const) {
      for (const by of divisors) {
        for (const apply of [(x: Tensor) => x.apply(op, [by], {}), jit((x: Tensor) => x.apply(op, [by], {}))]) {
          assertEquals([...await apply(x).data()], [...whole].map(() => 0), `${x.dtype} ${op} 0`);
        }
      }
      assertEquals(
        [...await x.apply(op, [x.onesLike()], {}).data()],
        op === "div" ? [...whole] : [...whole].map(() => 0),
      );
    }
  }
});
