import { assert, assertEquals } from "@std/assert";
import { full, tensor, zeros } from "../core/creation.ts";
import { expm1, log1p } from "../core/functions/near_zero.ts";
import { clip } from "../core/functions/selection.ts";
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

const edges = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, 3, -3, 7, 0.1, -0.1, Infinity, -Infinity, NaN],
  ...[1 - 2 ** -24, 1 + 2 ** -23, -1 - 2 ** -23, 1e5, -1e5, 1e20, -1e20, 1e38, -1e38, 1e-20, 3.4028234663852886e38],
  ...[
    88.7,
    89,
    -87.3,
    -103,
    -104,
    128,
    2 ** 23 - 0.5,
    2 ** 24 + 2,
    -(2 ** 31),
    2 ** 31,
    2 ** 32,
    1.1754943508222875e-38,
  ],
].map(Math.fround);

/** Smaller than normal numbers; a GPU may take them for 0. */
const subnormal = [2 ** -149, -(2 ** -149), 1e-39, -1e-39].map(Math.fround);

const flag = (value: boolean): number => value ? 1 : 0;
const clamped = (x: number, low: number, high: number): number =>
  Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, Math.trunc(x)));
const power = (a: number, b: number): number =>
  a === 1 || b === 0 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);

/** Operations, what IEEE 754 says they are, and how far they may be off relative to it. */
const meanings: readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number, number?])[] = [
  ["−x", (x) => x.neg(), (x) => -x],
  ["|x|", (x) => x.abs(), Math.abs],
  ["sign", (x) => x.sign(), Math.sign],
  ["√x", (x) => x.sqrt(), Math.sqrt, 2e-7],
  ["x²", (x) => x.square(), (x) => x * x],
  ["1 / x", (x) => x.reciprocal(), (x) => 1 / x, 2e-7],
  ["exp", (x) => x.exp(), Math.exp, 4e-7],
  ["log", (x) => x.log(), Math.log, 4e-7],
  ["tanh", (x) => x.tanh(), Math.tanh, 4e-7],
  ["sigmoid", (x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x)), 4e-7],
  ["expm1", expm1, Math.expm1, 6e-7],
  ["log1p", log1p, Math.log1p, 6e-7],
  ["floor", (x) => x.floor(), Math.floor],
  ["trunc", (x) => x.trunc(), Math.trunc],
  ["i32", (x) => x.cast("i32"), (x) => clamped(x, -(2 ** 31), 2 ** 31 - 1)],
  ["u32", (x) => x.cast("u32"), (x) => clamped(x, 0, 2 ** 32 - 1)],
  ["x + 0", (x) => x.add(0), (x) => x + 0],
  ["0 + x", (x) => x.fullLike(0).add(x), (x) => 0 + x],
  ["x + −0", (x) => x.add(-0), (x) => x],
  ["x − 0", (x) => x.sub(0), (x) => x],
  ["x − −0", (x) => x.sub(-0), (x) => x + 0],
  ["0 − x", (x) => x.fullLike(0).sub(x), (x) => 0 - x],
  ["1 · x / 1", (x) => x.mul(1).div(1), (x) => x],
  ["x ^ −2", (x) => x.pow(-2), (x) => power(x, -2), 4e-6],
  ["clip", (x) => clip(x, -1, 2), (x) => x < -1 ? -1 : x > 2 ? 2 : x],
  ["not x < 0", (x) => x.less(0).logicalNot(), (x) => flag(!(x < 0))],
  ["is finite", (x) => x.abs().less(Infinity), (x) => flag(Number.isFinite(x))],
  ["0 for NaN", (x) => x.notEqual(x).where(0, x), (x) => Number.isNaN(x) ? 0 : x],
  ["0 · x = 0", (x) => x.mul(0).equal(0), (x) => flag(Number.isFinite(x))],
];

/** The same for pairs. */
const pairs:
  readonly (readonly [string, (x: Tensor, y: Tensor) => Tensor, (a: number, b: number) => number, number?])[] = [
    ["add", (x, y) => x.add(y), (a, b) => a + b],
    ["sub", (x, y) => x.sub(y), (a, b) => a - b],
    ["mul", (x, y) => x.mul(y), (a, b) => a * b],
    ["div", (x, y) => x.div(y), (a, b) => a / b, 3e-7],
    ["mod", (x, y) => x.mod(y), (a, b) => a % b],
    ["pow", (x, y) => x.pow(y), power, 1e-5],
    ["maximum", (x, y) => x.maximum(y), Math.max],
    ["minimum", (x, y) => x.minimum(y), Math.min],
    ["less", (x, y) => x.less(y), (a, b) => flag(a < b)],
    ["lessEqual", (x, y) => x.lessEqual(y), (a, b) => flag(a <= b)],
    ["greater", (x, y) => x.greater(y), (a, b) => flag(a > b)],
    ["greaterEqual", (x, y) => x.greaterEqual(y), (a, b) => flag(a >= b)],
    ["equal", (x, y) => x.equal(y), (a, b) => flag(a === b)],
    ["notEqual", (x, y) => x.notEqual(y), (a, b) => flag(a !== b)],
    ["where", (x, y) => x.less(y).where(x, y), (a, b) => a < b ? a : b],
  ];

/** Whether a result is right. Only WebGPU may take numbers below 2⁻¹²⁶ for 0, and lose the sign of 0. */
function isRight(got: number, expected: number, { tolerance, kind }: { tolerance: number; kind: string }): boolean {
  if (Object.is(got, expected)) return true;
  const tiny = 2 ** -126;
  if (kind === "webgpu" && Math.abs(expected) <= tiny) return Math.abs(got) <= tiny;
  if (expected === 0) return false;
  return Number.isFinite(expected) && Math.abs(got - expected) <= tolerance * Math.abs(expected) + tolerance * tiny;
}

testOnEveryDevice("every operation gives what IEEE 754 says for special values", async (kind) => {
  const at = kind === "webgpu" ? edges : [...edges, ...subnormal];
  const all = (x: Tensor): Tensor[] => meanings.map(([, fn]) => fn(x));
  const x = tensor(Float32Array.from(at));
  for (const results of [all(x), jit(all)(x), jit(() => all(x))()]) {
    for (const [i, [name, , meaning, tolerance = 0]] of meanings.entries()) {
      (await results[i].data()).forEach((got, j) => {
        const expected = Math.fround(meaning(at[j]));
        assert(
          isRight(got, results[i].dtype === "f32" ? expected : meaning(at[j]) + 0, { tolerance, kind }),
          `${name} at ${Object.is(at[j], -0) ? "-0" : at[j]}: expected ${expected}, got ${got}`,
        );
      });
    }
  }
});

testOnEveryDevice("every operation gives what IEEE 754 says for pairs of special values", async (kind) => {
  const at = kind === "webgpu" ? edges : [...edges, ...subnormal];
  const all = (x: Tensor, y: Tensor): Tensor[] => pairs.map(([, fn]) => fn(x, y));
  const [column, row] = [tensor(Float32Array.from(at), [at.length, 1]), tensor(Float32Array.from(at))];
  const spread = (value: (i: number) => number) =>
    tensor(Float32Array.from({ length: at.length ** 2 }, (_, i) => value(i)));
  const [first, second] = [spread((i) => at[Math.floor(i / at.length)]), spread((i) => at[i % at.length])];
  for (const results of [all(column, row), jit(all)(column, row), jit(all)(first, second)]) {
    for (const [i, [name, , meaning, tolerance = 0]] of pairs.entries()) {
      (await results[i].data()).forEach((got, j) => {
        const [a, b] = [at[Math.floor(j / at.length)], at[j % at.length]];
        const expected = Math.fround(meaning(a, b));
        assert(
          isRight(got, expected, { tolerance, kind }),
          `${name} of ${a} and ${b}: expected ${expected}, got ${got}`,
        );
      });
    }
  }
});

testOnEveryDevice("powers of a literal 0 and −0 have the sign of IEEE 754", async () => {
  const exponents = [-1, -2, -3, -4, -0.5, -Infinity, 1, 2, 3, 4, 0.5, Infinity, 0, -0, NaN, -16777216, 16777215];
  for (const base of [0, -0]) {
    const expected = exponents.map((exponent) => evaluateScalar("pow", [base, exponent], { to: "f32", from: "f32" }));
    const powers = (x: Tensor): Tensor => x.fullLike(base).pow(x);
    for (const f of [powers, jit(powers)]) {
      assertEquals([...await f(tensor(exponents)).data()], expected, `${Object.is(base, -0) ? "-0" : base}`);
    }
    for (const [i, exponent] of exponents.entries()) {
      const known = (x: Tensor): Tensor => x.fullLike(base).binary("pow", exponent);
      for (const f of [known, jit(known)]) {
        assertEquals(await f(tensor(1)).item(), expected[i], `${Object.is(base, -0) ? "-0" : base} to ${exponent}`);
      }
    }
  }
});
